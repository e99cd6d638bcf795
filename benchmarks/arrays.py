"""The arrays of a cell, the float64 reference, and errors against it."""

import dataclasses
import math
import mmap

import ml_dtypes
import numpy as np

EPSILON = 1e-5
MOMENTUM = 0.9  # What the running statistics keep of their old values.

DTYPES = {
    "f32": np.dtype(np.float32),
    "f16": np.dtype(np.float16),
    "bf16": np.dtype(ml_dtypes.bfloat16),
}


def allocate(shape, dtype):
    """Returns an array of zeros on pages of its own, huge ones if there are."""
    huge = 2 << 20
    size = math.prod(shape) * dtype.itemsize
    pages = mmap.mmap(-1, size + huge, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    pages.madvise(mmap.MADV_HUGEPAGE)
    buffer = np.frombuffer(pages, np.uint8)
    start = -buffer.ctypes.data % huge
    array = buffer[start : start + size].view(dtype).reshape(shape)
    array.fill(0)
    return array


@dataclasses.dataclass
class Arrays:
    """The operands of a cell. `x` and `y` have its shape, the others one float32
    for each channel. Training updates `mean` and `variance`."""

    x: np.ndarray
    y: np.ndarray
    scale: np.ndarray
    bias: np.ndarray
    mean: np.ndarray
    variance: np.ndarray

    @staticmethod
    def random(cell, mean=0.0, std=1.0):
        """Makes an input of normally distributed values, rounded to the type."""
        rng = np.random.default_rng(2026)
        values = rng.standard_normal(cell.shape, np.float32)
        values *= np.float32(std)
        values += np.float32(mean)
        x = allocate(cell.shape, DTYPES[cell.type])
        x[...] = values

        def channels(array):
            copy = allocate((cell.channels,), DTYPES["f32"])
            copy[...] = array
            return copy

        noise = rng.standard_normal((3, cell.channels))
        return Arrays(
            x=x,
            y=allocate(cell.shape, x.dtype),
            scale=channels(noise[0]),
            bias=channels(noise[1]),
            mean=channels(mean + std * 0.1 * noise[2]),
            variance=channels(std**2 * rng.uniform(0.5, 2, cell.channels)),
        )

    def fork(self):
        """Returns the same input and output with parameters of its own."""
        names = "scale", "bias", "mean", "variance"
        copies = {name: allocate((self.scale.size,), self.scale.dtype) for name in names}
        for name, copy in copies.items():
            copy[...] = getattr(self, name)
        return dataclasses.replace(self, **copies)


def channels_first(cell, arrays):
    """Returns the same values in memory with the channels as the second axis."""
    move = lambda array: np.moveaxis(array, cell.channel, 1)
    x = allocate(move(arrays.x).shape, arrays.x.dtype)
    x[...] = move(arrays.x)
    moved = dataclasses.replace(cell, layout="NCHW"[: x.ndim], shape=x.shape)
    return moved, dataclasses.replace(arrays.fork(), x=x, y=allocate(x.shape, x.dtype))


def reference(cell, arrays):
    """Computes the op in float64. Returns the output, and after it the running
    mean and variance if the op updates them."""
    x = arrays.x.astype(np.float64)
    rank = x.ndim

    def broadcast(values):
        shape = [1] * rank
        shape[cell.channel] = -1
        return values.astype(np.float64).reshape(shape)

    running = []
    if cell.op == "group_norm":
        at = cell.channel
        split = (*cell.shape[:at], cell.groups, -1, *cell.shape[at + 1 :])
        x = x.reshape(split)
        axes = tuple(axis for axis in range(1, rank + 1) if axis != at)
        mean = x.mean(axes, keepdims=True)
        x -= mean
        variance = np.square(x).mean(axes, keepdims=True)
    elif cell.op == "batch_norm_training":
        axes = tuple(axis for axis in range(rank) if axis != cell.channel)
        mean = x.mean(axes, keepdims=True)
        x -= mean
        variance = np.square(x).mean(axes, keepdims=True)
        count = cell.elements // cell.channels
        for old, new in (
            (arrays.mean, mean),
            (arrays.variance, variance * count / (count - 1)),
        ):
            running.append(MOMENTUM * old + (1 - MOMENTUM) * new.reshape(-1))
    else:
        x -= broadcast(arrays.mean)
        variance = broadcast(arrays.variance)
    x /= np.sqrt(variance + EPSILON)
    x = x.reshape(cell.shape)
    x *= broadcast(arrays.scale)
    x += broadcast(arrays.bias)
    return [x, *running]


def max_error(actual, expected):
    """Returns the largest absolute difference; NaN if there is any NaN."""
    return float(np.abs(actual.astype(np.float64) - expected).max())


def max_relative_error(actual, expected):
    """The same, each divided by the expected value where this is above 1."""
    difference = np.abs(actual.astype(np.float64) - expected)
    return float((difference / np.maximum(1, np.abs(expected))).max())


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
