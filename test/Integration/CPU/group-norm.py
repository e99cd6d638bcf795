# RUN: %python %s
"""norm.group_norm against a reference, over shapes, layouts, groups, element
types, optional operands and attributes."""

import itertools

import numpy as np

from norm_testing import *

rng = np.random.default_rng(20242)
report = Report()

DEFAULTS = dict(
    x="f32", y="f32", p="f32", s="f32", kind="memref", dynamic=False, scale=True,
    bias=True, statistics=True, by="num_groups", batch_axes=(0,), epsilon=1e-5,
    variance="stable", accumulator=None, mean=0.0, std=1.0, data=None,
)


def get_kept(c):
    return sorted([*c["batch_axes"], c["channel"]])


def make_call(c):
    channels = c["shape"][c["channel"]]
    operands = {"x": (c["x"], c["shape"])}
    if c["scale"]:
        operands["g"] = (c["p"], [channels])
    if c["bias"]:
        operands["b"] = (c["p"], [channels])
    operands["y"] = (c["y"], c["shape"])
    if c["statistics"]:
        sizes = [c["groups"] if a == c["channel"] else c["shape"][a] for a in get_kept(c)]
        operands["m"] = operands["v"] = (c["s"], sizes)
    outputs = [n for n in "ymv" if n in operands]
    number = c["groups"]
    if c["by"] == "group_size":
        number = channels // c["groups"]
    attributes = (
        f"batch = [{', '.join(map(str, c['batch_axes']))}]"
        f" channel = {c['channel']} {c['by']} = {number}"
        f" epsilon = {c['epsilon']:e} variance = {c['variance']}"
    )
    if c["accumulator"]:
        attributes += f" accumulator = {c['accumulator']}"
    clauses = [("ins", "x"), ("scale", "g"), ("bias", "b"), ("outs", "y"),
               ("statistics", "m", "v")]
    return OpCall("norm.group_norm", clauses, attributes, operands, outputs,
                  c["kind"], c["dynamic"], rng)


