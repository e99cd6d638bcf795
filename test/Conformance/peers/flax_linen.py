"""Flax's Linen layers."""

import jax.numpy as jnp
from flax import linen

from operations import BatchNorm, GroupNorm, InstanceNorm, LayerNorm, RMSNorm
from suite import CENTRED, DATA, Case, grid

from .jax_layer import JaxLayer

TYPES = {None: None, "bf16": jnp.bfloat16, "f16": jnp.float16, "f32": jnp.float32}


class FlaxLayer(JaxLayer):
    system = "Flax"

    def apply(self, case, x, parameters, running):
        statistics = {}
        if running:
            statistics = {"mean": running["running_mean"],
                          "var": running["running_variance"]}
        layer = self.make_layer(case, x)
        y, state = layer.apply(
            {"params": parameters, "batch_stats": statistics}, x,
            mutable=["batch_stats"])
        if not running or case.arguments.get("use_running_average"):
            return y, {}
        state = state["batch_stats"]
        return y, {"running_mean": state["mean"], "running_variance": state["var"]}


class FlaxBatchNorm(FlaxLayer):
    name = "BatchNorm (linen)"
    varied = ("use_running_average, axis (one, several, negative), momentum, epsilon, dtype,"
              " use_bias, use_scale, use_fast_variance, axis_name")
    left_out = "mask: no operand yet; axis_index_groups: several ops here"

    def cases(self, quick):
        for shape, axes in [
            ((7, 5), (-1,)), ((4, 13, 6), (-1, 1)), ((2, 5, 7, 6), (-1, 1, (1, -1))),
            ((8, 17, 16, 3), (-1,)), ((2, 3, 5, 7, 4), (-1, (2, 4))), ((1, 5), (-1,)),
            ((5, 1, 1, 7), (3, (1, 2, 3))),
        ]:
            for arguments in grid(
                {}, quick, axis=axes, use_running_average=[False, True],
                use_bias=[True, False], use_scale=[True, False], momentum=[0.99, 0.9],
                epsilon=[1e-5, 1e-3], use_fast_variance=[True, False],
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)
        for type in ("bf16", "f16"):
            for arguments in grid(
                dict(axis=-1, use_bias=True, use_scale=True, momentum=0.9, epsilon=1e-5,
                     use_fast_variance=True),
                use_running_average=[False, True], dtype=[None, type, "f32"],
            ):
                yield Case((2, 5, 7, 6), arguments, CENTRED, type)
        for data in DATA:
            yield Case((3, 4, 5, 6), dict(
                axis_name="devices", axis=-1, use_running_average=False, use_bias=True,
                use_scale=True, momentum=0.9, epsilon=1e-5, use_fast_variance=True), data)

    def make_layer(self, case, x):
        arguments = dict(case.arguments)
        fast = arguments.pop("use_fast_variance")
        wide = x.dtype == jnp.float64
        dtype = None if wide else TYPES[arguments.pop("dtype", None)]
        arguments.pop("dtype", None)
        return linen.BatchNorm(
            use_fast_variance=fast and not wide, dtype=dtype, **arguments)

    def describe(self, case):
        axes = case.axis if isinstance(case.axis, tuple) else (case.axis,)
        rank = len(case.shape)
        # Types promote: parameters of f32 make an output of f32.
        return BatchNorm(
            shape=case.shape, features=tuple(sorted(axis % rank for axis in axes)),
            epsilon=case.epsilon, momentum=case.momentum, running_var_correction=0,
            scale=case.use_scale, bias=case.use_bias,
            training=not case.use_running_average,
            output=case.arguments.get("dtype") or "f32")


