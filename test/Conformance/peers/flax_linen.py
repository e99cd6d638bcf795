"""Flax's Linen layers."""

import jax.numpy as jnp
from flax import linen

from masks import Mask, make_masks
from operations import BatchNorm, GroupNorm, InstanceNorm, LayerNorm, RMSNorm
from suite import CENTRED, DATA, Case, Difference, grid, is_fast, omit_defaults

from .jax_layer import JaxLayer, make_empty_difference, weigh_devices_equally, widen_last

TYPES = {None: None, "bf16": jnp.bfloat16, "f16": jnp.float16, "f32": jnp.float32}


class FlaxLayer(JaxLayer):
    system = "Flax"
    defaults = dict(epsilon=1e-6, use_bias=True, use_scale=True, use_fast_variance=True)
    differences = (make_empty_difference("Flax"),)

    def mask_cases(self, quick, shape, arguments):
        """Cases of all masks of `shape`."""
        for mask in make_masks(len(shape))[:3 if quick else None]:
            for data in DATA:
                yield Case(shape, arguments, data, mask=mask)

    def get_arguments(self, case, x):
        """Those of the constructor. In float64, the variance has to be stable."""
        arguments = dict(case.arguments)
        arguments["use_fast_variance"] &= x.dtype != jnp.float64
        return omit_defaults(arguments, self.defaults)

    def apply(self, case, x, parameters, running, mask):
        statistics = {}
        if running:
            statistics = {"mean": running["running_mean"],
                          "var": running["running_variance"]}
        layer = self.make_layer(case, x)
        y, state = layer.apply(
            {"params": parameters, "batch_stats": statistics}, x, mask=mask,
            mutable=["batch_stats"])
        if not running or case.arguments.get("use_running_average"):
            return y, {}
        state = state["batch_stats"]
        return y, {"running_mean": state["mean"], "running_variance": state["var"]}


class FlaxBatchNorm(FlaxLayer):
    name = "BatchNorm (linen)"
    varied = ("use_running_average, axis (one, several, negative), momentum, epsilon, dtype,"
              " param_dtype, use_bias, use_scale, use_fast_variance, force_float32_reductions,"
              " axis_name; mask")
    left_out = "axis_index_groups: `test/Conformance/run devices`"
    defaults = FlaxLayer.defaults | dict(
        axis=-1, momentum=0.99, epsilon=1e-5, dtype=None, param_dtype="f32",
        axis_name=None, force_float32_reductions=True)
    differences = (
        make_empty_difference("Flax"),
        Difference(
            "Over devices, Flax gives each device the same weight, however many values its"
            " part of the mask selects; here each value has the same.",
            applies=lambda case: bool(case.mask and case.arguments.get("axis_name")),
            peer=weigh_devices_equally,
        ),
    )

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
        plain = dict(axis=-1, use_running_average=False, use_bias=True, use_scale=True,
                     momentum=0.99, epsilon=1e-5, use_fast_variance=True)
        for type in ("bf16", "f16"):
            for force in (True, False):
                yield Case((2, 5, 7, 6), plain | dict(
                    param_dtype=type, force_float32_reductions=force), CENTRED, type, type)
            yield Case((4, 13, 6), plain, CENTRED, type, mask=Mask((0,), 1))
        for shape, axis in [((7, 5), -1), ((4, 13, 6), -1), ((4, 13, 6), 1),
                            ((2, 5, 7, 6), (1, -1)), ((2, 3, 5, 7, 4), -1)]:
            for average in (False, True) if len(shape) == 3 else (False,):
                arguments = plain | dict(axis=axis, use_running_average=average)
                yield from self.mask_cases(quick, shape, arguments)
        for data in DATA:
            for mask in (None, Mask((0, 1, 2)), Mask((0, 1), 2)):
                yield Case((3, 4, 5, 6), plain | dict(axis_name="devices"), data, mask=mask)

    def make_layer(self, case, x):
        arguments = self.get_arguments(case, x)
        wide = x.dtype == jnp.float64
        for name in ("dtype", "param_dtype"):
            if name in arguments or wide:
                arguments[name] = jnp.float64 if wide else TYPES[arguments[name]]
        return linen.BatchNorm(**arguments)

    def describe(self, case):
        axes = case.axis if isinstance(case.axis, tuple) else (case.axis,)
        rank = len(case.shape)
        # Types promote: parameters of f32 make an output of f32.
        type = case.arguments.get("param_dtype", "f32")
        return BatchNorm(
            shape=case.shape, mask=case.mask, fast=is_fast(case),
            features=tuple(sorted(axis % rank for axis in axes)),
            epsilon=case.epsilon, momentum=case.momentum, running_var_correction=0,
            scale=case.use_scale, bias=case.use_bias,
            training=not case.use_running_average,
            output=case.arguments.get("dtype") or type)


