# requires: onnx==1.23.2 onnxruntime==1.31.1
"""ONNX Runtime: the operators of ONNX, bound to the given outputs. It has no
gradients, and only channels as the second axis."""

import os

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

from cells import EPSILON, MOMENTUM

from . import Kernel


def make_model(cell):
    """Returns the op of the cell as a model."""

    def describe(name, shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    channels = (cell.channels,)
    inputs = [describe("x", cell.shape)]
    inputs += [describe(name, channels) for name in ("scale", "bias")]
    outputs = [describe("y", cell.shape)]
    names = ["x", "scale", "bias"], ["y"]
    if cell.groups:
        options = {"num_groups": cell.groups}
        op = "GroupNormalization"
    else:
        training = cell.op == "batch_norm_training"
        inputs += [describe(name, channels) for name in ("mean", "variance")]
        names[0].extend(["mean", "variance"])
        options = {"momentum": MOMENTUM, "training_mode": int(training)}
        op = "BatchNormalization"
        if training:
            outputs += [describe(name, channels) for name in ("new_mean", "new_variance")]
            names[1].extend(["new_mean", "new_variance"])
    nodes = [helper.make_node(op, *names, epsilon=EPSILON, **options)]
    if cell.fused:
        inputs.append(describe("residual", cell.shape))
        nodes[0].output[0] = "normalized"
        nodes.append(helper.make_node("Add", ["normalized", "residual"], ["sum"]))
        nodes.append(helper.make_node("Relu", ["sum"], ["y"]))
    graph = helper.make_graph(nodes, "op", inputs, outputs)
    opset = helper.make_opsetid("", 21)
    return helper.make_model(graph, opset_imports=[opset], ir_version=10)


class Peer:
    name = "ONNX Runtime"
    version = onnxruntime.__version__

    def prepare(self, cell, arrays):
        if cell.gradient or cell.type != "f32" or cell.layout not in ("NCHW", "NC"):
            return None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = len(os.sched_getaffinity(0))
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(
            make_model(cell).SerializeToString(), options, ["CPUExecutionProvider"]
        )
        binding = session.io_binding()
        new = {"new_mean": arrays.mean.copy(), "new_variance": arrays.variance.copy()}
        named = {**vars(arrays), **new}
        for bind, values in (
            (binding.bind_input, session.get_inputs()),
            (binding.bind_output, session.get_outputs()),
        ):
            for value in values:
                address = named[value.name].ctypes.data
                bind(value.name, "cpu", 0, np.float32, value.shape, address)

        def run(keep=(arrays, new)):
            session.run_with_iobinding(binding)

        # The running variance is that of the population: ONNX does not correct it.
        training = cell.op == "batch_norm_training"
        return Kernel(run, lambda _: [arrays.y, new["new_mean"]] if training else [arrays.y])