class FlaxGroupNorm(FlaxLayer):
    name = "GroupNorm (linen)"
    varied = "num_groups, group_size, epsilon, use_bias, use_scale, use_fast_variance"

    def cases(self, quick):
        for shape, groups in [((2, 5, 7, 6), (1, 2, 3, 6)), ((3, 13, 8), (4,)),
                              ((5, 12), (3,)), ((1, 1, 31, 14), (7,))]:
            for arguments in grid(
                {}, quick, groups=groups, by=["num_groups", "group_size"],
                use_bias=[True, False], use_scale=[True, False], epsilon=[1e-6, 1e-3],
                use_fast_variance=[True, False],
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)

    def make_layer(self, case, x):
        sizes = dict(num_groups=case.groups, group_size=None)
        if case.by == "group_size":
            sizes = dict(num_groups=None, group_size=case.shape[-1] // case.groups)
        return linen.GroupNorm(
            **sizes, epsilon=case.epsilon, use_bias=case.use_bias,
            use_scale=case.use_scale,
            use_fast_variance=case.use_fast_variance and x.dtype != jnp.float64)

    def describe(self, case):
        return GroupNorm(
            shape=case.shape, channel=len(case.shape) - 1, groups=case.groups,
            by=case.by, epsilon=case.epsilon, scale=case.use_scale, bias=case.use_bias)


class FlaxInstanceNorm(FlaxLayer):
    name = "InstanceNorm (linen)"
    varied = "feature_axes, epsilon, use_bias, use_scale, use_fast_variance"

    def cases(self, quick):
        for shape, axes in [((4, 13, 6), [-1, 1]), ((2, 5, 7, 6), [-1]), ((1, 31, 1, 3), [3])]:
            for arguments in grid(
                {}, quick, feature_axes=axes, use_bias=[True, False],
                use_scale=[True, False], epsilon=[1e-6, 1e-3],
                use_fast_variance=[True, False],
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)

    def make_layer(self, case, x):
        arguments = dict(case.arguments)
        arguments["use_fast_variance"] &= x.dtype != jnp.float64
        return linen.InstanceNorm(**arguments)

    def describe(self, case):
        return InstanceNorm(
            shape=case.shape, channel=case.feature_axes % len(case.shape),
            epsilon=case.epsilon, scale=case.use_scale, bias=case.use_bias)


class FlaxLayerNorm(FlaxLayer):
    name = "LayerNorm (linen)"
    varied = ("reduction_axes, feature_axes, epsilon, use_bias, use_scale,"
              " use_fast_variance")
    layer, operation = linen.LayerNorm, LayerNorm
    parameters = ("use_scale", "use_bias")

    def cases(self, quick):
        for shape, axes in [((4, 6, 13), [(-1, -1), ((1, 2), (1, 2)), ((1, 2), -1)]),
                            ((2, 3, 5, 7), [(-1, -1), ((-2, -1), -1)]),
                            ((7, 40), [(-1, -1)]), ((3, 768), [(1, 1)])]:
            for arguments in grid(
                {}, quick, axes=axes, **{name: [True, False] for name in self.parameters},
                epsilon=[1e-6, 1e-3], use_fast_variance=[True, False],
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)

    def make_layer(self, case, x):
        arguments = dict(case.arguments)
        reduced, features = arguments.pop("axes")
        arguments["use_fast_variance"] &= x.dtype != jnp.float64
        return self.layer(reduction_axes=reduced, feature_axes=features, **arguments)

    def describe(self, case):
        rank = len(case.shape)
        reduced, features = (
            tuple(sorted(a % rank for a in (axes if isinstance(axes, tuple) else (axes,))))
            for axes in case.axes)
        return self.operation(
            shape=case.shape, reduced=reduced, epsilon=case.epsilon,
            parameters=None if features == reduced else features,
            scale=case.use_scale, bias=case.arguments.get("use_bias", False))


class FlaxRMSNorm(FlaxLayerNorm):
    name = "RMSNorm (linen)"
    varied = "reduction_axes, feature_axes, epsilon, use_scale, use_fast_variance"
    layer, operation = linen.RMSNorm, RMSNorm
    parameters = ("use_scale",)


LAYERS = [FlaxBatchNorm(), FlaxGroupNorm(), FlaxInstanceNorm(), FlaxLayerNorm(),
          FlaxRMSNorm()]
