"""JAX, compiled by XLA."""

import functools

import jax
import jax.numpy as jnp
import torch

from cells import EPSILON, MOMENTUM


def take(tensor):
    return None if tensor is None else jnp.from_dlpack(tensor.detach())


def statistics(x, cell):
    """The mean and the variance of x, of the layout of the cell, in float32."""
    x = jnp.moveaxis(x.astype(jnp.float32), cell.channel, 1)
    rows = x.reshape(cell.sizes[0], cell.groups or cell.channels, -1)
    axes = 2 if cell.groups else (0, 2)
    return rows.mean(axes), rows.var(axes)


def spread(values, cell):
    """Makes values of channels, or of groups of samples, fit the cell."""
    if values.ndim == 2:
        values = jnp.repeat(values, cell.channels // cell.groups, 1)
    shape = [1] * len(cell.shape)
    shape[cell.channel] = cell.channels
    if values.ndim == 2:
        shape[0] = cell.sizes[0]
    return values.reshape(shape)


@functools.partial(jax.jit, static_argnums=0)
def forward(cell, x, scale, bias, mean, variance, residual):
    running = ()
    if cell.op != "batch_norm_inference":
        old = mean, variance
        mean, variance = statistics(x, cell)
        if not cell.groups:
            count = cell.elements // cell.channels
            new = mean, variance * count / (count - 1)
            running = tuple(MOMENTUM * a + (1 - MOMENTUM) * b for a, b in zip(old, new))
    y = (x - spread(mean, cell)) * spread(jax.lax.rsqrt(variance + EPSILON), cell)
    y = y * spread(scale, cell) + spread(bias, cell)
    if cell.fused:
        y = jax.nn.relu(y + residual)
    return y.astype(x.dtype), *running


@functools.partial(jax.jit, static_argnums=0)
def backward(cell, x, dy, scale, mean, variance):
    rstd = spread(jax.lax.rsqrt(variance + EPSILON), cell)
    hat = (x - spread(mean, cell)) * rstd
    others = tuple(axis for axis in range(x.ndim) if axis != cell.channel)
    sums = (dy * hat).sum(others), dy.astype(jnp.float32).sum(others)
    scaled = dy * spread(scale, cell)
    parts = [spread(statistics(values, cell)[0], cell) for values in (scaled, scaled * hat)]
    return (rstd * (scaled - parts[0] - hat * parts[1])).astype(x.dtype), *sums


class Peer:
    name = "JAX"
    version = jax.__version__

    def prepare(self, cell, arrays):
        names = "x dy scale mean variance" if cell.gradient else "x scale bias mean variance residual"
        operands = [take(getattr(arrays, name)) for name in names.split()]
        function = backward if cell.gradient else forward

        def results(out):
            y, *rest = map(torch.from_dlpack, out)
            return [y.movedim(cell.channel, 1), *rest]

        return lambda: function(cell, *operands), results
