# RUN: %python %s
"""Layers with masks and lengths, compiled and interpreted, against a reference: what
is not selected has no effect on statistics, whatever it is."""

import itertools

import numpy as np

from layer_models import *
from norm_testing import *

rng = np.random.default_rng(20261)
report = Report()

OPTIONS = {**DEFAULTS, "mean": 0.0, "std": 1.0, "data": None, "shares": (0, "one", 0.03, 0.5, 0.97, 1),
           # Whether one value that is selected, or one that is not, is NaN.
           "nan": None}
# More elements are not interpreted.
MANY = 5000


def set_data(c, call, share):
    for name, array in call.arrays.items():
        values = make_data(rng, array.shape)
        array.set(np.abs(values) if name in ("v", "rv") else values)
    if c["batches"]:
        call.arrays["k"].set(7)
    x = make_data(rng, c["shape"], c["mean"], c["std"])
    if c["data"] is not None:
        x[...] = c["data"]
    call.arrays["x"].set(x)
    set_selected(c, call, share, rng)
    spoil_unselected(c, call, rng)
    if c["nan"]:
        layer = make_layer(c)
        selected = layer.merge(get_selected(c, layer, call.get_values()))
        place = np.argwhere(selected == (c["nan"] == "selected"))[:1]
        call.arrays["x"].array[tuple(place.T)] = np.nan


def compare(c, title, got, expected):
    for name, actual in got.items():
        value, tolerance = expected[name]
        is_nan = np.isnan(value)
        assert np.array_equal(np.isnan(actual), is_nan), f"{name}: NaN in other places than expected"
        report.compare(f"{title} {name} {get_output_type(c, name)}",
                       *(np.where(is_nan, 0, part) for part in (actual, value, tolerance)))


def run(c, share):
    call = make_call(c, rng)
    set_data(c, call, share)
    values = call.get_values()
    with np.errstate(all="ignore"):
        expected = expect(c, values)
    compare(c, c["op"], call.run(compile_kernel(call.text)), expected)
    if np.prod(c["shape"]) < MANY:
        for name, array in call.arrays.items():
            array.set(values[name])
        compare(c, "reference", call.run(compile_kernel(call.text, "target=reference")), expected)


def case(op, shape, axes, mask, **options):
    c = {**OPTIONS, "op": op, "shape": tuple(shape), "axes": axes, "mask": mask, **options}
    for share in c["shares"]:
        report.case(f"{op} {tuple(shape)} {axes} mask {mask} {options}, selected: {share}", lambda: run(c, share))


TRAINING, INFERENCE, GROUP, INSTANCE, LAYER, RMS = (
    "batch_norm_training", "batch_norm_inference", "group_norm", "instance_norm", "layer_norm", "rms_norm")

# ===----------------------------------------------------------------------===#
# Shapes
# ===----------------------------------------------------------------------===#

