"""The arrays of a cell, in the memory layout of the cell."""

import dataclasses
import math
import mmap

import ml_dtypes
import numpy as np

from cells import BLOCK

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


def copy(values, dtype):
    array = allocate(values.shape, dtype)
    array[...] = values
    return array


def from_nchw(values, layout):
    """Returns an array of the axes NCHW as one of `layout`."""
    n, c, h, w = values.shape
    if layout == "NC":
        return values.reshape(n, c)
    if layout == "NHWC":
        return np.moveaxis(values, 1, -1)
    if layout == "NCHW16c":
        return np.moveaxis(values.reshape(n, c // BLOCK, BLOCK, h, w), 2, -1)
    return values


def to_nchw(values, cell):
    """The inverse of `from_nchw` for an array of the shape of `cell`."""
    if cell.layout == "NHWC":
        return np.moveaxis(values, -1, 1)
    if cell.layout == "NCHW16c":
        values = np.moveaxis(values, -1, 2)
    return values.reshape(cell.sizes)


@dataclasses.dataclass
class Arrays:
    """The operands of a cell. `x`, `y` and the gradient of the output, `dy`, have
    its shape and type; `y` is the output, in a gradient op that for the input;
    `residual` is what a fused op adds.
    The others are float32. Training updates `mean` and `variance`; in gradient
    ops they are those of the input."""

    x: np.ndarray
    y: np.ndarray
    dy: np.ndarray | None
    residual: np.ndarray | None
    scale: np.ndarray
    bias: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    scale_gradient: np.ndarray
    bias_gradient: np.ndarray

    @staticmethod
    def random(cell, mean=0.0, std=1.0):
        """Makes inputs of normally distributed values, rounded to the type. Those
        of cells that differ in the layout only have the same values."""
        rng = np.random.default_rng(2026)
        dtype, f32 = DTYPES[cell.type], DTYPES["f32"]

        def large(mean, std):
            values = rng.standard_normal(cell.sizes, np.float32)
            values *= np.float32(std)
            values += np.float32(mean)
            return copy(from_nchw(values, cell.layout), dtype)

        noise = rng.standard_normal((3, cell.channels))
        variance = std**2 * rng.uniform(0.5, 2, cell.channels)
        arrays = Arrays(
            x=large(mean, std),
            y=allocate(cell.shape, dtype),
            dy=large(0, 1) if cell.gradient else None,
            residual=large(0, 1) if cell.fused else None,
            scale=copy(noise[0], f32),
            bias=copy(noise[1], f32),
            mean=copy(mean + std * 0.1 * noise[2], f32),
            variance=copy(variance, f32),
            scale_gradient=allocate((cell.channels,), f32),
            bias_gradient=allocate((cell.channels,), f32),
        )
        if cell.gradient:
            values = to_nchw(arrays.x, cell).astype(np.float64)
            rows = values.reshape(cell.sizes[0], cell.groups or cell.channels, -1)
            axes = 2 if cell.groups else (0, 2)
            arrays.mean = copy(rows.mean(axes), f32)
            arrays.variance = copy(rows.var(axes), f32)
        return arrays

    def fork(self):
        """Returns the same large arrays with small ones of its own."""
        large = "x", "y", "dy", "residual"
        names = [f.name for f in dataclasses.fields(self) if f.name not in large]
        return dataclasses.replace(
            self, **{name: copy(getattr(self, name), DTYPES["f32"]) for name in names}
        )

    def convert(self, cell, layout):
        """Returns the cell and the same values in another layout."""
        moved = dataclasses.replace(cell, layout=layout)

        def move(array):
            if array is None:
                return None
            return copy(from_nchw(to_nchw(array, cell), layout), array.dtype)

        own = self.fork()
        own.x, own.dy, own.residual = move(self.x), move(self.dy), move(self.residual)
        own.y = allocate(moved.shape, self.y.dtype)
        return moved, own
