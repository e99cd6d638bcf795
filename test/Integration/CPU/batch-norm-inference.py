# RUN: %python %s
"""norm.batch_norm_inference against a reference, over shapes, layouts, element
types, optional operands and attributes."""

import itertools

import numpy as np

from norm_testing import *

rng = np.random.default_rng(20241)
report = Report()

DEFAULTS = dict(
    x="f32", y="f32", p="f32", s="f32", kind="memref", dynamic=False, scale=True,
    bias=True, epsilon=1e-5, accumulator=None, mean=0.0, std=1.0, variance=None,
)


def make_call(c):
    features = [c["shape"][axis] for axis in c["features"]]
    operands = {
        "x": (c["x"], c["shape"]), "m": (c["s"], features),
        "v": (c["s"], features),
    }
    if c["scale"]:
        operands["g"] = (c["p"], features)
    if c["bias"]:
        operands["b"] = (c["p"], features)
    operands["y"] = (c["y"], c["shape"])
    attributes = (
        f"features = [{', '.join(map(str, c['features']))}]"
        f" epsilon = {c['epsilon']:e}"
    )
    if c["accumulator"]:
        attributes += f" accumulator = {c['accumulator']}"
    clauses = [("ins", "x"), ("statistics", "m", "v"), ("scale", "g"),
               ("bias", "b"), ("outs", "y")]
    return OpCall("norm.batch_norm_inference", clauses, attributes, operands,
                  ["y"], c["kind"], c["dynamic"], rng)


def run(c):
    call = make_call(c)
    arrays = call.arrays
    arrays["x"].set(make_data(rng, c["shape"], c["mean"], c["std"]))
    arrays["m"].set(make_data(rng, arrays["m"].shape, c["mean"], c["std"]))
    spread_ = np.abs(arrays["v"].get()) + 0.25
    arrays["v"].set(spread_ * c["std"] ** 2 if c["variance"] is None
                    else np.full(spread_.shape, c["variance"]))
    values = call.get_values()
    got = call.run(compile_kernel(call.text))["y"]

    sizes = [s if i in c["features"] else 1 for i, s in enumerate(c["shape"])]
    x, m, v = (values["x"].astype(np.longdouble),
               *(values[n].astype(np.longdouble).reshape(sizes) for n in "mv"))
    g = values["g"].reshape(sizes) if c["scale"] else np.ones(sizes)
    b = values["b"].reshape(sizes) if c["bias"] else np.zeros(sizes)
    total = v + np.longdouble(c["epsilon"])
    rstd = np.where(total > 0, 1 / np.sqrt(np.where(total > 0, total, 1)), 0)
    y = (x - m) * rstd * g + b
    accumulator = c["accumulator"] or ("f64" if c["x"] == "f64" else "f32")
    unit = TYPES[accumulator].epsilon
    report.compare(
        "output", got, y,
        6 * unit * np.abs((x - m) * rstd * g) + 2 * unit * np.abs(b)
        + half_unit(c["y"], y),
    )


def case(shape, features, **options):
    c = {**DEFAULTS, "shape": tuple(shape), "features": tuple(features), **options}
    report.case(f"{tuple(shape)} features {tuple(features)} {options}", lambda: run(c))


DATA = [dict(mean=0.0, std=1.0), dict(mean=1e4, std=1.0), dict(mean=100.0, std=0.1)]
LAYOUTS = [
    ((2, 3, 5, 7), (1,)), ((5, 40, 56, 57), (1,)), ((33, 129, 65), (2,)),
    ((3000, 77), (1,)), ((4, 5, 600), (0, 1)), ((3, 1, 65537), (0,)),
    ((2, 3, 4, 5, 6), (4,)), ((7, 33), (0,)), ((4, 5, 6, 7), (2,)),
    ((3, 4, 5, 6), (0, 3)), ((2, 3, 4), (0, 1, 2)), ((1, 1), (1,)),
    ((0, 3, 4), (1,)), ((2, 0, 4), (1,)), ((2, 3, 0), (2,)),
]
for (shape, features), dynamic in itertools.product(LAYOUTS, (False, True)):
    for data in DATA:
        case(shape, features, dynamic=dynamic, **data)
for kind, dynamic in itertools.product(("tensor", "view", "step", "inplace"), (False, True)):
    for shape, features in [((2, 3, 5, 7), (1,)), ((5, 9, 11, 6), (3,)), ((4, 5, 6), (0, 2)),
                            ((2, 9, 67), (1,)), ((70, 19), (1,)), ((300, 330), (1,))]:
        case(shape, features, kind=kind, dynamic=dynamic)
for scale, bias in itertools.product((False, True), repeat=2):
    for kind in ("tensor", "memref"):
        case((3, 4, 37), (1,), scale=scale, bias=bias, kind=kind)
        case((30, 37), (1,), scale=scale, bias=bias, kind=kind)
for epsilon in (0.0, 1e-3, 1e300):
    for variance in (None, 0.0, 1e-30):
        case((4, 9, 55), (1,), epsilon=epsilon, variance=variance)
case((4, 9, 55), (1,), accumulator="f64", mean=1e4)
case((4, 9, 55), (1,), accumulator="f64", y="f64")
for x, y in itertools.product(TYPES, TYPES):
    for shape, features in [((3, 4, 37), (1,)), ((70, 19), (1,))]:
        case(shape, features, x=x, y=y)
        case(shape, features, x=x, y=y, dynamic=True, mean=10.0)
for p, s in itertools.product(TYPES, TYPES):
    case((3, 4, 37), (1,), p=p, s=s)
    case((3, 4, 37), (1,), x="f16", y="f16", p=p, s=s)

report.finish(at_least=200)
