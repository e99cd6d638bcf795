"""TensorFlow's fused batch norm and the layers of Keras on it."""

from kernels import load_library

# First: TensorFlow's MLIR is global, and a library that is loaded later calls it.
load_library()

import keras
import numpy as np
import tensorflow as tf

from masks import Mask
from operations import BatchNorm, GroupNorm, InstanceNorm, LayerNorm, RMSNorm
from suite import CENTRED, DATA, Case, Difference, Layer, grid, omit_defaults, round_attribute

PARAMETERS = ("scale", "bias")
RUNNING = ("running_mean", "running_variance")


class TensorFlowLayer(Layer):
    """A layer as a function; its gradient is by tf.GradientTape.

    A subclass has `apply(case, operands, mask)`, where the operands are tensors by
    name, and the mask, of the input's rank, may be None; it returns y and a
    dictionary of what else comes out."""

    def run(self, case, arrays):
        mask = self.describe(case).select(arrays)
        operands = {name: tf.constant(array) for name, array in arrays.items()}
        watched = {n: operands[n] for n in ("x", *PARAMETERS) if n in operands}
        with tf.GradientTape() as tape:
            tape.watch(watched)
            y, results = self.apply(case, operands, mask)
        gradients = tape.gradient(y, watched, operands["dy"])
        results |= {"y": y} | {"d" + name: value for name, value in gradients.items()}
        return {name: value.numpy() for name, value in results.items()}


def make_empty_difference(system, *others):
    def spoil(reference):
        return {name: np.full_like(exact.value, np.nan)
                for name, exact in reference.results.items() if name in (*RUNNING, *others)}

    return Difference(
        f"{system} makes {' and '.join(('running statistics', *others))} NaN in training on"
        " an empty batch. Here running statistics stay, and gradients are 0.",
        applies=lambda case: case.shape[0] == 0, peer=spoil)


class FusedBatchNorm(TensorFlowLayer):
    system = "TensorFlow"
    name = "FusedBatchNormV3"
    varied = ("epsilon, exponential_avg_factor, data_format (of images and volumes),"
              " is_training")
    defaults = dict(epsilon=1e-4, exponential_avg_factor=1.0, data_format="NHWC",
                    is_training=True)
    float64 = False
    differences = (make_empty_difference("TensorFlow"),)

    def cases(self, quick):
        for formats, shapes in [
            (("NHWC", "NCHW"), [(2, 6, 5, 7), (8, 17, 16, 3), (4, 1, 9, 1)]),
            (("NDHWC", "NCDHW"), [(2, 4, 3, 5, 7), (3, 2, 1, 1, 4)]),
        ]:
            for shape in shapes:
                for arguments in grid(
                    {}, quick, data_format=formats, is_training=[True, False],
                    exponential_avg_factor=[1.0, 0.1, 0.01], epsilon=[1e-4, 1e-3],
                ):
                    for data in DATA:
                        yield Case(shape, arguments, data)
            plain = dict(data_format=formats[0], is_training=True,
                         exponential_avg_factor=0.1, epsilon=1e-3)
            for type in ("bf16", "f16"):
                for training in (True, False):
                    yield Case(shapes[0], plain | dict(is_training=training), CENTRED, type)
            yield Case((1,) * (len(shapes[0]) - 1) + (5,), plain)
        yield Case((0, 3, 4, 5), plain | dict(data_format="NHWC"))

    def apply(self, case, operands, mask):
        names = dict(x="x", scale="scale", bias="offset", running_mean="mean",
                     running_variance="variance")
        operands = {name: operands.get(key) for key, name in names.items()}
        if case.is_training and case.exponential_avg_factor == 1:
            # It keeps nothing of these, and takes none.
            operands |= dict.fromkeys(("mean", "variance"), tf.constant([]))
        y, mean, variance, batch_mean, batch_variance, _ = tf.raw_ops.FusedBatchNormV3(
            **operands, **omit_defaults(case.arguments, self.defaults))
        if not case.is_training:
            return y, {}
        return y, {"running_mean": mean, "running_variance": variance,
                   "mean": batch_mean, "variance": batch_variance}

    def describe(self, case):
        channel = 1 if case.data_format.startswith("NC") else len(case.shape) - 1
        return BatchNorm(
            shape=case.shape, features=(channel,), epsilon=round_attribute(case.epsilon),
            momentum=1 - round_attribute(case.exponential_avg_factor),
            running_var_correction=1, single="biased", training=case.is_training)


