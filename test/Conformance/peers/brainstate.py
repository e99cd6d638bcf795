"""BrainState's layers, which count axes without the batch."""

import brainstate as bst
import jax.numpy as jnp
import numpy as np

from kernels import NUMPY_TYPES
from masks import make_masks
from operations import BatchNorm, GroupNorm, LayerNorm, RMSNorm
from suite import CENTRED, DATA, Case, Difference, grid, is_fast, omit_defaults

from .jax_layer import RUNNING, JaxLayer, make_empty_difference, widen_last

SHAPES = {
    0: [(7, 5), (64, 3)],
    1: [(7, 3, 5), (4, 13, 6), (1, 31, 3)],
    2: [(2, 5, 7, 6), (8, 17, 16, 3), (4, 1, 9, 1)],
    3: [(2, 3, 5, 7, 4), (3, 1, 1, 4, 2)],
}
AXES = {0: (-1,), 1: (-1, 0), 2: (-1, 0, (0, 2)), 3: (-1, (1, 3))}


class BrainStateLayer(JaxLayer):
    """The parameters and statistics of a layer have the rank of the input
    without its batch, and 1 where an axis is reduced."""

    system = "BrainState"
    defaults = dict(epsilon=1e-6, use_bias=True, use_scale=True, use_fast_variance=True)
    differences = (make_empty_difference("BrainState"),)

    def mask_cases(self, quick, shape, arguments):
        """Cases of all masks of `shape`."""
        for mask in make_masks(len(shape))[:3 if quick else None]:
            for data in DATA:
                yield Case(shape, arguments, data, mask=mask)

    def get_arguments(self, case, x):
        """Those of the constructor. In float64, the variance has to be stable."""
        arguments = {n: v for n, v in case.arguments.items() if n != "fit"}
        arguments["use_fast_variance"] &= x.dtype != jnp.float64
        return omit_defaults(arguments, self.defaults)

    def apply(self, case, x, parameters, running, mask):
        with bst.environ.context(fit=case.arguments.get("fit", True),
                                 precision=64 if x.dtype == jnp.float64 else 32):
            layer = self.make_layer(case, x)
            if parameters:
                state = layer.scale if isinstance(layer, bst.nn.RMSNorm) else layer.weight
                state.value = {
                    n: parameters[n].reshape(state.value[n].shape) for n in parameters}
            if running:
                shape = layer.running_mean.value.shape
                layer.running_mean.value = running["running_mean"].reshape(shape)
                layer.running_var.value = running["running_variance"].reshape(shape)
            y = layer.update(x, mask=mask)
            if not running or not case.fit:
                return y, {}
            results = {"running_mean": layer.running_mean.value,
                       "running_variance": layer.running_var.value}
            for name, value in results.items():
                if value.size == running[name].size:
                    results[name] = value.reshape(running[name].shape)
            return y, results


def get_features(case):
    """The feature axes of the input, with the batch as axis 0."""
    axes = case.feature_axis
    axes = axes if isinstance(axes, tuple) else (axes,)
    return tuple(sorted(a % (len(case.shape) - 1) + 1 for a in axes))


def get_feature_shape(shape, features):
    return tuple(s if i in features else 1 for i, s in enumerate(shape))[1:]


def mixes_features(case):
    shape = get_feature_shape(case.shape, get_features(case))
    statistics = [case.shape[i] for i in get_features(case)]
    return np.broadcast_shapes(shape, statistics) != shape


def broadcast_update(reference, name):
    operation = reference.operation
    shape = get_feature_shape(operation.shape, operation.features)
    keep = np.longdouble(operation.momentum)
    return (keep * reference.operands[name].reshape(shape)
            + (1 - keep) * reference.results[name.removeprefix("running_")].value)


