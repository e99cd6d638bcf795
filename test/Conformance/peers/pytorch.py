"""PyTorch's layers, on channels-first and channels-last memory."""

import ml_dtypes
import numpy as np
import torch
from torch import nn

from operations import BatchNorm, GroupNorm, InstanceNorm, LayerNorm, RMSNorm
from suite import CENTRED, DATA, Case, Data, Difference, Layer, grid, omit_defaults

torch.manual_seed(0)
SHAPES = {
    1: [(7, 5), (4, 6, 13), (1, 3, 31)],
    2: [(2, 6, 5, 7), (8, 3, 17, 16), (4, 1, 1, 9)],
    3: [(2, 4, 3, 5, 7), (3, 2, 1, 1, 4)],
}
ONE_VALUE = {1: (1, 5), 2: (1, 5, 1, 1), 3: (1, 5, 1, 1, 1)}
ONE_VALUE_EACH = {1: (3, 5, 1), 2: (3, 5, 1, 1), 3: (3, 5, 1, 1, 1)}
EMPTY = {1: (0, 5), 2: (0, 5, 3, 4), 3: (0, 5, 1, 2, 3)}
HUGE = Data(0.0, 1e30)
KEYS = {"scale": "weight", "bias": "bias", "running_mean": "running_mean",
        "running_variance": "running_var"}


def tensor(array):
    """A tensor of the values of `array`."""
    if array.dtype.name == "bfloat16":
        return torch.from_numpy(array.view(np.int16).copy()).view(torch.bfloat16)
    return torch.from_numpy(array.copy())


def array(values):
    values = values.detach().contiguous()
    if values.dtype == torch.bfloat16:
        return values.view(torch.int16).numpy().view(ml_dtypes.bfloat16)
    return values.numpy()


class PyTorchLayer(Layer):
    """A module whose parameters are set, and its gradient by autograd."""

    system = "PyTorch"
    defaults = dict(eps=1e-5, bias=True)

    def get_arguments(self, case, *calls):
        """Those of the constructor: all but `calls`."""
        return {n: v for n, v in omit_defaults(case.arguments, self.defaults).items()
                if n not in (*calls, "training", "channels_last")}

    def apply(self, case, module, x):
        return module(x)

    def run(self, case, arrays):
        """x, y, dx: (N, C, ...); the others: (C)."""
        module = self.make_module(case)
        for name, key in KEYS.items():
            if name in arrays and getattr(module, key, None) is not None:
                getattr(module, key).data = tensor(arrays[name])
        x = tensor(arrays["x"])
        if case.arguments.get("channels_last"):
            format = torch.channels_last if x.ndim == 4 else torch.channels_last_3d
            x = x.contiguous(memory_format=format)
        x.requires_grad_()
        y = self.apply(case, module, x)
        y.backward(tensor(arrays["dy"]))
        results = {"y": y, "dx": x.grad}
        for name, key in KEYS.items():
            value = getattr(module, key, None)
            if name.startswith("running") and value is not None and module.training:
                results[name] = value
            elif isinstance(value, nn.Parameter):
                results["d" + name] = value.grad
        return {name: array(value) for name, value in results.items()}