MASKS = [(op, shape, axes, mask) for op, shape, axes, masks in [
    # Layer, shape, axes, axes of masks.
    (TRAINING, (3, 5, 4, 7), dict(features=(1,)), [(), (1,), (0, 3), (0, 2, 3), (0, 1, 2, 3)]),
    (TRAINING, (40, 33), dict(features=(1,)), [(0,), (1,), (0, 1)]),
    (TRAINING, (3, 37, 67), dict(features=(2,)), [(0, 1), (2,), (0, 1, 2)]),
    (TRAINING, (9, 5, 40), dict(features=(0,)), [(2,)]),
    (TRAINING, (6, 4, 9, 67), dict(features=(0, 2)), [(1, 3), (0, 2)]),
    (TRAINING, (16, 17), dict(features=(0, 1)), [(0, 1)]), (TRAINING, (1, 1), dict(features=(1,)), [(0, 1)]),
    (TRAINING, (0, 3, 4), dict(features=(1,)), [(0, 2)]), (TRAINING, (2, 3, 0), dict(features=(1,)), [(1,)]),
    (TRAINING, (2, 2, 70000), dict(features=(1,)), [(0, 2)]), (TRAINING, (3001, 7), dict(features=(1,)), [(0,)]),
    (TRAINING, (4, 6, 5), dict(features=(1,), parameters=(0, 2)), [(0, 1)]),
    (INFERENCE, (3, 5, 4, 7), dict(features=(1,)), [(), (1,), (0, 3), (0, 1, 2, 3)]),
    (INFERENCE, (3, 37, 67), dict(features=(2,)), [(0, 1), (0, 1, 2)]),
    (GROUP, (4, 6, 7), dict(channel=1, groups=3), [(), (0, 2), (1,), (0, 1, 2)]),
    (GROUP, (4, 7, 6), dict(channel=2, groups=3), [(0, 1), (2,), (0, 1, 2)]),
    (GROUP, (3, 19, 64), dict(channel=2, groups=16, by="group_size"), [(0, 1), (1, 2)]),
    (GROUP, (4, 6, 7), dict(channel=1, groups=1), [(0, 2), (1,)]),
    (GROUP, (4, 7, 6), dict(channel=2, groups=6), [(0, 1), (2,)]),
    (GROUP, (6, 8, 9), dict(channel=1, groups=2, batch=()), [(0, 1)]),
    (GROUP, (3, 12, 11), dict(channel=1, groups=4, batch=(0, 2)), [(1,), (0, 2)]),
    (GROUP, (2, 4, 35001), dict(channel=1, groups=2), [(2,)]),
    (GROUP, (4, 6, 7), dict(channel=1, groups=3, affine="per_group"), [(0, 1)]),
    (GROUP, (4, 7, 6), dict(channel=2, groups=3, affine="per_member"), [(0, 1)]),
    (GROUP, (4, 7, 6), dict(channel=2, groups=3, affine="per_group", parameters=(0, 2)), [(0, 2)]),
    (INSTANCE, (2, 6, 5, 7), dict(channel=1), [(0, 2, 3), (0, 1, 2, 3)]), (INSTANCE, (9, 40, 8), dict(channel=2), [(0, 1)]),
    (LAYER, (5, 33), dict(axes=(1,)), [(), (1,), (0, 1)]), (LAYER, (3, 17, 70), dict(axes=(2,)), [(0, 1), (2,)]),
    (LAYER, (4, 5, 6, 7), dict(axes=(1, 2, 3)), [(0, 2), (0, 1, 2, 3)]), (LAYER, (7, 300), dict(axes=(0,)), [(0,)]),
    (LAYER, (2, 70000), dict(axes=(1,)), [(0, 1)]), (LAYER, (5, 0), dict(axes=(1,)), [(0,)]),
    (RMS, (5, 33), dict(axes=(1,)), [(), (1,), (0, 1)]), (RMS, (6, 5, 4), dict(axes=(0, 2)), [(0, 1), (2,)]),
    (RMS, (3, 1), dict(axes=(1,)), [(0, 1)]), (RMS, (2, 70000), dict(axes=(1,)), [(1,)]),
] for mask in masks]

for (op, shape, axes, mask), (dynamic, other) in zip(MASKS, itertools.cycle([(False, True), (True, False)])):
    case(op, shape, axes, mask, dynamic=dynamic)
    case(op, shape, axes, mask, dynamic=other, unselected="normalize")

# Lengths: how far the sequence axis is selected for each index of the others.
LENGTHS = [
    # Layer, shape, axes, axes of lengths, sequence axis.
    (TRAINING, (3, 5, 31), dict(features=(1,)), (0,), 2), (TRAINING, (3, 31, 5), dict(features=(2,)), (0,), 1),
    (TRAINING, (3, 5, 7), dict(features=(1,)), (0, 2), 1), (INFERENCE, (3, 5, 31), dict(features=(1,)), (), 2),
    (GROUP, (3, 6, 31), dict(channel=1, groups=3), (0,), 2), (GROUP, (3, 7, 6), dict(channel=2, groups=3), (0,), 2),
    (GROUP, (3, 7, 6), dict(channel=2, groups=3), (2,), 1), (INSTANCE, (3, 6, 5, 7), dict(channel=1), (0, 1, 3), 2),
    (LAYER, (3, 17, 70), dict(axes=(2,)), (0,), 1), (LAYER, (3, 17, 70), dict(axes=(1, 2)), (0, 1), 2),
    (RMS, (17, 3, 70), dict(axes=(2,)), (1,), 0), (RMS, (3, 17), dict(axes=(1,)), (), 1),
    (LAYER, (3, 0, 5), dict(axes=(2,)), (0,), 1),
]
for (op, shape, axes, lengths, sequence), (dynamic, l) in zip(
        LENGTHS, itertools.cycle([(False, "i32"), (True, "i64"), (True, "i32"), (False, "i64")])):
    case(op, shape, axes, lengths, sequence=sequence, dynamic=dynamic, l=l, shares=(0, 0.5, 1))

