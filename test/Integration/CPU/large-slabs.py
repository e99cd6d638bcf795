# RUN: %python %s
"""Slabs that are split evenly, or cannot be, for the blocks of a cluster on a GPU."""

import numpy as np

from layer_models import *
from norm_testing import *

rng = np.random.default_rng(20266)
report = Report()

# The layer, a shape, and the axes that are named.
LAYERS = [
    ("batch_norm_training", (8, 6, 160), dict(features=[1])), ("batch_norm_training", (12, 3, 5, 7, 4), dict(features=[1])),
    ("batch_norm_training", (2, 5, 1, 1000), dict(features=[1])), ("batch_norm_training", (7, 3, 333), dict(features=[1])),
    ("group_norm", (2, 12, 130), dict(batch=[0], channel=1, groups=2)), ("group_norm", (3, 8, 16, 9), dict(batch=[0], channel=1, groups=4)),
    ("group_norm", (2, 40, 24), dict(batch=[0], channel=2, groups=3)), ("instance_norm", (3, 2, 36, 20), dict(batch=[0], channel=1)),
    ("layer_norm", (5, 1200), dict(axes=[1])), ("layer_norm", (3, 30, 44), dict(axes=[1, 2])), ("rms_norm", (4, 1424), dict(axes=[1])),
    ("rms_norm", (2, 999), dict(axes=[1])),
]


def case(layer, shape, axes, mean=0.0, std=1.0, **options):
    for op in (layer, "batch_norm_grad" if layer == "batch_norm_training" else f"{layer}_grad"):
        running = op == "batch_norm_training"
        c = {**DEFAULTS, "op": op, "shape": shape, "axes": axes, "running": running, **options}
        report.case(f"{op} {shape} {axes} {mean} {std} {options}", lambda: run_case(c, rng, report, mean, std))


for layer, shape, axes in LAYERS:
    case(layer, shape, axes)
    case(layer, shape, axes, mean=100.0, std=0.1)
    case(layer, shape, axes, kind="tensor")
    case(layer, shape, axes, kind="view", statistics=False, sums=4)
    case(layer, shape, axes, x="bf16", y="bf16", d="bf16", scale=False)
    case(layer, shape, axes, x="f64", y="f64", d="f64", p="f64", s="f64", kind="tensor")
    case(layer, shape, axes, mask=list(range(len(shape))))
report.finish(at_least=160)