class BatchNormNd(PyTorchLayer):
    varied = ("eps, momentum (with None after 3 batches), affine, bias, track_running_stats,"
              " training, channels_last; called on sub-batches in turn")
    note = ("squared distances beyond f32, of values around 1e30, make its output 0; here"
            " they are computed in f64, as `accumulator` says")
    defaults = PyTorchLayer.defaults | dict(
        momentum=0.1, affine=True, track_running_stats=True)
    differences = (
        Difference(
            "PyTorch rejects one value a channel in training; here the output is the bias"
            " and the running variance stays.",
            applies=lambda case: case.training and case.shape in ONE_VALUE.values(),
            raises=ValueError,
        ),
    )

    def __init__(self, dimensions):
        self.dimensions = dimensions
        self.name = f"BatchNorm{dimensions}d"

    def cases(self, quick):
        for shape in SHAPES[self.dimensions]:
            for arguments in grid(
                {}, quick, training=[True, False], affine=[True, False],
                bias=[True, False], track_running_stats=[True, False],
                momentum=[0.1, 0.3, None], eps=[1e-5, 1e-3],
                channels_last=[False] + [True] * (self.dimensions > 1),
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)
        plain = dict(training=True, affine=True, bias=True, track_running_stats=True,
                     momentum=0.1, eps=1e-5)
        for type in ("bf16", "f16"):
            for training in (True, False):
                for parameters in ("f32", type):
                    yield Case(SHAPES[self.dimensions][0], plain | dict(training=training),
                               CENTRED, type, parameters)
        yield Case(ONE_VALUE[self.dimensions], plain)
        yield Case(EMPTY[self.dimensions], plain)
        yield Case(SHAPES[self.dimensions][0], plain | dict(track_running_stats=False), HUGE)
        _, *sizes = SHAPES[self.dimensions][0]
        for size, momentum in [(2, 0.1), (3, None), (6, 0.1)]:
            for data in DATA:
                yield Case((6, *sizes[:1], 4, *sizes[2:])[: self.dimensions + 2],
                           plain | dict(ghost_size=size, momentum=momentum), data)

    def make_module(self, case):
        module = getattr(nn, self.name)(
            case.shape[1], **self.get_arguments(case, "ghost_size"))
        if case.track_running_stats:
            module.num_batches_tracked.fill_(3)
        return module.train(case.training)

    def apply(self, case, module, x):
        size = case.arguments.get("ghost_size")
        return torch.cat([module(part) for part in x.split(size)]) if size else module(x)

    def describe(self, case):
        is_average = case.momentum is None
        return BatchNorm(
            shape=case.shape, features=(1,), epsilon=case.eps,
            momentum=1 - (0 if is_average else case.momentum),
            batches=3 if is_average else None, running_var_correction=1,
            scale=case.affine, bias=case.affine and case.bias,
            training=case.training or not case.track_running_stats,
            track=case.track_running_stats, ghost_size=case.arguments.get("ghost_size"),
            wide=case.data is HUGE)


class TorchGroupNorm(PyTorchLayer):
    name = "GroupNorm"
    varied = "num_groups, eps, affine, bias, channels_last"
    defaults = PyTorchLayer.defaults | dict(affine=True)

    def cases(self, quick):
        for shape, groups in [((2, 6, 5, 7), (1, 2, 3, 6)), ((3, 8, 13), (4,)),
                              ((5, 12), (3,)), ((1, 14, 1, 31), (7,)),
                              ((2, 4, 3, 5, 7), (2,))]:
            for arguments in grid(
                {}, quick, num_groups=groups, affine=[True, False], bias=[True, False],
                eps=[1e-5, 1e-3],
                channels_last=[False] + [True] * (len(shape) > 3),
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)
        for type in ("bf16", "f16"):
            yield Case((2, 6, 5, 7), dict(num_groups=3, affine=True, bias=True, eps=1e-5),
                       CENTRED, type)
        yield Case((2, 6, 5, 7), dict(num_groups=3, affine=True, bias=True, eps=1e-5),
                   Data(1e6, 0.0))

    def make_module(self, case):
        return nn.GroupNorm(num_channels=case.shape[1], **self.get_arguments(case))

    def describe(self, case):
        return GroupNorm(
            shape=case.shape, channel=1, groups=case.num_groups, epsilon=case.eps,
            scale=case.affine, bias=case.affine and case.bias)