class KerasLayer(TensorFlowLayer):
    """A layer, which is called on values for its variables."""

    system = "Keras"
    defaults = dict(axis=-1, epsilon=1e-3, center=True, scale=True)

    def apply(self, case, operands, mask):
        x = operands["x"]
        name = x.dtype.name
        is_mixed = name != "float64" and case.type != case.parameters
        arguments = {n: v for n, v in omit_defaults(case.arguments, self.defaults).items()
                     if n != "training"}
        layer = self.layer(dtype=f"mixed_{name}" if is_mixed else name, **arguments)
        layer.build(x.shape)
        call = {} if mask is None else {"mask": tf.constant(mask[..., 0])}
        call |= {n: v for n, v in case.arguments.items() if n == "training"}
        y, running = layer.stateless_call(
            [operands[n] for n in PARAMETERS if n in operands],
            [operands[n] for n in RUNNING if n in operands], x, **call)
        return y, dict(zip(RUNNING, running)) if case.arguments.get("training") else {}

    def type_cases(self, shape, arguments):
        """Cases of 16 bits, with parameters of f32 and of 16 bits."""
        for type in ("bf16", "f16"):
            for parameters in ("f32", type):
                yield Case(shape, arguments, CENTRED, type, parameters)


def dilute(reference):
    """The results if sums are divided by 1e-7 more than the number of values."""
    o = reference.operation
    if not o.running:
        return {}
    x, dy, scale = reference.x, reference.operands["dy"], reference.scale
    weights = reference.selected / (reference.count + np.longdouble(1e-7))
    mean = reference.sum(weights * x)
    distance = x - mean
    variance = reference.sum(weights * distance**2)
    rstd, _ = reference.invert(variance)
    by_variance = reference.sum(dy * scale * distance) * rstd**3 / -2
    by_mean = -rstd * reference.sum(dy * scale)
    by_mean -= 2 * by_variance * reference.sum(weights * distance)
    results = {
        "y": distance * rstd * scale + reference.bias,
        "dx": dy * scale * rstd + weights * (by_mean + 2 * distance * by_variance),
        "dscale": reference.sum(dy * distance * rstd).reshape(-1)}
    for name, new in zip(RUNNING, (mean, variance)):
        old = reference.operands[name]
        results[name] = o.momentum * old + (1 - np.longdouble(o.momentum)) * new.reshape(-1)
    return {name: result for name, result in results.items() if name in reference.results
            and not np.array_equal(result, reference.results[name].value)}


class KerasBatchNorm(KerasLayer):
    name = "BatchNormalization"
    varied = "axis, momentum, epsilon, center, scale, training; mask"
    left_out = "renorm: no op here; synchronized: it is over devices"
    layer = keras.layers.BatchNormalization
    defaults = KerasLayer.defaults | dict(momentum=0.99)
    differences = (
        make_empty_difference("Keras", "dscale"),
        Difference(
            "Keras adds 1e-7 to the number of values that a mask selects; f32 shows it for"
            " fewer than two values. Without any, the running statistics move towards 0;"
            " here they stay.",
            applies=lambda case: bool(case.mask), peer=dilute),
    )

    def cases(self, quick):
        for shape, axes in [((7, 5), [-1]), ((4, 13, 6), [-1, 1]), ((2, 5, 7, 6), [-1, 1, 2]),
                            ((8, 17, 16, 3), [-1]), ((2, 3, 5, 7, 4), [-1, 1])]:
            for arguments in grid(
                {}, quick, axis=axes, training=[True, False], center=[True, False],
                scale=[True, False], momentum=[0.99, 0.9], epsilon=[1e-3, 1e-5],
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)
        plain = dict(axis=-1, training=True, center=True, scale=True, momentum=0.99,
                     epsilon=1e-3)
        for training in (True, False):
            yield from self.type_cases((2, 5, 7, 6), plain | dict(training=training))
        for shape in [(1, 5), (1, 1, 1, 5), (0, 5), (0, 3, 4, 5)]:
            yield Case(shape, plain)
        for shape, axes in [((7, 5), [-1]), ((4, 13, 6), [-1, 1]), ((2, 5, 7, 6), [-1, 2])]:
            masked = tuple(range(len(shape) - 1))
            masks = [Mask(masked), Mask(masked, drawn="few"), Mask(masked, drawn="no"),
                     Mask((0,))] + [Mask((0,), 1)] * (len(shape) > 2)
            for arguments in grid(plain, axis=axes, training=[True, False]):
                for mask in masks[:2 if quick else None]:
                    for data in DATA:
                        yield Case(shape, arguments, data, mask=mask)

    def describe(self, case):
        return BatchNorm(
            shape=case.shape, mask=case.mask, features=(case.axis % len(case.shape),),
            epsilon=case.epsilon, momentum=case.momentum, running_var_correction=0,
            scale=case.scale, bias=case.center, training=case.training)