class BatchNormNd(BrainStateLayer):
    varied = ("in_size, feature_axis (one, several), track_running_stats, epsilon, momentum,"
              " affine, use_fast_variance, dtype, fit, axis_name; mask")
    left_out = "axis_index_groups: `test/Conformance/run devices`"
    defaults = dict(feature_axis=-1, track_running_stats=True, epsilon=1e-5, momentum=0.99,
                    affine=True, axis_name=None, use_fast_variance=True, dtype=None)
    note = ("with dtype=bf16 or f16, momentum and the running statistics are kept in"
            " that type, which its errors show")

    differences = (
        make_empty_difference("BrainState"),
        Difference(
            "With track_running_stats=False, BrainState documents batch statistics and"
            " returns its input; here it is the document.",
            applies=lambda case: not case.track_running_stats,
            peer=lambda reference: {
                "y": reference.operands["x"], "dx": reference.operands["dy"]},
        ),
        Difference(
            "BrainState adds statistics without the reduced axes to running statistics with"
            " them. Unless the features are the last axis alone, what it keeps has a wrong"
            " shape; here it has one value for each feature.",
            applies=lambda case: case.fit and mixes_features(case),
            peer=lambda reference: {
                name: broadcast_update(reference, name) for name in RUNNING},
        ),
    )

    def __init__(self, dimensions):
        self.dimensions = dimensions
        self.name = f"BatchNorm{dimensions}d"

    def cases(self, quick):
        for shape in SHAPES[self.dimensions]:
            for arguments in grid(
                dict(track_running_stats=True), quick,
                feature_axis=AXES[self.dimensions], fit=[True, False],
                affine=[True, False], momentum=[0.99, 0.9], epsilon=[1e-5, 1e-3],
                use_fast_variance=[True, False],
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)
        arguments = dict(feature_axis=-1, affine=True, momentum=0.99, epsilon=1e-5,
                         track_running_stats=True, use_fast_variance=True)
        shape = SHAPES[self.dimensions][0]
        for fit in (True, False):
            untracked = dict(track_running_stats=False, affine=False, fit=fit)
            yield Case(shape, arguments | untracked)
            for type in ("bf16", "f16"):
                for dtype in ("f32", type):
                    yield Case(shape, arguments | dict(fit=fit, dtype=dtype), CENTRED, type)
        yield Case((1,) * (self.dimensions + 1) + (5,), arguments | dict(fit=True))
        for data in DATA:
            yield Case((3, *shape), arguments | dict(fit=True, axis_name="devices"), data)
        for fit in (True, False)[: 1 if self.dimensions != 1 else 2]:
            yield from self.mask_cases(quick, shape, arguments | dict(fit=fit))

    def make_layer(self, case, x):
        arguments = self.get_arguments(case, x)
        dtype = arguments.pop("dtype", None)
        if dtype and x.dtype != jnp.float64:
            arguments["dtype"] = NUMPY_TYPES[dtype]
        return getattr(bst.nn, self.name)(x.shape[1:], **arguments)

    def describe(self, case):
        return BatchNorm(
            shape=case.shape, mask=case.mask, fast=is_fast(case),
            features=get_features(case), epsilon=case.epsilon, momentum=case.momentum,
            running_var_correction=0, scale=case.affine, bias=case.affine,
            training=case.fit or not case.track_running_stats,
            track=case.track_running_stats, output=case.arguments.get("dtype"))


class BrainStateGroupNorm(BrainStateLayer):
    name = "GroupNorm"
    varied = "num_groups, group_size, epsilon, use_bias, use_scale, use_fast_variance; mask"

    def cases(self, quick):
        for shape, groups in [((5, 12), (1, 3, 12)), ((7, 14), (2,))]:
            for arguments in grid(
                {}, quick, groups=groups, by=["num_groups", "group_size"],
                use_bias=[True, False], use_scale=[True, False], epsilon=[1e-6, 1e-3],
                use_fast_variance=[True, False],
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)
            yield from self.mask_cases(quick, shape, dict(
                groups=groups[-1], by="num_groups", use_bias=True, use_scale=True,
                epsilon=1e-6, use_fast_variance=True))

    def apply(self, case, x, parameters, running, mask):
        return super().apply(case, x, parameters, running, widen_last(mask, x))

    def make_layer(self, case, x):
        arguments = self.get_arguments(case, x)
        groups, by = arguments.pop("groups"), arguments.pop("by")
        sizes = dict(num_groups=groups)
        if by == "group_size":
            sizes = dict(num_groups=None, group_size=case.shape[-1] // groups)
        return bst.nn.GroupNorm(x.shape[1:], **sizes, **arguments)

    def describe(self, case):
        return GroupNorm(
            shape=case.shape, mask=case.mask, fast=is_fast(case),
            channel=len(case.shape) - 1, groups=case.groups, by=case.by,
            epsilon=case.epsilon, scale=case.use_scale, bias=case.use_bias)


class BrainStateLayerNorm(BrainStateLayer):
    name = "LayerNorm"
    varied = ("reduction_axes, feature_axes, epsilon, use_bias, use_scale,"
              " use_fast_variance; mask")
    layer, operation = bst.nn.LayerNorm, LayerNorm
    parameters = ("use_scale", "use_bias")

    def cases(self, quick):
        for shape, axes in [((4, 6, 13), [(-1, -1), ((-2, -1), (-2, -1)), ((-2, -1), -1)]),
                            ((2, 3, 5, 7), [(-1, -1), ((-2, -1), -1)]),
                            ((7, 40), [(-1, -1)])]:
            for arguments in grid(
                {}, quick, axes=axes, **{name: [True, False] for name in self.parameters},
                epsilon=[1e-6, 1e-3], use_fast_variance=[True, False],
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)
            yield from self.mask_cases(quick, shape, dict(
                axes=axes[-1], **{name: True for name in self.parameters},
                epsilon=1e-6, use_fast_variance=True))

    def make_layer(self, case, x):
        arguments = self.get_arguments(case, x)
        reduced, features = arguments.pop("axes")
        return self.layer(x.shape[1:], reduction_axes=reduced, feature_axes=features,
                          **arguments)

    def describe(self, case):
        rank = len(case.shape)
        reduced, features = (
            tuple(sorted(a % rank for a in (axes if isinstance(axes, tuple) else (axes,))))
            for axes in case.axes)
        return self.operation(
            shape=case.shape, mask=case.mask, fast=is_fast(case),
            reduced=reduced, epsilon=case.epsilon,
            parameters=None if features == reduced else features,
            scale=case.use_scale, bias=case.arguments.get("use_bias", False))


class BrainStateRMSNorm(BrainStateLayerNorm):
    name = "RMSNorm"
    varied = "reduction_axes, feature_axes, epsilon, use_scale, use_fast_variance; mask"
    layer, operation = bst.nn.RMSNorm, RMSNorm
    parameters = ("use_scale",)


LAYERS = [*(BatchNormNd(d) for d in range(4)), BrainStateGroupNorm(),
          BrainStateLayerNorm(), BrainStateRMSNorm()]
