# RUN: %python %s
"""Layers and gradients whose operands have some sizes static and some dynamic: what
one type leaves open, another one tells."""

import itertools

import numpy as np

from layer_models import *
from norm_testing import *

rng = np.random.default_rng(20251)
report = Report()

LAYERS = [
    # Layer, shape, axes.
    ("batch_norm_training", (3, 6, 5, 7), dict(features=(1,))), ("batch_norm_training", (30, 2, 3), dict(features=(1, 2))),
    ("batch_norm_inference", (3, 6, 5, 7), dict(features=(1,))), ("batch_norm_inference", (30, 9), dict(features=(1,))),
    ("group_norm", (3, 6, 5, 7), dict(channel=1, groups=3)), ("group_norm", (3, 5, 12), dict(channel=2, groups=3)),
    ("group_norm", (3, 6, 5), dict(channel=1, groups=3, affine="per_member")),
    ("group_norm", (3, 6, 5), dict(channel=1, groups=3, affine="per_group", by="group_size")),
    ("group_norm", (3, 6, 5), dict(channel=1, groups=1, batch=())), ("group_norm", (3, 6, 5), dict(channel=1, groups=6)),
    ("instance_norm", (3, 6, 5, 7), dict(channel=1)), ("instance_norm", (3, 5, 12), dict(channel=2)),
    ("layer_norm", (3, 5, 12), dict(axes=(1, 2))), ("rms_norm", (3, 5, 12), dict(axes=(2,))),
]


def cycle(*pattern):
    """Repeats a pattern over the sizes of all operands."""
    choices = itertools.cycle(pattern)
    return lambda shape: [next(choices) for _ in shape]


# Whether the sizes of an operand of a shape are dynamic.
PATTERNS = {
    "every second": lambda: cycle(False, True),
    "every third": lambda: cycle(True, False, False),
    "all but each third": lambda: cycle(False, True, True),
    "all but 0": lambda: lambda shape: [size > 0 for size in shape],
}


def get_gradient(op):
    return "batch_norm_grad" if op == "batch_norm_training" else f"{op}_grad"


def run(c, pattern):
    call = make_call({**c, "dynamic": PATTERNS[pattern]()}, rng)
    for name, array in call.arrays.items():
        values = make_data(rng, array.shape)
        array.set(np.abs(values) if name in ("v", "rv") else values)
    if is_gradient(c):
        set_statistics(c, call, False, rng)
    values = call.get_values()
    expected = expect(c, values)
    for name, actual in call.run(compile_kernel(call.text)).items():
        report.compare(f"{c['op']} {name}", actual, *expected[name])


def case(op, shape, axes, **options):
    c = {**DEFAULTS, "op": op, "shape": shape, "axes": axes, "running": op == "batch_norm_training", **options}
    for pattern in PATTERNS:
        report.case(f"{op} {shape} {axes} {options}, dynamic: {pattern}", lambda: run(c, pattern))


for layer, shape, axes in LAYERS:
    for op in (layer, get_gradient(layer)):
        case(op, shape, axes, kind="tensor")
        case(op, shape, axes, kind="view")
        case(op, (0, *shape[1:]), axes)
        if axes.get("channel") != len(shape) - 1:
            case(op, (*shape[:-1], 0), axes)
report.finish(at_least=400)
