"""ONNX's operators: onnx's reference evaluator, which also runs in float64 and
expands an operator that it lacks by the standard's function body, and ONNX
Runtime. Neither has gradients."""

import onnx
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from operations import BatchNorm, GroupNorm, InstanceNorm, LayerNorm, RMSNorm
from suite import DATA, Case, Layer, grid, round_attribute

TYPES = {"float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE,
         "float16": TensorProto.FLOAT16, "bfloat16": TensorProto.BFLOAT16}
SHAPES = [(7, 5), (4, 6, 13), (2, 6, 5, 7), (8, 3, 17, 16), (4, 1, 1, 9), (2, 4, 3, 5, 7)]


def make_model(op, opset, inputs, outputs, attributes):
    """A model of one node. `inputs` are arrays by name, in the order of the node's
    operands; `outputs` are names."""
    def describe(name, array):
        return helper.make_tensor_value_info(name, TYPES[array.dtype.name], array.shape)

    node = helper.make_node(op, list(inputs), outputs, **attributes)
    shapes = [helper.make_tensor_value_info(name, TYPES[inputs["x"].dtype.name], None)
              for name in outputs]
    graph = helper.make_graph(
        [node], op, [describe(n, a) for n, a in inputs.items()], shapes)
    imports = [helper.make_opsetid("", opset)]
    return helper.make_model(graph, opset_imports=imports, ir_version=10)


def evaluate(model, inputs):
    return ReferenceEvaluator(model).run(None, inputs)


def infer(model, inputs):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, inputs)


class OnnxLayer(Layer):
    """An operator of `opset`. `engine` is what runs it."""

    left_out = "gradients: there are none"
    gradients = False

    def __init__(self, engine, opset):
        self.engine, self.opset = engine, opset
        self.float64 = self.float64 and engine is evaluate
        self.system = "ONNX" if engine is evaluate else "ONNX Runtime"
        self.name = f"{self.op} (opset {opset})"

    def call(self, inputs, outputs, **attributes):
        model = make_model(self.op, self.opset, inputs, outputs, attributes)
        return dict(zip(outputs, self.engine(model, inputs)))


class OnnxBatchNorm(OnnxLayer):
    op = "BatchNormalization"
    varied = "epsilon, momentum, training_mode"

    def cases(self, quick):
        for shape in SHAPES:
            for arguments in grid({}, quick, training_mode=[0, 1], momentum=[0.9, 0.99],
                                  epsilon=[1e-5, 1e-3]):
                for data in DATA:
                    yield Case(shape, arguments, data)

    def run(self, case, arrays):
        names = ("x", "scale", "bias", "running_mean", "running_variance")
        outputs = ["y", *names[3:]] if case.training_mode else ["y"]
        inputs = {name: arrays[name] for name in names}
        renamed = ["y", "mean_out", "variance_out"][: len(outputs)]
        results = self.call(inputs, renamed, **case.arguments)
        return dict(zip(outputs, results.values()))

    def describe(self, case):
        return BatchNorm(
            shape=case.shape, features=(1,), epsilon=round_attribute(case.epsilon),
            momentum=round_attribute(case.momentum), running_var_correction=0,
            training=bool(case.training_mode))


class OnnxGroupNorm(OnnxLayer):
    op = "GroupNormalization"
    varied = "num_groups, epsilon"
    float64 = False  # Its stash_type asks for computation in float32.

    def cases(self, quick):
        for shape, groups in [((2, 6, 5, 7), (1, 2, 3, 6)), ((3, 8, 13), (4,)),
                              ((1, 14, 1, 31), (7,)), ((2, 4, 3, 5, 7), (2,))]:
            for arguments in grid({}, quick, num_groups=groups, epsilon=[1e-5, 1e-3]):
                for data in DATA:
                    yield Case(shape, arguments, data)

    def run(self, case, arrays):
        return self.call({n: arrays[n] for n in ("x", "scale", "bias")}, ["y"],
                         **case.arguments)

    def describe(self, case):
        return GroupNorm(shape=case.shape, channel=1, groups=case.num_groups,
                         epsilon=round_attribute(case.epsilon),
                         affine="per_group" if self.opset < 21 else "per_channel")


class OnnxInstanceNorm(OnnxLayer):
    op = "InstanceNormalization"
    varied = "epsilon"

    def cases(self, quick):
        for shape in [s for s in SHAPES if len(s) > 2]:
            for arguments in grid({}, quick, epsilon=[1e-5, 1e-3]):
                for data in DATA:
                    yield Case(shape, arguments, data)

    def run(self, case, arrays):
        return self.call({n: arrays[n] for n in ("x", "scale", "bias")}, ["y"],
                         **case.arguments)

    def describe(self, case):
        return InstanceNorm(shape=case.shape, channel=1,
                            epsilon=round_attribute(case.epsilon))


class OnnxLayerNorm(OnnxLayer):
    op = "LayerNormalization"
    operation = LayerNorm
    varied = "axis, epsilon"
    operands = ("x", "scale", "bias")

    def cases(self, quick):
        for shape, axes in [((4, 6, 13), [-1, 1]), ((2, 3, 5, 7), [3, -3]), ((7, 40), [-1]),
                            ((1, 5, 1, 31), [-2]), ((3, 768), [1])]:
            for arguments in grid({}, quick, axis=axes, epsilon=[1e-5, 1e-3]):
                for data in DATA:
                    yield Case(shape, arguments, data)

    def run(self, case, arrays):
        return self.call({n: arrays[n] for n in self.operands}, ["y"], **case.arguments)

    def describe(self, case):
        rank = len(case.shape)
        return self.operation(
            shape=case.shape, reduced=tuple(range(case.axis % rank, rank)),
            epsilon=round_attribute(case.epsilon), bias="bias" in self.operands)


class OnnxRMSNorm(OnnxLayerNorm):
    op = "RMSNormalization"
    operation = RMSNorm
    operands = ("x", "scale")


OPERATORS = [(OnnxBatchNorm, 15), (OnnxGroupNorm, 18), (OnnxGroupNorm, 21),
             (OnnxInstanceNorm, 22), (OnnxLayerNorm, 17), (OnnxRMSNorm, 23)]
LAYERS = [operator(engine, opset) for engine in (evaluate, infer)
          for operator, opset in OPERATORS]