# ===----------------------------------------------------------------------===#
# Operands
# ===----------------------------------------------------------------------===#

SHARES = (0.03, 0.5)
for kind, dynamic in itertools.product(("tensor", "view", "step", "inplace"), (False, True)):
    case(TRAINING, (3, 5, 31), dict(features=(1,)), (0, 2), kind=kind, dynamic=dynamic, shares=SHARES)
    case(GROUP, (3, 7, 6), dict(channel=2, groups=3), (0,), sequence=1, l="i64", kind=kind, dynamic=dynamic, shares=SHARES)
    case(LAYER, (3, 17, 70), dict(axes=(2,)), (0, 2), kind=kind, dynamic=dynamic, unselected="normalize", shares=SHARES)
    case(INFERENCE, (3, 5, 31), dict(features=(1,)), (0, 2), kind=kind, dynamic=dynamic, shares=SHARES)
for x, y, p, s in [("f64", "f32", "f32", "f64"), ("f16", "f32", "f16", "f32"), ("bf16", "bf16", "f32", "f32"),
                   ("f32", "f16", "bf16", "f16"), ("f32", "f64", "f64", "bf16")]:
    for op, axes in ((TRAINING, dict(features=(1,))), (RMS, dict(axes=(1, 2)))):
        case(op, (3, 5, 37), axes, (0, 2), x=x, y=y, p=p, s=s, shares=SHARES)
for op, shape, axes, mask in ((TRAINING, (3, 5, 31), dict(features=(1,)), (0, 2)),
                              (GROUP, (3, 7, 6), dict(channel=2, groups=3), (0, 1, 2)),
                              (RMS, (5, 33), dict(axes=(1,)), (0, 1))):
    case(op, shape, axes, mask, scale=False, bias=False, statistics=False, shares=SHARES)
    case(op, shape, axes, mask, data=1e6, shares=("one", 0.5))
    case(op, shape, axes, mask, data=1e6, epsilon=0, shares=("one",))
    case(op, shape, axes, mask, mean=1.0, std=1e-5)
    case(op, shape, axes, mask, mean=100, accumulator="f64", shares=SHARES)
    for unselected in ("zero", "normalize"):
        case(op, shape, axes, mask, mean=1e4, std=0.1, unselected=unselected)
        if op != RMS:
            case(op, shape, axes, mask, mean=3, variance="fast", unselected=unselected)
    for mode, zero_centered in (("add", True), ("max", False), ("outside", True)):
        case(op, shape, axes, mask, mode=mode, zero_centered=zero_centered, epsilon=0.9, shares=SHARES)
    case(op, shape, axes, mask, nan="selected", shares=(0, 0.5))
    case(op, shape, axes, mask, nan="unselected", unselected="normalize", shares=(0, 0.5))
case(TRAINING, (2, 2, 70000), dict(features=(1,)), (0, 2), mean=1e4, std=0.1, shares=SHARES)

# ===----------------------------------------------------------------------===#
# Running statistics
# ===----------------------------------------------------------------------===#

FEW = (0, "one", 0.03, 0.5)
for correction, single, empty in ((0, "nan", "nan"), (1, "keep", "keep"), (1, "nan", "nan"), (1, "biased", "keep")):
    for mask in ((0, 2), (0, 1, 2)):
        case(TRAINING, (4, 6, 5), dict(features=(1,)), mask, running=True, correction=correction, single=single,
             empty=empty, shares=FEW)
for nonfinite, empty in itertools.product(("propagate", "skip_update"), ("keep", "nan")):
    case(TRAINING, (4, 6, 5), dict(features=(1,)), (0, 1, 2), running=True, nonfinite=nonfinite, empty=empty,
         nan="selected", shares=FEW)
case(TRAINING, (4, 6, 5), dict(features=(1,)), (0,), sequence=2, running=True, batches=True, shares=(0, 0.5, 1))
case(TRAINING, (4, 5, 6), dict(features=(2,)), (0, 1), running=True, batches=True, kind="tensor", dynamic=True, shares=FEW)
report.finish(at_least=900)
