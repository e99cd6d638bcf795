# RUN: %python %s
"""Sizes that make norm-tile choose strips of columns, or features whose rows are whole lines together."""

import numpy as np

from layer_models import *
from norm_testing import *

rng = np.random.default_rng(20265)
report = Report()

# The layer, a shape, and the axes that are named.
STRIPS = [
    ("batch_norm_training", (1, 512), dict(features=[1])), ("batch_norm_training", (37, 512), dict(features=[1])),
    ("batch_norm_training", (600, 1024), dict(features=[1])), ("batch_norm_training", (3, 5, 7, 576), dict(features=[3])),
    ("group_norm", (2, 19, 1280), dict(batch=[0], channel=2, groups=32)),
    ("group_norm", (4, 8, 640), dict(batch=[0], channel=2, groups=5)),
    ("instance_norm", (3, 21, 512), dict(batch=[0], channel=2)),
]
LINES = [
    ("batch_norm_training", (8, 32, 4), dict(features=[1])), ("batch_norm_training", (8, 128, 7, 7), dict(features=[1])),
    ("batch_norm_training", (33, 32, 14, 14), dict(features=[1])), ("batch_norm_training", (8, 256, 1), dict(features=[1])),
    ("batch_norm_training", (70, 128, 9), dict(features=[1])),
]
# Rows that end in a shorter vector, and sums of columns over blocks of rows and what is left.
TAILS = [("batch_norm_training", (3, 5, n), dict(features=[1])) for n in (4, 8, 24, 40, 1000)]
TAILS += [("group_norm", (2, 6, 56), dict(batch=[0], channel=1, groups=2)), ("batch_norm_training", (43, 200), dict(features=[1])),
          ("batch_norm_training", (6, 260), dict(features=[1])), ("layer_norm", (41, 300), dict(axes=[1]))]


def open_batch(shape):
    """The first size is dynamic, as the number of samples often is."""
    return [len(shape) > 1, *[False] * (len(shape) - 1)][: len(shape)]


def case(layer, shape, axes, mean=0.0, std=1.0, **options):
    for op in (layer, "batch_norm_grad" if layer == "batch_norm_training" else f"{layer}_grad"):
        running = op == "batch_norm_training"
        c = {**DEFAULTS, "op": op, "shape": shape, "axes": axes, "running": running, **options}
        report.case(f"{op} {shape} {axes} {mean} {std} {options}", lambda: run_case(c, rng, report, mean, std))


for layer, shape, axes in STRIPS + LINES + TAILS:
    case(layer, shape, axes)
    case(layer, shape, axes, mean=100.0, std=0.1)
    case(layer, shape, axes, kind="tensor")
    # A view with steps is summed without vectors, so that its sums are longer.
    case(layer, shape, axes, kind="step", sums=4)
    for element in ("bf16", "f16"):
        case(layer, shape, axes, x=element, y=element, d=element)
    case(layer, shape, axes, mean=100.0, std=0.1, dynamic=open_batch)
    case(layer, shape, axes, kind="tensor", dynamic=open_batch, x="bf16", y="bf16", d="bf16")
report.finish(at_least=190)
