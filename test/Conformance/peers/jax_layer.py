"""What the layers of libraries on JAX share."""

import jax
import jax.numpy as jnp
import numpy as np

from reference import Reference
from suite import Difference, Layer

PARAMETERS = ("scale", "bias")
RUNNING = ("running_mean", "running_variance")


class JaxLayer(Layer):
    """A layer as a function; its gradient is by jax.vjp.

    A subclass has `apply(case, x, parameters, running, mask)`, where the
    dictionaries are of what is there of scale, bias, running_mean and
    running_variance, and the mask may be None; it returns y and a dictionary of
    what else comes out. With the argument `axis_name`, the first axis of x is one
    of devices."""

    def apply_on_devices(self, case, x, parameters, running, mask):
        apply = lambda x, mask: self.apply(case, x, parameters, running, mask)
        if not case.arguments.get("axis_name"):
            y, results = apply(x, mask)
        else:
            every = mask if mask is None else jnp.broadcast_to(mask, x.shape)
            axes = (0, None if mask is None else 0)
            y, results = jax.vmap(apply, axes, axis_name=case.axis_name)(x, every)
            results = {name: value[0] for name, value in results.items()}
        if mask is not None and case.mask.unselected == "zero":
            y = jnp.where(mask, y, 0)
        return y, results

    def run(self, case, arrays):
        mask = self.describe(case).select(arrays)
        with jax.enable_x64(arrays["x"].dtype == np.float64):
            mask = mask if mask is None else jnp.asarray(mask)
            arrays = {name: jnp.asarray(array) for name, array in arrays.items()}
            parameters = {n: arrays[n] for n in PARAMETERS if n in arrays}
            running = {n: arrays[n] for n in RUNNING if n in arrays}
            y, gradient, results = jax.vjp(
                lambda x, parameters: self.apply_on_devices(
                    case, x, parameters, running, mask),
                arrays["x"], parameters, has_aux=True)
            dx, d = gradient(arrays["dy"].astype(y.dtype))
            results = {"y": y, "dx": dx, **results}
            results |= {"d" + name: d[name] for name in parameters}
            return {name: np.asarray(value) for name, value in results.items()}


def widen_last(mask, x):
    """The mask with the last axis of x, which some layers split into groups."""
    return mask if mask is None else jnp.broadcast_to(mask, (*mask.shape[:-1], x.shape[-1]))


def spoil_empty(reference):
    """Results that are NaN where statistics of no value are."""
    o = reference.operation
    if o.given_statistics or reference.count.all():
        return {}
    shape = o.split_shape
    empty = np.broadcast_to(reference.count == 0, shape)
    summed = tuple(i for i in range(len(shape)) if i not in o.parameter_axes)
    places = {"y": (empty & reference.shown).reshape(o.shape), "dx": empty.reshape(o.shape),
              "dscale": empty.any(summed).reshape(o.parameter_shape)}
    if o.running:
        places |= dict.fromkeys(RUNNING, places["dscale"])
    places = {n: p for n, p in places.items() if n in reference.results and p.any()}
    return {n: np.where(p, np.nan, reference.results[n].value) for n, p in places.items()}


def make_empty_difference(system):
    return Difference(
        f"{system}'s statistics of no value, where a mask selects none, are NaN, and so is"
        " all that depends on them. Here they are 0, and the running ones stay.",
        applies=lambda case: bool(case.mask), peer=spoil_empty)


def weigh_devices_equally(reference):
    """The results if each index of axis 0, a device, has the same weight."""
    o = reference.operation
    axes = tuple(i for i in o.reduced if i != 0)
    counts = reference.selected.sum(axes, keepdims=True)
    weights = reference.selected / counts / o.shape[0]
    results = Reference(o, reference.arrays, weights).results
    return {name: result.value for name, result in results.items()
            if not np.array_equal(result.value, reference.results[name].value)}
