# RUN: %python %s
"""norm.gradient_sums and norm.gradient_apply against a reference, over shapes,
axes, element types and optional operands."""

import itertools

import numpy as np

from norm_testing import *

rng = np.random.default_rng(20244)
report = Report()

DEFAULTS = dict(x="f32", d="f32", s="f32", kind="memref", dynamic=False, mean=0.0,
                std=1.0, absent=())


def list_axes(axes):
    return f"[{', '.join(map(str, axes))}]"


def select(shape, axes):
    return [shape[axis] for axis in axes]


def spread(values, shape, axes):
    """Gives a dimension of 1 to every axis that `values` lacks."""
    sizes = [size if axis in axes else 1 for axis, size in enumerate(shape)]
    return values.astype(np.longdouble).reshape(sizes)


def set_all(arrays, c):
    for name, array in arrays.items():
        data = (c["mean"], c["std"]) if name in "xm" else (0.0, 1.0)
        array.set(make_data(rng, array.shape, *data))


def run_sums(c):
    shape, axes, statistics = c["shape"], c["axes"], c["statistics"]
    kept = [axis for axis in range(len(shape)) if axis not in axes]
    operands = {"d": (c["d"], shape), "x": (c["x"], shape)}
    if "m" not in c["absent"]:
        operands["m"] = (c["s"], select(shape, statistics))
    operands["s"] = operands["p"] = (c["s"], select(shape, kept))
    call = OpCall("norm.gradient_sums", [("ins", "d", "x"), ("mean", "m"), ("outs", "s", "p")],
                  f"axes = {list_axes(axes)} statistics_axes = {list_axes(statistics)}",
                  operands, ["s", "p"], c["kind"], c["dynamic"], rng)
    set_all(call.arrays, c)
    values = call.get_values()
    got = call.run(compile_kernel(call.text))
    d, x = (values[name].astype(np.longdouble) for name in "dx")
    m = spread(values["m"], shape, statistics) if "m" in values else 0
    unit = TYPES[c["s"]].epsilon
    for name, terms in (("s", d), ("p", d * (x - m))):
        expected = values[name] + terms.sum(tuple(axes))
        size = np.abs(values[name]) + np.abs(terms).sum(tuple(axes))
        report.compare({"s": "sum", "p": "product"}[name], got[name], expected, 8 * unit * size)


def run_apply(c):
    shape, statistics, parameters = c["shape"], c["statistics"], c["parameters"]
    operands = {"d": (c["d"], shape), "x": (c["x"], shape)}
    for name, axes in (("m", statistics), ("r", statistics), ("g", parameters),
                       ("a", statistics), ("b", statistics)):
        if name not in c["absent"]:
            operands[name] = (c["s"], select(shape, axes))
    operands["y"] = (c["d"], shape)
    call = OpCall("norm.gradient_apply",
                  [("ins", "d", "x"), ("mean", "m"), ("rstd", "r"), ("scale", "g"),
                   ("gradient_mean", "a"), ("slope", "b"), ("outs", "y")],
                  f"statistics_axes = {list_axes(statistics)} parameter_axes = {list_axes(parameters)}",
                  operands, ["y"], c["kind"], c["dynamic"], rng)
    set_all(call.arrays, c)
    values = call.get_values()
    got = call.run(compile_kernel(call.text))["y"]

    def get(name, axes, absent):
        return spread(values[name], shape, axes) if name in values else np.longdouble(absent)

    d, x = (values[name].astype(np.longdouble) for name in "dx")
    m, r = get("m", statistics, 0), get("r", statistics, 1)
    g, a, b = get("g", parameters, 1), get("a", statistics, 0), get("b", statistics, 0)
    expected = r * (g * d - a - (x - m) * b)
    size = np.abs(r) * (np.abs(g * d) + np.abs(a) + np.abs((x - m) * b))
    unit = TYPES["f64" if "f64" in (c["x"], c["d"], c["s"]) else "f32"].epsilon
    report.compare("apply", got, expected, 6 * unit * size + half_unit(c["d"], expected))


def case(run, shape, **options):
    c = {**DEFAULTS, "shape": tuple(shape), **options}
    report.case(f"{run.__name__} {tuple(shape)} {options}", lambda: run(c))


SHAPES = [
    # Shape, reduced axes, statistics axes, parameter axes.
    ((2, 3, 5, 7), (0, 2, 3), (1,), (1,)), ((5, 40, 56, 57), (0, 2, 3), (1,), (1,)),
    ((33, 129, 65), (0, 1), (2,), (2,)), ((3000, 77), (0,), (1,), (1,)),
    ((6, 4, 9, 67), (3,), (0, 1), (1, 2)), ((6, 4, 9, 67), (1, 3), (0,), (2,)),
    ((3, 1, 65537), (1, 2), (0,), ()), ((4, 5, 600), (), (1, 2), (0, 1, 2)),
    ((7, 33), (0, 1), (), (0,)), ((1, 1), (0,), (1,), (1,)), ((0, 3, 4), (0, 2), (1,), (1,)),
    ((2, 0, 4), (0,), (2,), (1,)), ((200, 300, 3), (0, 1), (2,), (2,)),
]
for (shape, axes, statistics, parameters), dynamic in itertools.product(SHAPES, (False, True)):
    for data in (dict(mean=0.0, std=1.0), dict(mean=1e4, std=0.1)):
        case(run_sums, shape, axes=axes, statistics=statistics, dynamic=dynamic, **data)
        case(run_apply, shape, statistics=statistics, parameters=parameters, dynamic=dynamic, **data)
for kind, dynamic in itertools.product(("tensor", "view", "step"), (False, True)):
    for shape, axes, statistics, parameters in SHAPES[:4]:
        small = [min(size, 70) for size in shape]
        case(run_sums, small, axes=axes, statistics=statistics, kind=kind, dynamic=dynamic)
        case(run_apply, small, statistics=statistics, parameters=parameters, kind=kind, dynamic=dynamic)
for kind in ("tensor", "memref"):
    case(run_sums, (3, 4, 37), axes=(0, 2), statistics=(1,), absent="m", kind=kind)
    for absent in ("m", "r", "g", "ab", "mab", "mrgab"):
        case(run_apply, (3, 4, 37), statistics=(1,), parameters=(1,), absent=absent, kind=kind)
        case(run_apply, (30, 37), statistics=(1,), parameters=(1,), absent=absent, kind=kind)
for x, d, s in itertools.product(TYPES, TYPES, ("f32", "f64")):
    if "f64" not in (x, d) or s == "f64":
        case(run_sums, (3, 4, 37), axes=(0, 2), statistics=(1,), x=x, d=d, s=s)
        case(run_sums, (70, 19), axes=(0,), statistics=(1,), x=x, d=d, s=s, dynamic=True)
    case(run_apply, (3, 4, 37), statistics=(1,), parameters=(1,), x=x, d=d, s=s)
    case(run_apply, (70, 19), statistics=(1,), parameters=(1,), x=x, d=d, s=s, dynamic=True)

report.finish(at_least=200)
