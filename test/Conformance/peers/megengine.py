"""MegEngine's batch norm as its documentation defines it, in numpy.

MegEngine has no package for this Python, so nothing of it runs here."""

import numpy as np

from operations import BatchNorm
from suite import CENTRED, DATA, Case, Layer, grid

SHAPES = {
    1: [(7, 5), (4, 6, 13), (1, 3, 31)],
    2: [(2, 6, 5, 7), (8, 3, 17, 16), (4, 1, 1, 9)],
}
ONE_VALUE = {1: (1, 5), 2: (1, 5, 1, 1)}


def batch_norm(x, scale, bias, mean, variance, *, training, momentum, eps, mode):
    """Returns y and the updated running statistics. x, y: (N, C, ...); the others:
    (C), and scale and bias may be None."""
    axes = (0, *range(2, x.ndim))
    shape = (1, -1) + (1,) * (x.ndim - 2)
    keep = x.dtype.type(momentum)
    if training:
        count = x.size // x.shape[1]
        batch_mean = x.mean(axes)
        batch_variance = x.var(axes)
        if mean is not None:
            with np.errstate(invalid="ignore", divide="ignore"):
                unbiased = x.dtype.type(count) * batch_variance / x.dtype.type(count - 1)
            mean = keep * mean + (1 - keep) * batch_mean
            variance = keep * variance + (1 - keep) * unbiased
        used = batch_mean, batch_variance
    else:
        used = mean, variance
    combine = {"add": np.add, "max": np.maximum}[mode]
    deviation = np.sqrt(combine(used[1].reshape(shape), x.dtype.type(eps)))
    y = (x - used[0].reshape(shape)) / deviation
    y = y if scale is None else y * scale.reshape(shape)
    y = y if bias is None else y + bias.reshape(shape)
    return y, mean, variance


class BatchNormNd(Layer):
    system = "MegEngine"
    varied = "eps (added or max), momentum, affine, track_running_stats, freeze, training"
    left_out = "gradients: the documentation defines none"
    gradients = False
    note = "its documented formula in numpy: MegEngine has no package for this Python"

    def __init__(self, dimensions):
        self.dimensions = dimensions
        self.name = f"BatchNorm{dimensions}d"

    def cases(self, quick):
        for shape in SHAPES[self.dimensions]:
            for arguments in grid(
                {}, quick, training=[True, False], affine=[True, False],
                track_running_stats=[True, False], freeze=[False, True],
                momentum=[0.9, 0.7], eps=[1e-5, 1e-3], mode=["add", "max"],
            ):
                if arguments["track_running_stats"] or not arguments["freeze"]:
                    for data in DATA:
                        yield Case(shape, arguments, data)
        yield Case(ONE_VALUE[self.dimensions],
                   dict(training=True, affine=True, track_running_stats=True,
                        freeze=False, momentum=0.9, eps=1e-5, mode="add"), CENTRED)

    def uses_batch(self, case):
        return not case.track_running_stats or (case.training and not case.freeze)

    def run(self, case, arrays):
        names = ("scale", "bias", "running_mean", "running_variance")
        y, mean, variance = batch_norm(
            arrays["x"], *(arrays.get(name) for name in names),
            training=self.uses_batch(case), momentum=case.momentum, eps=case.eps,
            mode=case.mode)
        if not case.track_running_stats or not self.uses_batch(case):
            return {"y": y}
        return {"y": y, "running_mean": mean, "running_variance": variance}

    def describe(self, case):
        return BatchNorm(
            shape=case.shape, features=(1,), epsilon=case.eps, momentum=case.momentum,
            epsilon_mode=case.mode, running_var_correction=1, single="nan",
            scale=case.affine, bias=case.affine, training=self.uses_batch(case),
            track=case.track_running_stats)


LAYERS = [BatchNormNd(1), BatchNormNd(2)]