class InstanceNormNd(PyTorchLayer):
    varied = "eps, momentum, affine, bias, track_running_stats, training"
    defaults = PyTorchLayer.defaults | dict(
        momentum=0.1, affine=False, track_running_stats=False)
    differences = (
        Difference(
            "PyTorch rejects one value a sample and channel; here the output is the bias"
            " and the running variance stays.",
            applies=lambda case: case.shape in ONE_VALUE_EACH.values(),
            raises=ValueError,
        ),
    )

    def __init__(self, dimensions):
        self.dimensions = dimensions
        self.name = f"InstanceNorm{dimensions}d"

    def cases(self, quick):
        for shape in SHAPES[self.dimensions]:
            if len(shape) == self.dimensions + 2 and shape[2:] != (1,) * self.dimensions:
                for arguments in grid(
                    {}, quick, track_running_stats=[True, False], training=[True, False],
                    affine=[True, False], bias=[True, False], momentum=[0.1, 0.3, None],
                    eps=[1e-5, 1e-3],
                ):
                    for data in DATA:
                        yield Case(shape, arguments, data)
        plain = dict(track_running_stats=True, training=True, affine=True, bias=True,
                     momentum=0.1, eps=1e-5)
        for type in ("bf16", "f16"):
            yield Case(SHAPES[self.dimensions][-1][:1] + (4, 3, 5, 7)[: self.dimensions + 1],
                       plain, CENTRED, type)
        yield Case(ONE_VALUE_EACH[self.dimensions], plain)

    def make_module(self, case):
        module = getattr(nn, self.name)(case.shape[1], **self.get_arguments(case))
        return module.train(case.training)

    def describe(self, case):
        common = dict(shape=case.shape, epsilon=case.eps, scale=case.affine,
                      bias=case.affine and case.bias)
        if not case.track_running_stats:
            return InstanceNorm(channel=1, **common)
        # Each sample is a batch. Momentum None updates nothing.
        return BatchNorm(
            features=(1,), training=case.training, momentum=1 - (case.momentum or 0),
            running_var_correction=1, ghost_size=1 if case.training else None,
            ghost_update="average", **common)


class LastAxesNorm(PyTorchLayer):
    """Normalizes over the last axes, as many as `axes` of a case."""

    def cases(self, quick):
        for shape, axes in [((4, 6, 13), [1, 2]), ((2, 3, 5, 7), [1, 3]), ((7, 40), [1]),
                            ((1, 5, 1, 31), [2]), ((3, 768), [1])]:
            for arguments in grid({}, quick, axes=axes, **self.choices):
                for data in DATA:
                    yield Case(shape, arguments, data)
        for type in ("bf16", "f16"):
            arguments = {name: values[0] for name, values in self.choices.items()}
            yield Case((4, 6, 13), dict(axes=1, **arguments), CENTRED, type, type)

    def make_module(self, case):
        return getattr(nn, self.name)(
            case.shape[-case.axes :], **self.get_arguments(case, "axes"))

    def get_axes(self, case):
        return tuple(range(len(case.shape) - case.axes, len(case.shape)))


class TorchLayerNorm(LastAxesNorm):
    name = "LayerNorm"
    varied = "normalized_shape, eps, elementwise_affine, bias"
    defaults = PyTorchLayer.defaults | dict(elementwise_affine=True)
    choices = dict(elementwise_affine=[True, False], bias=[True, False], eps=[1e-5, 1e-3])

    def describe(self, case):
        return LayerNorm(
            shape=case.shape, reduced=self.get_axes(case), epsilon=case.eps,
            scale=case.elementwise_affine, bias=case.elementwise_affine and case.bias)


class TorchRMSNorm(LastAxesNorm):
    name = "RMSNorm"
    varied = "normalized_shape, eps, elementwise_affine"
    defaults = dict(eps=None, elementwise_affine=True)
    choices = dict(elementwise_affine=[True, False], eps=[1e-5, None, 1e-3])

    def make_module(self, case):
        module = super().make_module(case)
        # None is the machine epsilon of the type, which in float64 is another.
        module.eps = self.get_epsilon(case)
        return module

    def get_epsilon(self, case):
        return torch.finfo(torch.float32).eps if case.eps is None else case.eps

    def describe(self, case):
        return RMSNorm(
            shape=case.shape, reduced=self.get_axes(case), epsilon=self.get_epsilon(case),
            scale=case.elementwise_affine, bias=False)


LAYERS = [
    *map(BatchNormNd, (1, 2, 3)), TorchGroupNorm(), *map(InstanceNormNd, (1, 2, 3)),
    TorchLayerNorm(), TorchRMSNorm(),
]
