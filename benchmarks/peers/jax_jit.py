# requires: jax==0.10.2
"""JAX: the layer's formula through `jit`, compiled by XLA.

A call is given the outputs of the call before it, whose memory it may use again.
"""

import functools

import jax
import jax.numpy as jnp
import numpy as np

from cells import EPSILON, MOMENTUM

from . import Kernel

F32 = jnp.float32


def split(cell, x):
    """Returns x in f32 with its groups as an axis of their own, the axes of one
    mean, and the shapes that statistics and parameters have beside it."""
    at, shape = cell.channel, x.shape
    if cell.groups:
        shape = (*shape[:at], cell.groups, shape[at] // cell.groups, *shape[at + 1 :])
        axes = tuple(axis for axis in range(1, len(shape)) if axis != at)
        groups = [1] * len(shape)
        groups[0], groups[at] = shape[0], cell.groups
        channels = [1] * len(shape)
        channels[at : at + 2] = shape[at : at + 2]
        return x.astype(F32).reshape(shape), axes, groups, channels
    axes = tuple(axis for axis in range(len(shape)) if axis != at)
    channels = [1] * len(shape)
    channels[at] = shape[at]
    return x.astype(F32), axes, channels, channels


def forward(cell, x, scale, bias, mean, variance, residual=None):
    values, axes, groups, channels = split(cell, x)
    results = []
    if cell.op != "batch_norm_inference":
        batch_mean = values.mean(axes)
        batch_variance = values.var(axes)
        if cell.op == "batch_norm_training":
            count = cell.elements // cell.channels
            results.append(MOMENTUM * mean + (1 - MOMENTUM) * batch_mean)
            unbiased = batch_variance * (count / (count - 1))
            results.append(MOMENTUM * variance + (1 - MOMENTUM) * unbiased)
        mean, variance = batch_mean, batch_variance
    rstd = jax.lax.rsqrt(variance + EPSILON)
    y = (values - mean.reshape(groups)) * rstd.reshape(groups)
    y = y * scale.reshape(channels) + bias.reshape(channels)
    y = y.reshape(x.shape)
    if cell.fused:
        y = jax.nn.relu(y + residual.astype(F32))
    return y.astype(x.dtype), *results


def backward(cell, x, dy, scale, mean, variance):
    values, axes, groups, channels = split(cell, x)
    dy = split(cell, dy)[0]
    rstd = jax.lax.rsqrt(variance + EPSILON).reshape(groups)
    normalized = (values - mean.reshape(groups)) * rstd
    others = tuple(axis for axis, size in enumerate(channels) if size == 1)
    sums = [(dy * normalized).sum(others), dy.sum(others)]
    scaled = dy * scale.reshape(channels)
    dx = scaled - scaled.mean(axes, keepdims=True)
    dx = rstd * (dx - normalized * (scaled * normalized).mean(axes, keepdims=True))
    return dx.reshape(x.shape).astype(x.dtype), *(s.reshape(-1) for s in sums)


def get_function(cell):
    """Returns the op as a function of arrays, and the names of these."""
    if cell.gradient:
        return functools.partial(backward, cell), ["x", "dy", "scale", "mean", "variance"]
    names = ["x", "scale", "bias", "mean", "variance"]
    return functools.partial(forward, cell), names + ["residual"] * cell.fused


class Peer:
    name = "JAX"
    version = jax.__version__

    def prepare(self, cell, arrays):
        function, names = get_function(cell)
        inputs = [jax.device_put(getattr(arrays, name)) for name in names]
        state = [jnp.zeros_like(result) for result in jax.eval_shape(function, *inputs)]
        compiled = jax.jit(
            lambda old, *inputs: list(function(*inputs)), donate_argnums=0, keep_unused=True
        )
        compiled = compiled.lower(state, *inputs).compile()

        def run():
            nonlocal state
            state = jax.block_until_ready(compiled(state, *inputs))
            return state

        allocating = jax.jit(function)

        def fresh():
            return jax.block_until_ready(allocating(*inputs))

        return Kernel(run, lambda results: [np.asarray(result) for result in results], fresh)
