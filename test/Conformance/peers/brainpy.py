"""BrainPy's layers. BatchNorm reduces all axes but the last."""

import brainpy as bp
import brainpy.math as bm
import numpy as np

from operations import BatchNorm, GroupNorm, InstanceNorm, LayerNorm
from suite import CENTRED, DATA, Case, Data, Difference, grid, omit_defaults

from .jax_layer import JaxLayer

SHAPES = {
    1: [(7, 3, 5), (4, 13, 6), (1, 31, 3)],
    2: [(2, 5, 7, 6), (8, 17, 16, 3), (4, 1, 9, 1)],
    3: [(2, 3, 5, 7, 4), (3, 1, 1, 4, 2)],
}
# Axis 1 has the features. The last axis is checked to have as many elements, and is
# the one that parameters would have.
CHANNELS_FIRST = {1: (7, 5, 5), 2: (2, 6, 7, 6), 3: (2, 4, 5, 3, 4)}
ONE_VALUE = {1: (1, 1, 5), 2: (1, 1, 1, 5), 3: (1, 1, 1, 1, 5)}


class BrainPyLayer(JaxLayer):
    system = "BrainPy"

    def apply(self, case, x, parameters, running, mask):
        layer = self.make_layer(case)
        for name in ("scale", "bias"):
            if name in parameters:
                setattr(layer, name, bm.TrainVar(parameters[name]))
        if running:
            layer.running_mean = bm.Variable(running["running_mean"])
            layer.running_var = bm.Variable(running["running_variance"])
        bp.share.save(fit=case.arguments.get("fit", True))
        y = bm.as_jax(layer.update(x))
        if not running or not case.fit:
            return y, {}
        return y, {"running_mean": layer.running_mean.value,
                   "running_variance": layer.running_var.value}


def correct_locally(reference):
    keep = np.longdouble(reference.operation.momentum)
    variance = reference.results["variance"].value
    count = reference.count.reshape(variance.shape) // reference.operation.shape[0]
    variance = variance * count / (count - 1)
    old = reference.operands["running_variance"]
    return {"running_variance": keep * old + (1 - keep) * variance}


class BatchNormNd(BrainPyLayer):
    varied = "axis (the axes reduced), epsilon, momentum, affine, fit, axis_name"
    left_out = "axis_index_groups: `test/Conformance/run devices`"
    defaults = dict(epsilon=1e-5, momentum=0.99, affine=True, axis_name=None)
    note = ("takes statistics in the input's type: in f16 those of values around 300 are"
            " infinite")

    differences = (
        Difference(
            "Over devices, BrainPy makes the running variance unbiased by the number of"
            " values of one device; here it is that of all.",
            applies=lambda case: bool(case.arguments.get("axis_name") and case.data.std),
            peer=correct_locally,
        ),
    )

    def __init__(self, dimensions):
        self.dimensions = dimensions
        self.name = f"BatchNorm{dimensions}d"

    def cases(self, quick):
        for shape in SHAPES[self.dimensions]:
            for arguments in grid(
                {}, quick, fit=[True, False], affine=[True, False],
                momentum=[0.99, 0.9], epsilon=[1e-5, 1e-3],
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)
        arguments = dict(fit=True, affine=True, momentum=0.99, epsilon=1e-5)
        yield Case(ONE_VALUE[self.dimensions], arguments)
        for fit in (True, False):
            for data in DATA:
                axis = (0, *range(2, self.dimensions + 2))
                yield Case(CHANNELS_FIRST[self.dimensions],
                           arguments | dict(axis=axis, affine=False, fit=fit), data)
        for type in ("f16", "bf16"):
            for data in (CENTRED, Data(300.0, 1.0)):
                yield Case(SHAPES[self.dimensions][0], arguments, data, type)
        shape = (3, *SHAPES[self.dimensions][0])
        for data in DATA:
            yield Case(shape, arguments | dict(axis_name="devices"), data)

    def make_layer(self, case):
        arguments = omit_defaults(case.arguments, self.defaults)
        arguments.pop("fit")
        return getattr(bp.dnn, self.name)(
            case.shape[-1], **arguments, mode=bm.training_mode)

    def describe(self, case):
        rank = len(case.shape)
        reduced = case.arguments.get("axis", range(rank - 1))
        return BatchNorm(
            shape=case.shape, features=tuple(i for i in range(rank) if i not in reduced),
            epsilon=case.epsilon, momentum=case.momentum, running_var_correction=1,
            single="biased", scale=case.affine, bias=case.affine, training=case.fit,
            output="f32" if case.affine else None)


class BrainPyGroupNorm(BrainPyLayer):
    name = "GroupNorm"
    varied = "num_groups, epsilon, affine"

    def cases(self, quick):
        for shape, groups in [((2, 5, 7, 6), (1, 2, 3, 6)), ((3, 13, 8), (4,)),
                              ((5, 12), (3,)), ((1, 1, 31, 14), (7,))]:
            for arguments in grid({}, quick, num_groups=groups, affine=[True, False],
                                  epsilon=[1e-5, 1e-3]):
                for data in DATA:
                    yield Case(shape, arguments, data)

    def make_layer(self, case):
        return bp.dnn.GroupNorm(case.num_groups, case.shape[-1], epsilon=case.epsilon,
                                affine=case.affine, mode=bm.training_mode)

    def describe(self, case):
        return GroupNorm(
            shape=case.shape, channel=len(case.shape) - 1, groups=case.num_groups,
            epsilon=case.epsilon, scale=case.affine, bias=case.affine)


class BrainPyInstanceNorm(BrainPyLayer):
    name = "InstanceNorm"
    varied = "epsilon, affine"

    def cases(self, quick):
        for shape in [(2, 5, 7, 6), (3, 13, 8), (1, 1, 31, 3)]:
            for arguments in grid({}, quick, affine=[True, False], epsilon=[1e-5, 1e-3]):
                for data in DATA:
                    yield Case(shape, arguments, data)

    def make_layer(self, case):
        return bp.dnn.InstanceNorm(case.shape[-1], **case.arguments, mode=bm.training_mode)

    def describe(self, case):
        return InstanceNorm(shape=case.shape, channel=len(case.shape) - 1,
                            epsilon=case.epsilon, scale=case.affine, bias=case.affine)


class BrainPyLayerNorm(BrainPyLayer):
    name = "LayerNorm"
    varied = "normalized_shape, epsilon, elementwise_affine"

    def cases(self, quick):
        for shape, axes in [((4, 6, 13), [1, 2]), ((2, 3, 5, 7), [1, 3]), ((7, 40), [1])]:
            for arguments in grid({}, quick, axes=axes, elementwise_affine=[True, False],
                                  epsilon=[1e-5, 1e-3]):
                for data in DATA:
                    yield Case(shape, arguments, data)

    def make_layer(self, case):
        return bp.dnn.LayerNorm(
            case.shape[-case.axes :], epsilon=case.epsilon,
            elementwise_affine=case.elementwise_affine, mode=bm.training_mode)

    def describe(self, case):
        rank = len(case.shape)
        return LayerNorm(
            shape=case.shape, reduced=tuple(range(rank - case.axes, rank)),
            epsilon=case.epsilon, scale=case.elementwise_affine,
            bias=case.elementwise_affine)


LAYERS = [BatchNormNd(1), BatchNormNd(2), BatchNormNd(3), BrainPyGroupNorm(),
          BrainPyInstanceNorm(), BrainPyLayerNorm()]
