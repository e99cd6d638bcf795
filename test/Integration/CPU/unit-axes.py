# RUN: %python %s
"""Axes of one element at every place: named by attributes or not, in operands or not."""

import itertools

import numpy as np

from layer_models import *
from norm_testing import *

rng = np.random.default_rng(20264)
report = Report()

# The layer, a shape, and the axes that are named. Sums are long.
LAYERS = [
    ("batch_norm_training", (67, 3, 416), dict(features=[1])), ("batch_norm_training", (2144, 13), dict(features=[1])),
    ("batch_norm_training", (4, 6, 500), dict(features=[1], ghost=2)), ("batch_norm_inference", (5, 7, 11), dict(features=[1])),
    ("group_norm", (2, 6, 2500), dict(batch=[0], channel=1, groups=3)), ("group_norm", (2, 5000), dict(batch=[0], channel=1, groups=2)),
    ("instance_norm", (2, 2500, 3), dict(batch=[0], channel=2)),
    ("layer_norm", (4, 5000), dict(axes=[1])), ("layer_norm", (40, 50), dict(axes=[0, 1])), ("rms_norm", (4, 5000, 3), dict(axes=[1, 2])),
]


def insert(shape, axes, place, name):
    """A further axis at `place`, which the list `name` of `axes` has, if there is one."""
    def move(axis):
        return axis + (axis >= place)

    moved = dict(axes)
    for key, value in axes.items():
        if isinstance(value, list):
            moved[key] = sorted([move(axis) for axis in value] + [place] * (key == name))
        elif key == "channel":
            moved[key] = move(value)
    return (*shape[:place], 1, *shape[place:]), moved


def case(layer, shape, axes, **options):
    for op in (layer, "batch_norm_grad" if layer == "batch_norm_training" else f"{layer}_grad"):
        running = op == "batch_norm_training"
        c = {**DEFAULTS, "op": op, "shape": shape, "axes": axes, "running": running, **options}
        report.case(f"{op} {shape} {axes} {options}", lambda: run_case(c, rng, report, 100.0, 1.0))


for layer, shape, axes in LAYERS:
    for place in range("ghost" in axes, len(shape) + 1):
        for name in (None, *(key for key, value in axes.items() if isinstance(value, list))):
            one = insert(shape, axes, place, name)
            case(layer, *one)
            case(layer, *one, kind="tensor", dynamic=lambda sizes: [size > 1 for size in sizes])
            case(layer, *insert(*one, len(one[0]), name))
            case(layer, *insert(*one, len(one[0]), None), mask=sorted({0, place}))
for layer, shape, axes in (("batch_norm_training", (5000, 1), dict(features=[1])), ("batch_norm_training", (1, 1, 1), dict(features=[2])),
                           ("group_norm", (3, 1, 1700, 1), dict(batch=[1], channel=3, groups=1)),
                           ("instance_norm", (1, 5000, 1), dict(channel=2)), ("layer_norm", (3000, 1), dict(axes=[0, 1]))):
    for kind, dynamic in itertools.product(("memref", "tensor", "view", "step"), (False, True)):
        case(layer, shape, axes, kind=kind, dynamic=dynamic)
report.finish(at_least=400)