class KerasGroupNorm(KerasLayer):
    name = "GroupNormalization"
    varied = "groups (-1: instance norm), axis, epsilon, center, scale"
    layer = keras.layers.GroupNormalization
    defaults = KerasLayer.defaults | dict(groups=32)

    def cases(self, quick):
        for shape, groups, axes in [
            ((2, 5, 7, 6), (3, 1, 2, -1), [-1]), ((2, 6, 4, 7), (2, -1), [1, 2, -2]),
            ((3, 13, 8), (4, -1), [-1]), ((5, 12), (3,), [-1]), ((1, 1, 31, 14), (7,), [-1]),
            ((2, 3, 5, 7, 4), (2,), [-1]), ((2, 9, 64), (32,), [-1]),
        ]:
            for arguments in grid(
                {}, quick, groups=groups, axis=axes, center=[True, False],
                scale=[True, False], epsilon=[1e-3, 1e-5],
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)
        yield from self.type_cases((2, 5, 7, 6), dict(
            groups=3, axis=-1, center=True, scale=True, epsilon=1e-3))

    def describe(self, case):
        common = dict(shape=case.shape, channel=case.axis % len(case.shape),
                      epsilon=case.epsilon, scale=case.scale, bias=case.center)
        if case.groups == -1:
            return InstanceNorm(**common)
        return GroupNorm(groups=case.groups, **common)


class KerasLayerNorm(KerasLayer):
    name = "LayerNormalization"
    varied = "axis (one, several), epsilon, center, scale"
    left_out = "rms_scaling: deprecated"
    layer, operation = keras.layers.LayerNormalization, LayerNorm
    choices = dict(center=[True, False], scale=[True, False], epsilon=[1e-3, 1e-5])
    inner_axes = {(4, 6, 13): [1], (2, 3, 5, 7): [1, (1, 3)]}

    def cases(self, quick):
        for shape, axes in [((4, 6, 13), [-1, (1, 2)]), ((7, 40), [-1]),
                            ((2, 3, 5, 7), [-1, (-2, -1), (1, 2, 3)]),
                            ((1, 5, 1, 31), [(2, 3)]), ((3, 768), [-1])]:
            axes = axes + self.inner_axes.get(shape, [])
            for arguments in grid({}, quick, axis=axes, **self.choices):
                for data in DATA:
                    yield Case(shape, arguments, data)
        arguments = {name: values[0] for name, values in self.choices.items()}
        yield from self.type_cases((4, 6, 13), dict(axis=-1, **arguments))

    def describe(self, case):
        axes = case.axis if isinstance(case.axis, tuple) else (case.axis,)
        return self.operation(
            shape=case.shape, reduced=tuple(sorted(axis % len(case.shape) for axis in axes)),
            epsilon=case.epsilon, scale=case.arguments.get("scale", True),
            bias=case.arguments.get("center", False))


class KerasRMSNorm(KerasLayerNorm):
    name = "RMSNormalization"
    varied = "axis (the last ones), epsilon"
    left_out = "other axes: its scale is for the last ones, whatever the axes are"
    layer, operation = keras.layers.RMSNormalization, RMSNorm
    defaults = dict(axis=-1, epsilon=1e-6)
    choices = dict(epsilon=[1e-6, 1e-3])
    inner_axes = {}


LAYERS = [FusedBatchNorm(), KerasBatchNorm(), KerasGroupNorm(), KerasLayerNorm(),
          KerasRMSNorm()]
