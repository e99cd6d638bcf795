"""The arrays of a cell on the GPU, and what an op should make of them."""

import dataclasses

import torch

from cells import EPSILON, MOMENTUM

DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16}


def to_nchw(tensor, cell):
    """Returns a view with the axes NCHW, or NC."""
    return tensor.movedim(cell.channel, 1)


@dataclasses.dataclass
class Arrays:
    """As in ../arrays.py: large ones in the memory layout of the cell."""

    x: torch.Tensor
    y: torch.Tensor
    dy: torch.Tensor | None
    residual: torch.Tensor | None
    scale: torch.Tensor
    bias: torch.Tensor
    mean: torch.Tensor
    variance: torch.Tensor
    scale_gradient: torch.Tensor
    bias_gradient: torch.Tensor

    @staticmethod
    def random(cell, device):
        torch.manual_seed(2026)
        dtype, c = DTYPES[cell.type], cell.channels
        large = lambda wanted: torch.randn(cell.shape, device=device).to(dtype) if wanted else None
        small = lambda: torch.randn(c, device=device)
        arrays = Arrays(
            large(True), large(True), large(cell.gradient), large(cell.fused), small(), small(),
            0.1 * small(), 0.5 + torch.rand(c, device=device), small(), small(),
        )  # fmt: skip
        if cell.gradient:
            rows, axes = get_rows(to_nchw(arrays.x, cell).double(), cell)
            shape = cell.statistics
            arrays.mean = rows.mean(axes).reshape(shape).float()
            arrays.variance = rows.var(axes, correction=0).reshape(shape).float()
        return arrays

    def clone(self):
        """Returns the same inputs and outputs of its own."""
        fresh = {
            field.name: getattr(self, field.name).clone()
            for field in dataclasses.fields(self)
            if field.name not in ("x", "dy", "residual")
        }
        return dataclasses.replace(self, **fresh)


def get_rows(values, cell):
    """Returns `values`, NCHW, with one row of the last axis for each statistic of
    each sample, and the axes of a statistic."""
    rows = values.reshape(cell.sizes[0], cell.groups or cell.channels, -1)
    return rows, (2,) if cell.groups else (0, 2)


def normalize(cell, x, mean, variance):
    rows, _ = get_rows(x, cell)
    shape = (-1 if cell.groups else 1, rows.shape[1], 1)
    rstd = (variance.double() + EPSILON).rsqrt().reshape(shape)
    return (rows - mean.double().reshape(shape)) * rstd, rstd


def per_channel(values, x):
    return values.double().reshape(1, -1, *[1] * (x.dim() - 2))


def reference(cell, arrays):
    """Computes the op in float64. Returns names and values, the first in NCHW."""
    x = to_nchw(arrays.x, cell).double()
    rows, axes = get_rows(x, cell)
    if cell.gradient:
        hat, rstd = normalize(cell, x, arrays.mean, arrays.variance)
        dy = to_nchw(arrays.dy, cell).double()
        others = [axis for axis in range(x.dim()) if axis != 1]
        sums = (dy * hat.reshape(x.shape)).sum(others), dy.sum(others)
        scaled, _ = get_rows(dy * per_channel(arrays.scale, x), cell)
        product = (scaled * hat).mean(axes, keepdim=True)
        dx = rstd * (scaled - scaled.mean(axes, keepdim=True) - hat * product)
        return {"input gradient": dx.reshape(x.shape), "scale gradient": sums[0], "bias gradient": sums[1]}
    mean, variance, running = arrays.mean, arrays.variance, {}
    if cell.op != "batch_norm_inference":
        mean, variance = rows.mean(axes), rows.var(axes, correction=0)
    if cell.op == "batch_norm_training":
        count = cell.elements // cell.channels
        for name, old, new in (("mean", arrays.mean, mean), ("variance", arrays.variance, variance * count / (count - 1))):
            running[f"running {name}"] = MOMENTUM * old.double() + (1 - MOMENTUM) * new
    y = normalize(cell, x, mean, variance)[0].reshape(x.shape)
    y = y * per_channel(arrays.scale, x) + per_channel(arrays.bias, x)
    if cell.fused:
        y = (y + to_nchw(arrays.residual, cell).double()).relu()
    return {"output": y, **running}


def get_results(cell, arrays):
    """The same results, as an op has written them into `arrays`."""
    y = to_nchw(arrays.y, cell)
    if cell.gradient:
        return [y, arrays.scale_gradient, arrays.bias_gradient]
    return [y, arrays.mean, arrays.variance] if cell.op == "batch_norm_training" else [y]


def find_error(cell, results, expected, tolerance):
    """Returns what is wrong with `results`, or None. A NaN is wrong."""
    for (name, exact), actual in zip(expected.items(), results):
        scale = exact.abs().clamp(min=1) if exact.dim() > 1 else exact.abs().max().clamp(min=1)
        error = ((actual.double() - exact).abs() / scale).max().item()
        if not error <= tolerance:
            return f"the {name} is wrong by {error:g}"
    return None
