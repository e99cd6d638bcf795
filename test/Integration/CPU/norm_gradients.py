"""What the tests of gradients share: one case, and what is varied."""

import itertools

import numpy as np

from layer_models import *
from norm_testing import *

rng = np.random.default_rng(20245)
report = Report()

OPTIONS = {**DEFAULTS, "mean": 0.0, "std": 1.0, "data": None, "other_statistics": False, "shares": (0.5,), "options": ""}


def run(c, share):
    call = make_call(c, rng)
    for array in call.arrays.values():
        array.set(make_data(rng, array.shape))
    x = make_data(rng, c["shape"], c["mean"], c["std"])
    if c["data"] is not None:
        x[...] = c["data"]
    call.arrays["x"].set(x)
    if c["mask"] is not None:
        set_selected(c, call, share, rng)
        spoil_unselected(c, call, rng)
    set_statistics(c, call, c["other_statistics"], rng)
    values = call.get_values()
    got = call.run(compile_kernel(call.text, c["options"]))
    expected = expect(c, values)
    names = {"y": "input gradient", "h": "scale gradient", "c": "bias gradient"}
    for name in c["wanted"]:
        report.compare(f"{names[name]} {get_output_type(c, name)}", got[name], *expected[name])


def case(op, shape, axes, **options):
    c = {**OPTIONS, "op": op, "shape": tuple(shape), "axes": axes, **options}
    for share in c["shares"]:
        report.case(f"{op} {tuple(shape)} {axes} {options}, selected: {share}", lambda: run(c, share))


def vary_shapes(layers):
    """Static and dynamic sizes, both forms of the statistics, a large mean."""
    for (op, shape, axes), dynamic in itertools.product(layers, (False, True)):
        case(op, shape, axes, dynamic=dynamic)
        case(op, shape, axes, dynamic=dynamic, given="rstd", mean=1e4, std=0.1)


def vary_options(layers):
    """What is wanted and given, kinds of operands, difficult data."""
    for op, shape, axes in layers:
        for kind, dynamic in itertools.product(("tensor", "view", "step"), (False, True)):
            case(op, shape, axes, kind=kind, dynamic=dynamic)
        for wanted in ("y", "h", "c", "yh", "yc", "hc"):
            case(op, shape, axes, wanted=wanted, kind="tensor")
        case(op, shape, axes, scale=False, wanted="y")
        case(op, shape, axes, scale=False, given="rstd", kind="tensor")
        case(op, shape, axes, other_statistics=True)
        case(op, shape, axes, data=1e6)
        case(op, shape, axes, data=1e6, epsilon=0)
        case(op, shape, axes, mean=1.0, std=1e-5)
        case(op, shape, axes, mean=1e4, std=1.0, accumulator="f64")
        case(op, shape, axes, given="rstd", accumulator="f64")
        for wanted, dynamic in itertools.product(("yhc", "hc"), (False, True)):
            case(op, shape, axes, per_sample=True, wanted=wanted, dynamic=dynamic)


def vary_types(op, shape, axes):
    for x, d, p in itertools.product(TYPES, TYPES, TYPES):
        case(op, shape, axes, x=x, d=d, p=p, s="f64" if x == "f64" else "f32")
    for s in TYPES:
        case(op, shape, axes, s=s, other_statistics=True)
    # A mean that the type of the computation cannot hold.
    for given in ("variance", "rstd"):
        case(op, shape, axes, s="f64", given=given, mean=1e4, std=0.1)
