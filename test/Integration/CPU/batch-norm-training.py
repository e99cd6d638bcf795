# RUN: %python %s
"""norm.batch_norm_training against a reference, over shapes, layouts, element
types, optional operands and attributes."""

import itertools

import numpy as np

from norm_testing import *

rng = np.random.default_rng(20240)
report = Report()


def make_call(c):
    features = [c["shape"][axis] for axis in c["features"]]
    operands = {"x": (c["x"], c["shape"])}
    if c["scale"]:
        operands["g"] = (c["p"], features)
    if c["bias"]:
        operands["b"] = (c["p"], features)
    operands["y"] = (c["y"], c["shape"])
    if c["running"]:
        operands["rm"] = operands["rv"] = (c["s"], features)
    if c["batch"]:
        operands["bm"] = operands["bv"] = (c["s"], features)
    outputs = [n for n in ("y", "rm", "rv", "bm", "bv") if n in operands]
    attributes = (
        f"features = [{', '.join(map(str, c['features']))}]"
        f" epsilon = {c['epsilon']:e} momentum = {c['momentum']:e}"
        f" running_var_correction = {c['correction']}"
        f" variance = {c['variance']}"
    )
    if c["accumulator"]:
        attributes += f" accumulator = {c['accumulator']}"
    clauses = [("ins", "x"), ("scale", "g"), ("bias", "b"), ("outs", "y"),
               ("running", "rm", "rv"), ("batch", "bm", "bv")]
    return OpCall("norm.batch_norm_training", clauses, attributes, operands,
                  outputs, c["kind"], c["dynamic"], rng)


DEFAULTS = dict(
    x="f32", y="f32", p="f32", s="f32", kind="memref", dynamic=False, scale=True,
    bias=True, running=True, batch=True, epsilon=1e-5, momentum=0.9,
    correction=1, variance="stable", accumulator=None, mean=0.0, std=1.0,
    data=None,
)


def run(c):
    call = make_call(c)
    x = make_data(rng, c["shape"], c["mean"], c["std"])
    if c["data"] is not None:
        x[...] = c["data"]
    call.arrays["x"].set(x)
    if c["running"]:
        call.arrays["rv"].set(np.abs(call.arrays["rv"].get()) + 0.5)
    values = call.get_values()
    check(c, values, call.run(compile_kernel(call.text)))


def check(c, values, got):
    accumulator = c["accumulator"] or ("f64" if c["x"] == "f64" else "f32")
    unit = TYPES[accumulator].epsilon
    x = values["x"].astype(np.longdouble)
    axes = tuple(i for i in range(x.ndim) if i not in c["features"])
    mean, variance, count = moments(x, axes)
    sizes = [s if i in c["features"] else 1 for i, s in enumerate(x.shape)]
    g = values["g"].reshape(sizes) if "g" in values else np.ones(sizes)
    b = values["b"].reshape(sizes) if "b" in values else np.zeros(sizes)
    range_ = spread(x, axes)

    # How far the statistics may be off: the stable variance works on distances
    # from a value of the data, the fast one on the data.
    if c["variance"] == "stable":
        mean_error = unit * (np.abs(mean) + sum_growth(count) * range_)
        centre_error = sum_growth(count) * unit * range_
        variance_error = (4 + sum_growth(count)) * unit * variance + (unit * (range_ + np.abs(mean))) ** 2
    else:
        square = (x**2).sum(axes, keepdims=True) / max(count, 1)
        magnitude = np.abs(x).max(axes, keepdims=True) if x.size else range_
        mean_error = centre_error = sum_growth(count) * unit * magnitude
        variance_error = (4 + count) * unit * square
    total = variance + np.longdouble(c["epsilon"])
    positive = np.where(total > 0, total, 1)
    rstd = np.where(total > 0, 1 / np.sqrt(positive), 0)

    if "bv" in got:
        assert np.all(got["bv"] >= 0), "a variance is negative"
        report.compare("batch mean", got["bm"].reshape(sizes), mean,
                       mean_error + half_unit(c["s"], mean))
        report.compare("batch variance", got["bv"].reshape(sizes), variance,
                       variance_error + half_unit(c["s"], variance))
    if "rv" in got:
        m = np.longdouble(c["momentum"])
        old_mean = values["rm"].reshape(sizes).astype(np.longdouble)
        old_variance = values["rv"].reshape(sizes).astype(np.longdouble)
        new_mean = m * old_mean + (1 - m) * mean if count else old_mean
        divisor = count - c["correction"]
        factor = np.longdouble(count) / max(divisor, 1)
        new_variance = old_variance
        if divisor > 0:
            new_variance = m * old_variance + (1 - m) * variance * factor
        # What does not change keeps its bits.
        slack = 0 if count == 0 else 3 * unit
        report.compare("running mean", got["rm"].reshape(sizes), new_mean,
                       (0 if count == 0 else (1 - m) * mean_error + slack * (np.abs(old_mean) + np.abs(new_mean))
                        + half_unit(c["s"], new_mean)))
        report.compare("running variance", got["rv"].reshape(sizes), new_variance,
                       (0 if divisor <= 0 else (1 - m) * factor * variance_error + slack * (old_variance + new_variance)
                        + half_unit(c["s"], new_variance)))

    y = (x - mean) * rstd * g + b
    relative = variance_error / (2 * positive)
    if np.any(relative > 0.1):
        # Where the fast variance has no digits left, it still gives numbers.
        assert np.all(np.isfinite(got["y"])), "the output is not finite"
        return
    error = (
        (4 * unit + relative) * np.abs((x - mean) * rstd * g)
        + (centre_error + 2 * unit * range_) * rstd * np.abs(g)
        + 2 * unit * np.abs(b)
        + half_unit(c["y"], y)
    )
    report.compare("output", got["y"], y, error)