class FlaxGroupNorm(FlaxLayer):
    name = "GroupNorm (linen)"
    varied = "num_groups, group_size, epsilon, use_bias, use_scale, use_fast_variance; mask"

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
            yield from self.mask_cases(quick, shape, dict(
                groups=groups[-1], by="num_groups", use_bias=True, use_scale=True,
                epsilon=1e-6, use_fast_variance=True))

    def apply(self, case, x, parameters, running, mask):
        return super().apply(case, x, parameters, running, widen_last(mask, x))

    def make_layer(self, case, x):
        arguments = self.get_arguments(case, x)
        groups, by = arguments.pop("groups"), arguments.pop("by")
        sizes = dict(num_groups=groups, group_size=None)
        if by == "group_size":
            sizes = dict(num_groups=None, group_size=case.shape[-1] // groups)
        return linen.GroupNorm(**sizes, **arguments)

    def describe(self, case):
        return GroupNorm(
            shape=case.shape, mask=case.mask, fast=is_fast(case),
            channel=len(case.shape) - 1, groups=case.groups, by=case.by,
            epsilon=case.epsilon, scale=case.use_scale, bias=case.use_bias)


class FlaxInstanceNorm(FlaxLayer):
    name = "InstanceNorm (linen)"
    varied = "feature_axes, epsilon, use_bias, use_scale, use_fast_variance; mask"

    def cases(self, quick):
        for shape, axes in [((4, 13, 6), [-1, 1]), ((2, 5, 7, 6), [-1]), ((1, 31, 1, 3), [3])]:
            for arguments in grid(
                {}, quick, feature_axes=axes, use_bias=[True, False],
                use_scale=[True, False], epsilon=[1e-6, 1e-3],
                use_fast_variance=[True, False],
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)
            yield from self.mask_cases(quick, shape, dict(
                feature_axes=axes[0], use_bias=True, use_scale=True, epsilon=1e-6,
                use_fast_variance=True))

    def make_layer(self, case, x):
        return linen.InstanceNorm(**self.get_arguments(case, x))

    def describe(self, case):
        return InstanceNorm(
            shape=case.shape, mask=case.mask, fast=is_fast(case),
            channel=case.feature_axes % len(case.shape), epsilon=case.epsilon,
            scale=case.use_scale, bias=case.use_bias)


class FlaxLayerNorm(FlaxLayer):
    name = "LayerNorm (linen)"
    varied = ("reduction_axes, feature_axes, epsilon, use_bias, use_scale,"
              " use_fast_variance; mask")
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
            if shape[-1] < 100:
                yield from self.mask_cases(quick, shape, dict(
                    axes=axes[-1], **{name: True for name in self.parameters},
                    epsilon=1e-6, use_fast_variance=True))

    def make_layer(self, case, x):
        arguments = self.get_arguments(case, x)
        reduced, features = arguments.pop("axes")
        return self.layer(reduction_axes=reduced, feature_axes=features, **arguments)

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


class FlaxRMSNorm(FlaxLayerNorm):
    name = "RMSNorm (linen)"
    varied = "reduction_axes, feature_axes, epsilon, use_scale, use_fast_variance; mask"
    layer, operation = linen.RMSNorm, RMSNorm
    parameters = ("use_scale",)


LAYERS = [FlaxBatchNorm(), FlaxGroupNorm(), FlaxInstanceNorm(), FlaxLayerNorm(),
          FlaxRMSNorm()]
