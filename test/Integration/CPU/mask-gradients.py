# RUN: %python %s
"""Gradients of layers with masks and lengths against a reference: the sums over all
values that have an output, their number that of the selected ones."""

from norm_gradients import *

BATCH, INFERENCE, GROUP, INSTANCE, LAYER, RMS = (
    "batch_norm_grad", "batch_norm_inference_grad", "group_norm_grad", "instance_norm_grad", "layer_norm_grad",
    "rms_norm_grad")
MASKS = [(op, shape, axes, mask) for op, shape, axes, masks in [
    # Layer, shape, axes, axes of masks.
    (BATCH, (3, 5, 4, 7), dict(features=(1,)), [(), (1,), (0, 3), (0, 1, 2, 3)]),
    (BATCH, (40, 33), dict(features=(1,)), [(0,), (0, 1)]), (BATCH, (3, 37, 67), dict(features=(2,)), [(0, 1), (2,)]),
    (BATCH, (6, 4, 9, 67), dict(features=(0, 2)), [(1, 3), (0, 2)]), (BATCH, (16, 17), dict(features=(0, 1)), [(0, 1)]),
    (BATCH, (0, 3, 4), dict(features=(1,)), [(0, 2)]), (BATCH, (1, 2, 70000), dict(features=(1,)), [(0, 2)]),
    (BATCH, (4, 6, 5), dict(features=(1,), parameters=(0, 2)), [(0, 1)]),
    (INFERENCE, (3, 5, 4, 7), dict(features=(1,)), [(0, 3), (0, 1, 2, 3)]),
    (INFERENCE, (3, 37, 67), dict(features=(2,)), [(0, 1)]),
    (GROUP, (4, 6, 7), dict(channel=1, groups=3), [(), (0, 2), (1,), (0, 1, 2)]),
    (GROUP, (4, 7, 6), dict(channel=2, groups=3), [(0, 1), (2,), (0, 1, 2)]),
    (GROUP, (3, 19, 64), dict(channel=2, groups=16), [(0, 1)]), (GROUP, (4, 6, 7), dict(channel=1, groups=1), [(0, 2)]),
    (GROUP, (4, 7, 6), dict(channel=2, groups=6), [(0, 1)]), (GROUP, (6, 8, 9), dict(channel=1, groups=2, batch=()), [(0, 1)]),
    (GROUP, (4, 6, 7), dict(channel=1, groups=3, affine="per_group"), [(0, 1)]),
    (GROUP, (4, 7, 6), dict(channel=2, groups=3, affine="per_member"), [(0, 1)]),
    (INSTANCE, (2, 6, 5, 7), dict(channel=1), [(0, 2, 3)]), (INSTANCE, (9, 40, 8), dict(channel=2), [(0, 1, 2)]),
    (LAYER, (5, 33), dict(axes=(1,)), [(), (1,), (0, 1)]), (LAYER, (3, 17, 70), dict(axes=(2,)), [(0, 1), (0, 2)]),
    (LAYER, (4, 5, 6, 7), dict(axes=(1, 2, 3)), [(0, 2)]), (LAYER, (2, 30000), dict(axes=(1,)), [(0, 1)]),
    (RMS, (5, 33), dict(axes=(1,)), [(1,), (0, 1)]), (RMS, (6, 5, 4), dict(axes=(0, 2)), [(0, 1)]),
    (RMS, (3, 1), dict(axes=(1,)), [(0, 1)]),
] for mask in masks]
SHARES = (0, "one", 0.03, 0.5, 1)
for (op, shape, axes, mask), (dynamic, other) in zip(MASKS, itertools.cycle([(False, True), (True, False)])):
    case(op, shape, axes, mask=mask, dynamic=dynamic, shares=SHARES)
    case(op, shape, axes, mask=mask, dynamic=other, shares=SHARES, unselected="normalize", given="rstd", mean=100)

FEW = [
    # With a mask and with lengths.
    (BATCH, (3, 5, 31), dict(features=(1,)), dict(mask=(0, 2))),
    (GROUP, (3, 7, 6), dict(channel=2, groups=3), dict(mask=(0,), sequence=1)),
    (LAYER, (3, 17, 70), dict(axes=(2,)), dict(mask=(0,), sequence=2, l="i64", unselected="normalize")),
    (RMS, (5, 33), dict(axes=(1,)), dict(mask=(0, 1), unselected="normalize")),
]
for (op, shape, axes, mask), dynamic in itertools.product(FEW, (False, True)):
    for kind in ("tensor", "view", "step"):
        case(op, shape, axes, kind=kind, dynamic=dynamic, **mask)
    case(op, shape, axes, per_sample=True, dynamic=dynamic, shares=(0.03, 0.5), **mask)
for op, shape, axes, mask in FEW:
    for wanted in ("y", "h", "c", "hc"):
        case(op, shape, axes, wanted=wanted, kind="tensor", **mask)
    case(op, shape, axes, scale=False, wanted="y", **mask)
    case(op, shape, axes, other_statistics=True, **mask)
    case(op, shape, axes, data=1e6, **mask)
    case(op, shape, axes, mean=1e4, std=0.1, shares=SHARES, **mask)
    case(op, shape, axes, mean=1e4, accumulator="f64", **mask)
    for mode in ("max", "outside"):
        case(op, shape, axes, mode=mode, zero_centered=True, epsilon=0.9, shares=SHARES, **mask)
    for x, d, p, s in (("f16", "f32", "bf16", "f32"), ("bf16", "bf16", "f32", "f32"), ("f64", "f32", "f64", "f64")):
        case(op, shape, axes, x=x, d=d, p=p, s=s, **mask)
    for dynamic in (False, True):
        case(op, shape, axes, dynamic=dynamic, options="target=reference", shares=SHARES, **mask)
case(INFERENCE, (3, 5, 31), dict(features=(1,)), mask=(0,), sequence=2, options="target=reference")
report.finish(at_least=400)