def case(shape, features, **options):
    c = {**DEFAULTS, "shape": tuple(shape), "features": tuple(features), **options}
    changed = {k: v for k, v in options.items()}
    report.case(f"{tuple(shape)} features {tuple(features)} {changed}", lambda: run(c))


DATA = [dict(mean=0.0, std=1.0), dict(mean=1e4, std=1.0), dict(mean=100.0, std=0.1)]

# Layouts and sizes, each with all three kinds of data.
LAYOUTS = [
    ((2, 3, 5, 7), (1,)),  # NCHW
    ((4, 16, 31, 17), (1,)),
    ((3, 2, 129, 65), (1,)),
    ((5, 9, 11, 6), (3,)),  # NHWC
    ((8, 33, 70), (2,)),
    ((2, 3, 4, 5, 6), (4,)),  # NDHWC
    ((6, 7, 1021), (1,)),  # NCW
    ((33, 7), (1,)),  # NC
    ((7, 33), (0,)),  # the feature axis first
    ((4, 5, 6, 7), (2,)),  # in the middle
    ((3, 4, 5, 6), (1, 2)),  # several
    ((3, 4, 5, 6), (0, 3)),
    ((4, 5, 6), (0, 2)),
    ((2, 3, 4), (0, 1, 2)),  # every axis: one value each
    ((1, 1), (0,)),
    ((1, 5, 1, 1), (1,)),  # one value
    ((13, 1, 17), (1,)),  # one feature
    ((1, 3, 65537), (1,)),
    ((5003, 3), (1,)),
    ((100, 200, 37), (2,)),
]
for (shape, features), dynamic in itertools.product(LAYOUTS, (False, True)):
    for data in DATA:
        case(shape, features, dynamic=dynamic, **data)

# Without values.
for shape, features in [((0, 3, 4), (1,)), ((2, 3, 0), (1,)), ((2, 0, 4), (1,)),
                        ((0, 3), (1,)), ((3, 0), (1,)), ((0, 0), (0,))]:
    for dynamic, correction in itertools.product((False, True), (0, 1)):
        case(shape, features, dynamic=dynamic, correction=correction)
        case(shape, features, dynamic=dynamic, correction=correction, kind="tensor")

# Tensors, and strided memrefs with guards.
for kind, dynamic in itertools.product(("tensor", "view", "step", "inplace"), (False, True)):
    for shape, features in [((2, 3, 5, 7), (1,)), ((5, 9, 11, 6), (3,)), ((4, 5, 6), (0, 2)),
                            ((2, 9, 67), (1,)), ((70, 19), (1,)), ((12, 40, 50), (1,))]:
        case(shape, features, kind=kind, dynamic=dynamic)

# Optional operands.
for scale, bias, running, batch in itertools.product((False, True), repeat=4):
    for kind in ("tensor", "memref"):
        case((3, 4, 37), (1,), scale=scale, bias=bias, running=running, batch=batch, kind=kind)
case((3, 40, 37), (1,), batch=False, running=False, scale=False)
case((300, 37), (1,), batch=False, bias=False)

# Attributes.
for momentum, correction, n in itertools.product((0.0, 0.9, 1.0, 0.3), (0, 1), (1, 2, 40)):
    case((n, 5), (1,), momentum=momentum, correction=correction)
for variance, data in itertools.product(("stable", "fast"), DATA + [dict(data=1e6)]):
    for shape, features in [((4, 9, 55), (1,)), ((400, 33), (1,)), ((2, 3, 9000), (1,))]:
        case(shape, features, variance=variance, **data)
for epsilon in (0.0, 1e-3, 1e300, 5e-324):
    case((4, 9, 55), (1,), epsilon=epsilon)
    case((4, 9, 55), (1,), epsilon=epsilon, data=1e6)
    case((400, 33), (1,), epsilon=epsilon, data=-3.0, kind="tensor")
# A constant has no variance, whatever it is, and its output is the bias.
for shape, features in [((4, 9, 55), (1,)), ((7, 3), (1,)), ((400, 33), (1,)), ((3, 4, 13), (1,)), ((5, 6, 70), (2,))]:
    for data, epsilon in itertools.product((0.1, 1e5 / 3, -1e-3 / 7), (0.0, 1e-5)):
        case(shape, features, data=data, epsilon=epsilon)
        case(shape, features, data=data, epsilon=epsilon, dynamic=True)
case((4, 9, 55), (1,), accumulator="f64")
case((4, 9, 55), (1,), accumulator="f64", mean=1e4, x="f16", y="f16")
case((400, 33), (1,), accumulator="f64", y="f64", mean=1e4)
case((400, 33), (1,), accumulator="f64", y="f64", s="f64", p="f64")

# Element types: all pairs of input and output, and the other types.
for x, y in itertools.product(TYPES, TYPES):
    for shape, features in [((3, 4, 37), (1,)), ((70, 19), (1,))]:
        case(shape, features, x=x, y=y)
        case(shape, features, x=x, y=y, mean=100.0, dynamic=True)
for x, p, s in itertools.product(("f16", "bf16", "f32", "f64"), TYPES, TYPES):
    if (p, s) != ("f32", "f32"):
        case((3, 4, 37), (1,), x=x, y=x, p=p, s=s)
for x, s in itertools.product(TYPES, TYPES):
    for dynamic in (False, True):
        case((0, 3, 4), (1,), x=x, y=x, s=s, dynamic=dynamic)
        case((1, 3), (1,), x=x, y=x, s=s, dynamic=dynamic)

report.finish(at_least=400)
