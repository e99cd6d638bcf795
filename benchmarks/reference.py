"""The float64 reference, and errors against it. All is in the axes NCHW."""

import math

import numpy as np

from arrays import to_nchw
from cells import EPSILON, MOMENTUM

CHUNK = 1 << 20  # elements


def widen(values, cell):
    """Returns float64 in row-major order of the axes NCHW."""
    return to_nchw(values, cell).astype(np.float64, order="C")


def normalize(cell, x, mean, variance):
    """Returns (x - mean) / sqrt(variance + epsilon), in the place of x, and the
    reciprocal of the standard deviation, of one value for each statistic."""
    rows = x.reshape(cell.sizes[0], cell.groups or cell.channels, -1)
    shape = (-1 if cell.groups else 1, rows.shape[1], 1)
    rows -= mean.astype(np.float64).reshape(shape)
    rstd = 1 / np.sqrt(variance.astype(np.float64).reshape(shape) + EPSILON)
    rows *= rstd
    return x, rstd


def broadcast(values):
    return values.astype(np.float64).reshape(1, -1, 1, 1)


def forward(cell, arrays):
    x = widen(arrays.x, cell)
    mean, variance = arrays.mean, arrays.variance
    running = {}
    if cell.op != "batch_norm_inference":
        rows = x.reshape(cell.sizes[0], cell.groups or cell.channels, -1)
        axes = 2 if cell.groups else (0, 2)
        mean, variance = rows.mean(axes), rows.var(axes)
    if cell.op == "batch_norm_training":
        count = cell.elements // cell.channels
        correction = count / (count - 1)
        for name, old, new in (
            ("running mean", arrays.mean, mean),
            ("running variance", arrays.variance, variance * correction),
        ):
            running[name] = MOMENTUM * old.astype(np.float64) + (1 - MOMENTUM) * new
    y, _ = normalize(cell, x, mean, variance)
    y *= broadcast(arrays.scale)
    y += broadcast(arrays.bias)
    if cell.fused:
        y += widen(arrays.residual, cell)
        np.maximum(y, 0, out=y)
    return {"output": y, **running}


def backward(cell, arrays):
    x, dy = widen(arrays.x, cell), widen(arrays.dy, cell)
    x, rstd = normalize(cell, x, arrays.mean, arrays.variance)
    sums = {
        "scale gradient": np.einsum("nchw,nchw->c", dy, x),
        "bias gradient": dy.sum((0, 2, 3)),
    }
    dy *= broadcast(arrays.scale)
    axes = 2 if cell.groups else (0, 2)
    x, dy = (a.reshape(cell.sizes[0], cell.groups or cell.channels, -1) for a in (x, dy))
    mean = dy.mean(axes, keepdims=True)
    count = math.prod(dy.shape) // mean.size
    indices = "ngi,ngi->ng" if cell.groups else "ngi,ngi->g"
    product = np.einsum(indices, dy, x).reshape(mean.shape) / count
    x *= product
    dy -= mean
    dy -= x
    dy *= rstd
    return {"input gradient": dy.reshape(cell.sizes), **sums}


def reference(cell, arrays):
    """Computes the op in float64: names and values of its results."""
    return (backward if cell.gradient else forward)(cell, arrays)


def chunks(actual, expected):
    """Yields both, as float64, in parts that fit caches."""
    actual, expected = (np.ascontiguousarray(a).reshape(-1) for a in (actual, expected))
    for start in range(0, actual.size, CHUNK):
        part = slice(start, start + CHUNK)
        yield actual[part].astype(np.float64), expected[part]


def max_error(actual, expected):
    """Returns the largest absolute difference; NaN if there is any NaN."""
    return float(np.max([np.abs(a - e).max() for a, e in chunks(actual, expected)]))


def max_relative_error(actual, expected):
    """The same, each divided by the expected value where this is above 1."""
    return float(
        np.max([(np.abs(a - e) / np.maximum(1, np.abs(e))).max() for a, e in chunks(actual, expected)])
    )


def max_ulp(actual, expected):
    """Returns the largest distance of `actual`, of a 16-bit type, from the
    rounded `expected`, in units in the last place of the expected value. Smaller
    values than 2**-8 count in the units there: float32 arithmetic with scale and
    bias leaves more than one f16 unit of an output near 0. NaN if there is any."""
    precision = {"float16": 11, "bfloat16": 8}[actual.dtype.name]
    expected = expected.astype(actual.dtype).astype(np.float64)
    _, exponent = np.frexp(np.maximum(np.abs(expected), 2.0**-8))
    distance = np.abs(actual.astype(np.float64) - expected)
    return float(np.ldexp(distance, precision - exponent).max())
