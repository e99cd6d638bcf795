# requires: openvino==2026.4.1
"""OpenVINO: its own ops where it has them for the layout, and the layer's formula
elsewhere, in f32, with inputs and outputs on the given memory. No gradients."""

import os

import numpy as np
import openvino
from openvino import opset13 as ops

from cells import EPSILON, MOMENTUM

from . import Kernel


def constant(values, type="i64"):
    return ops.constant(np.array(values, {"i64": np.int64, "f32": np.float32}[type]))


def normalize(x, mean, variance, scale, bias):
    rstd = ops.divide(constant(1, "f32"), ops.sqrt(ops.add(variance, constant(EPSILON, "f32"))))
    centered = ops.multiply(ops.subtract(x, mean), rstd)
    return ops.add(ops.multiply(centered, scale), bias)


def get_moments(x, axes):
    """Returns the mean and the variance, with axes of size 1."""
    mean = ops.reduce_mean(x, constant(axes), keep_dims=True)
    difference = ops.subtract(x, mean)
    square = ops.multiply(difference, difference)
    return mean, ops.reduce_mean(square, constant(axes), keep_dims=True)


def make_model(cell):
    """Returns the model and the names of its inputs and outputs."""
    at, rank = cell.channel, len(cell.shape)
    names = ["x", "scale", "bias", "mean", "variance"][: 3 if cell.groups else 5]
    shapes = [cell.shape] + [(cell.channels,)] * 4
    if cell.fused:
        names, shapes = [*names, "residual"], [*shapes, cell.shape]
    inputs = [ops.parameter(shape, openvino.Type.f32) for shape, _ in zip(shapes, names)]
    x, scale, bias, *running = inputs
    residual = running.pop() if cell.fused else None
    if cell.groups and cell.layout == "NCHW":
        y = ops.group_normalization(x, scale, bias, cell.groups, EPSILON)
        return openvino.Model([y], inputs), names, ["y"]

    beside = [1] * rank
    beside[at] = cell.channels
    spread = lambda value, shape: ops.reshape(value, constant(shape), False)
    if cell.groups:
        n, size = cell.sizes[0], cell.channels // cell.groups
        rows = spread(x, (n, -1, cell.groups, size))
        moments = get_moments(rows, [1, 3])
        beside = (1, 1, cell.groups, size)
        y = normalize(rows, *moments, spread(scale, beside), spread(bias, beside))
        return openvino.Model([spread(y, cell.shape)], inputs), names, ["y"]
    results, outputs = [], ["y"]
    if cell.op == "batch_norm_training":
        moments = get_moments(x, [axis for axis in range(rank) if axis != at])
        count = cell.elements // cell.channels
        for old, new, factor in zip(running, moments, (1, count / (count - 1))):
            new = spread(new, (cell.channels,))
            kept = ops.multiply(old, constant(MOMENTUM, "f32"))
            taken = ops.multiply(new, constant((1 - MOMENTUM) * factor, "f32"))
            results.append(ops.add(kept, taken))
        outputs += ["mean", "variance"]
    else:
        moments = [spread(value, beside) for value in running]
    y = normalize(x, *moments, spread(scale, beside), spread(bias, beside))
    if cell.fused:
        y = ops.relu(ops.add(y, residual))
    return openvino.Model([y, *results], inputs), names, outputs


class Peer:
    name = "OpenVINO"
    version = openvino.__version__.partition("-")[0]

    def __init__(self):
        self.core = openvino.Core()
        self.options = {
            "INFERENCE_NUM_THREADS": len(os.sched_getaffinity(0)),
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
        }

    def prepare(self, cell, arrays):
        if cell.gradient or cell.type != "f32":
            return None
        model, inputs, outputs = make_model(cell)
        request = self.core.compile_model(model, "CPU", self.options).create_infer_request()
        # Training mixes into the running statistics that it reads.
        after = {"y": arrays.y, "mean": arrays.mean.copy(), "variance": arrays.variance.copy()}
        for index, name in enumerate(inputs):
            tensor = openvino.Tensor(getattr(arrays, name), shared_memory=True)
            request.set_input_tensor(index, tensor)
        for index, name in enumerate(outputs):
            request.set_output_tensor(index, openvino.Tensor(after[name], shared_memory=True))

        def run(keep=(arrays, after)):
            request.infer()

        return Kernel(run, lambda _: [after[name] for name in outputs])
