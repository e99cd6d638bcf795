"""PyTorch's layers, on channels-first and channels-last memory."""

import ml_dtypes
import numpy as np
import torch
from torch import nn

from operations import BatchNorm, GroupNorm, InstanceNorm, LayerNorm, RMSNorm
from suite import CENTRED, DATA, Case, Difference, Layer, grid

torch.manual_seed(0)
SHAPES = {
    1: [(7, 5), (4, 6, 13), (1, 3, 31)],
    2: [(2, 6, 5, 7), (8, 3, 17, 16), (4, 1, 1, 9)],
    3: [(2, 4, 3, 5, 7), (3, 2, 1, 1, 4)],
}
ONE_VALUE = {1: (1, 5), 2: (1, 5, 1, 1), 3: (1, 5, 1, 1, 1)}
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
        y = module(x)
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
    varied = "eps, momentum (with None after 3 batches), affine, track_running_stats, training, channels_last"

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
                track_running_stats=[True, False], momentum=[0.1, 0.3, None],
                eps=[1e-5, 1e-3],
                channels_last=[False] + [True] * (self.dimensions > 1),
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)
        for type in ("bf16", "f16"):
            for training in (True, False):
                yield Case(SHAPES[self.dimensions][0],
                           dict(training=training, affine=True, track_running_stats=True,
                                momentum=0.1, eps=1e-5), CENTRED, type)
        yield Case(ONE_VALUE[self.dimensions],
                   dict(training=True, affine=True, track_running_stats=True,
                        momentum=0.1, eps=1e-5))

    def make_module(self, case):
        channels = case.shape[1]
        module = getattr(nn, self.name)(
            channels, eps=case.eps, momentum=case.momentum, affine=case.affine,
            track_running_stats=case.track_running_stats)
        if case.track_running_stats:
            module.num_batches_tracked.fill_(3)
        return module.train(case.training)

    def describe(self, case):
        # Momentum None is the average over all batches; this is the fourth.
        momentum = 1 / 4 if case.momentum is None else case.momentum
        return BatchNorm(
            shape=case.shape, features=(1,), epsilon=case.eps, momentum=1 - momentum,
            running_var_correction=1, scale=case.affine, bias=case.affine,
            training=case.training or not case.track_running_stats,
            track=case.track_running_stats)


class TorchGroupNorm(PyTorchLayer):
    name = "GroupNorm"
    varied = "num_groups, eps, affine, channels_last"

    def cases(self, quick):
        for shape, groups in [((2, 6, 5, 7), (1, 2, 3, 6)), ((3, 8, 13), (4,)),
                              ((5, 12), (3,)), ((1, 14, 1, 31), (7,)),
                              ((2, 4, 3, 5, 7), (2,))]:
            for arguments in grid(
                {}, quick, num_groups=groups, affine=[True, False], eps=[1e-5, 1e-3],
                channels_last=[False] + [True] * (len(shape) > 3),
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)
        for type in ("bf16", "f16"):
            yield Case((2, 6, 5, 7), dict(num_groups=3, affine=True, eps=1e-5), CENTRED, type)

    def make_module(self, case):
        return nn.GroupNorm(case.num_groups, case.shape[1], case.eps, case.affine)

    def describe(self, case):
        return GroupNorm(shape=case.shape, channel=1, groups=case.num_groups,
                         epsilon=case.eps, scale=case.affine, bias=case.affine)


class InstanceNormNd(PyTorchLayer):
    varied = "eps, affine, track_running_stats (in evaluation)"
    left_out = "track_running_stats in training: it averages statistics of samples"

    def __init__(self, dimensions):
        self.dimensions = dimensions
        self.name = f"InstanceNorm{dimensions}d"

    def cases(self, quick):
        for shape in SHAPES[self.dimensions]:
            if len(shape) == self.dimensions + 2 and shape[2:] != (1,) * self.dimensions:
                for arguments in grid(
                    {}, quick, affine=[True, False], track_running_stats=[False, True],
                    eps=[1e-5, 1e-3],
                ):
                    for data in DATA:
                        yield Case(shape, arguments, data)

    def make_module(self, case):
        module = getattr(nn, self.name)(case.shape[1], **case.arguments)
        return module.train(not case.track_running_stats)

    def describe(self, case):
        common = dict(shape=case.shape, epsilon=case.eps, scale=case.affine, bias=case.affine)
        if case.track_running_stats:
            return BatchNorm(features=(1,), training=False, **common)
        return InstanceNorm(channel=1, **common)


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
        arguments = {n: v for n, v in case.arguments.items() if n != "axes"}
        return getattr(nn, self.name)(case.shape[-case.axes :], **arguments)

    def get_axes(self, case):
        return tuple(range(len(case.shape) - case.axes, len(case.shape)))


class TorchLayerNorm(LastAxesNorm):
    name = "LayerNorm"
    varied = "normalized_shape, eps, elementwise_affine, bias"
    choices = dict(elementwise_affine=[True, False], bias=[True, False], eps=[1e-5, 1e-3])

    def describe(self, case):
        return LayerNorm(
            shape=case.shape, reduced=self.get_axes(case), epsilon=case.eps,
            scale=case.elementwise_affine, bias=case.elementwise_affine and case.bias)


class TorchRMSNorm(LastAxesNorm):
    name = "RMSNorm"
    varied = "normalized_shape, eps, elementwise_affine"
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
