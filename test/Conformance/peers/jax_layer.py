"""What the layers of libraries on JAX share."""

import jax
import jax.numpy as jnp
import numpy as np

from suite import Layer

PARAMETERS = ("scale", "bias")
RUNNING = ("running_mean", "running_variance")


class JaxLayer(Layer):
    """A layer as a function; its gradient is by jax.vjp.

    A subclass has `apply(case, x, parameters, running)`, where the latter two are
    dictionaries of what is there of scale, bias, running_mean and
    running_variance; it returns y and a dictionary of what else comes out. With
    the argument `axis_name`, the first axis of x is one of devices."""

    def apply_on_devices(self, case, x, parameters, running):
        apply = lambda x: self.apply(case, x, parameters, running)
        if not case.arguments.get("axis_name"):
            return apply(x)
        y, results = jax.vmap(apply, axis_name=case.axis_name)(x)
        return y, {name: value[0] for name, value in results.items()}

    def run(self, case, arrays):
        with jax.enable_x64(arrays["x"].dtype == np.float64):
            arrays = {name: jnp.asarray(array) for name, array in arrays.items()}
            parameters = {n: arrays[n] for n in PARAMETERS if n in arrays}
            running = {n: arrays[n] for n in RUNNING if n in arrays}
            y, gradient, results = jax.vjp(
                lambda x, parameters: self.apply_on_devices(case, x, parameters, running),
                arrays["x"], parameters, has_aux=True)
            dx, d = gradient(arrays["dy"].astype(y.dtype))
            results = {"y": y, "dx": dx, **results}
            results |= {"d" + name: d[name] for name in parameters}
            return {name: np.asarray(value) for name, value in results.items()}