def run(c):
    call = make_call(c)
    x = make_data(rng, c["shape"], c["mean"], c["std"])
    if c["data"] is not None:
        x[...] = c["data"]
    call.arrays["x"].set(x)
    values = call.get_values()
    got = call.run(compile_kernel(call.text))

    # The channel axis as two: groups, and the channels of a group.
    channel, groups = c["channel"], c["groups"]
    split = list(c["shape"])
    split[channel : channel + 1] = [groups, split[channel] // groups]
    x = values["x"].astype(np.longdouble).reshape(split)
    kept = [a + (a > channel) for a in get_kept(c)]
    axes = tuple(i for i in range(x.ndim) if i not in kept)
    mean, variance, count = moments(x, axes)
    range_ = spread(x, axes)
    sizes = [1] * x.ndim
    sizes[channel : channel + 2] = split[channel : channel + 2]
    g = values["g"].reshape(sizes) if c["scale"] else np.ones(sizes)
    b = values["b"].reshape(sizes) if c["bias"] else np.zeros(sizes)

    accumulator = c["accumulator"] or ("f64" if c["x"] == "f64" else "f32")
    unit = TYPES[accumulator].epsilon
    if c["variance"] == "stable":
        mean_error = unit * (np.abs(mean) + sum_growth(count) * range_)
        centre_error = sum_growth(count) * unit * range_
        variance_error = (4 + sum_growth(count)) * unit * variance + (unit * (range_ + np.abs(mean))) ** 2
    else:
        magnitude = np.abs(x).max(axes, keepdims=True) if x.size else range_
        mean_error = centre_error = sum_growth(count) * unit * magnitude
        variance_error = (4 + count) * unit * (x**2).sum(axes, keepdims=True) / max(count, 1)
    if c["statistics"]:
        assert np.all(got["v"] >= 0), "a variance is negative"
        shape = [s for i, s in enumerate(mean.shape) if i in kept]
        for name, n, expected, error in (("mean", "m", mean, mean_error),
                                         ("variance", "v", variance, variance_error)):
            report.compare(name, got[n], expected.reshape(shape),
                           (error + half_unit(c["s"], expected)).reshape(shape))
    total = variance + np.longdouble(c["epsilon"])
    positive = np.where(total > 0, total, 1)
    rstd = np.where(total > 0, 1 / np.sqrt(positive), 0)
    y = (x - mean) * rstd * g + b
    relative = variance_error / (2 * positive)
    if np.any(relative > 0.1):
        # Where the fast variance has no digits left, it still gives numbers.
        assert np.all(np.isfinite(got["y"])), "the output is not finite"
        return
    report.compare(
        "output", got["y"].reshape(split), y,
        (4 * unit + relative) * np.abs((x - mean) * rstd * g)
        + (centre_error + 2 * unit * range_) * rstd * np.abs(g)
        + 2 * unit * np.abs(b) + half_unit(c["y"], y),
    )


def case(shape, channel, groups, **options):
    c = {**DEFAULTS, "shape": tuple(shape), "channel": channel, "groups": groups, **options}
    report.case(f"{tuple(shape)} channel {channel} groups {groups} {options}", lambda: run(c))


DATA = [dict(mean=0.0, std=1.0), dict(mean=1e4, std=1.0), dict(mean=100.0, std=0.1)]
LAYOUTS = [
    # NCHW with several, one and C groups
    ((2, 6, 5, 7), 1, 3, {}), ((2, 6, 5, 7), 1, 1, {}), ((2, 6, 5, 7), 1, 6, {}),
    ((9, 12, 31, 33), 1, 4, {}), ((3, 64, 64), 1, 4, {}), ((16, 14, 9), 1, 7, {}),
    # channels last
    ((3, 5, 4, 24), 3, 8, {}), ((3, 5, 4, 24), 3, 1, {}), ((3, 5, 4, 24), 3, 24, {}),
    ((10, 33, 20), 2, 5, {}), ((1, 700, 300), 2, 10, {}), ((9, 11, 3, 5, 14), 4, 2, {}),
    # nothing but channels
    ((16, 12), 1, 4, {}), ((16, 12), 1, 1, {}), ((16, 12), 1, 12, {}), ((1, 4099), 1, 1, {}),
    # other batch axes
    ((7, 8, 3, 5), 2, 1, dict(batch_axes=(0, 1))), ((12, 4, 6), 0, 3, dict(batch_axes=(1,))),
    ((5, 6, 7), 1, 3, dict(batch_axes=())), ((5, 6, 7), 1, 3, dict(batch_axes=(0, 2))),
    ((5, 6, 7), 2, 7, dict(batch_axes=())), ((5, 6, 8), 2, 4, dict(batch_axes=())),
    ((4, 3, 5, 8), 3, 2, dict(batch_axes=(1,))), ((6, 4), 0, 2, dict(batch_axes=(1,))),
    ((3, 2, 8, 5), 2, 4, dict(batch_axes=(0, 3))), ((6, 300, 7), 0, 2, dict(batch_axes=(2,))),
    # one value
    ((1, 1), 1, 1, {}), ((3, 5), 1, 5, {}), ((3, 5, 1), 1, 5, {}),
    # one large group
    ((1, 2, 70001), 1, 1, {}), ((1, 2, 70001), 1, 2, {}),
]
for (shape, channel, groups, options), dynamic in itertools.product(LAYOUTS, (False, True)):
    for data, by in zip(DATA, ("num_groups", "group_size", "num_groups")):
        case(shape, channel, groups, dynamic=dynamic, by=by, **data, **options)

# Without values.
for shape, channel, groups in [((0, 4, 3), 1, 2), ((2, 4, 0), 1, 2), ((2, 4, 0), 1, 1), ((2, 4, 0), 1, 4),
                               ((2, 0, 3), 1, 1), ((2, 0, 3), 1, 2), ((0, 3, 4), 2, 2), ((2, 0, 4), 2, 2),
                               ((2, 3, 0), 2, 2), ((0, 0), 1, 3)]:
    for dynamic, kind in itertools.product((False, True), ("memref", "tensor")):
        case(shape, channel, groups, dynamic=dynamic, kind=kind)

# Tensors, and strided memrefs with guards.
for kind, dynamic in itertools.product(("tensor", "view", "step", "inplace"), (False, True)):
    for shape, channel, groups in [((2, 6, 5, 7), 1, 3), ((2, 6, 35), 1, 1), ((2, 6, 35), 1, 6), ((3, 5, 24), 2, 8),
                                   ((16, 12), 1, 4), ((9, 12, 67), 1, 4)]:
        case(shape, channel, groups, kind=kind, dynamic=dynamic)

# Optional operands.
for scale, bias, statistics in itertools.product((False, True), repeat=3):
    for kind in ("tensor", "memref"):
        for shape, channel, groups in [((3, 6, 37), 1, 2), ((3, 6, 37), 1, 1), ((3, 6, 37), 1, 6), ((3, 37, 6), 2, 3)]:
            case(shape, channel, groups, scale=scale, bias=bias, statistics=statistics, kind=kind)

# Attributes.
for variance, data in itertools.product(("stable", "fast"), DATA + [dict(data=1e6)]):
    for shape, channel, groups in [((3, 6, 37), 1, 2), ((3, 6, 37), 1, 1), ((3, 37, 6), 2, 3), ((2, 2, 9000), 1, 2)]:
        case(shape, channel, groups, variance=variance, **data)
for epsilon in (0.0, 1e-3, 1e300):
    for data in (None, 1e6):
        for shape, channel, groups in [((3, 6, 37), 1, 2), ((3, 37, 6), 2, 3)]:
            case(shape, channel, groups, epsilon=epsilon, data=data)
# A constant has no variance, whatever it is, and its output is the bias.
for shape, channel, groups in [((3, 6, 37), 1, 2), ((3, 6, 13), 1, 1), ((3, 6, 7), 1, 6), ((3, 37, 6), 2, 3), ((9, 15), 1, 5)]:
    for data, epsilon in itertools.product((0.1, 1e5 / 3, -1e-3 / 7), (0.0, 1e-5)):
        case(shape, channel, groups, data=data, epsilon=epsilon)
        case(shape, channel, groups, data=data, epsilon=epsilon, dynamic=True)
case((3, 6, 37), 1, 2, accumulator="f64", mean=1e4)
case((3, 37, 6), 2, 3, accumulator="f64", y="f64", mean=1e4)

# Element types.
for x, y in itertools.product(TYPES, TYPES):
    for shape, channel, groups in [((3, 6, 37), 1, 2), ((3, 37, 6), 2, 3)]:
        case(shape, channel, groups, x=x, y=y)
        case(shape, channel, groups, x=x, y=y, mean=100.0, dynamic=True)
for p, s in itertools.product(TYPES, TYPES):
    case((3, 6, 37), 1, 2, p=p, s=s)
    case((3, 37, 6), 2, 3, x="f16", y="f16", p=p, s=s)

report.finish(at_least=400)
