"""What the tests of gradients share: one case, and what is varied."""

import itertools

import numpy as np

from norm_layers import Layer, rstd_of, slope_of
from norm_testing import *

rng = np.random.default_rng(20245)
report = Report()

DEFAULTS = dict(
    x="f32", d="f32", p="f32", s="f32", kind="memref", dynamic=False, scale=True,
    wanted="yhc", given="variance", epsilon=1e-5,
    accumulator=None, mean=0.0, std=1.0, data=None, other_statistics=False,
    per_sample=False, mode="add", zero_centered=False,
)

# The names of operands: d, x: the output's gradient and the input; m, v, r: mean,
# variance, rstd; g: scale; y, h, c: the gradients of input, scale and bias.


def run(c):
    layer = Layer(c["kind_of_layer"], c["shape"], **c["axes"])
    is_centered = layer.kind != "rms"
    operands = {"d": (c["d"], c["shape"]), "x": (c["x"], c["shape"])}
    if is_centered:
        operands["m"] = (c["s"], layer.statistics_sizes)
    operands["v" if c["given"] == "variance" else "r"] = (c["s"], layer.statistics_sizes)
    if c["scale"]:
        operands["g"] = (c["p"], layer.parameter_sizes)
    for name in c["wanted"]:
        operands[name] = (c["d"], c["shape"]) if name == "y" else (c["p"], layer.gradient_sizes(c["per_sample"]))
    attributes = layer.attributes + " per_sample" * c["per_sample"] + f" epsilon = {c['epsilon']:e}"
    attributes += f" epsilon_mode = {c['mode']}" + " zero_centered_scale" * c["zero_centered"]
    if c["accumulator"]:
        attributes += f" accumulator = {c['accumulator']}"
    clauses = [("ins", "d", "x"), ("mean", "m"), ("variance", "v"), ("rstd", "r"), ("scale", "g"),
               ("outs", "y"), ("scale_gradient", "h"), ("bias_gradient", "c")]
    call = OpCall(f"norm.{c['op']}", clauses, attributes, operands, list(c["wanted"]),
                  c["kind"], c["dynamic"], rng)

    for array in call.arrays.values():
        array.set(make_data(rng, array.shape))
    x = make_data(rng, c["shape"], c["mean"], c["std"])
    if c["data"] is not None:
        x[...] = c["data"]
    call.arrays["x"].set(x)
    stored = layer.split(call.arrays["x"].get())
    mean, variance, n = moments(stored, layer.reduced)
    if not is_centered:
        variance = variance + mean**2
    mean, variance = (v.reshape(layer.statistics_sizes) for v in (mean, variance))
    if c["other_statistics"]:
        mean, variance = mean + 0.5 * rng.standard_normal(mean.shape), variance * 2 + 0.1
    if is_centered:
        call.arrays["m"].set(mean)
    if c["given"] == "variance":
        call.arrays["v"].set(variance)
    else:
        call.arrays["r"].set(rstd_of(variance, c["epsilon"], c["mode"]))
    values = call.get_values()
    got = call.run(compile_kernel(call.text))

    # In extended precision, from the statistics as they are stored.
    wide = {name: value.astype(np.longdouble) for name, value in values.items()}
    d, x = layer.split(wide["d"]), layer.split(wide["x"])
    m = layer.spread_statistics(wide["m"]) if is_centered else np.longdouble(0)
    r = wide["r"] if c["given"] == "rstd" else rstd_of(wide["v"], c["epsilon"], c["mode"])
    slope = layer.spread_statistics(slope_of(wide.get("v"), r, c["epsilon"], c["mode"]))
    r = layer.spread_statistics(r)
    g = layer.spread_parameters(wide["g"]) if "g" in wide else np.longdouble(1)
    if c["zero_centered"] and "g" in wide:
        g = g + 1
    distance, scaled = x - m, g * d
    normalized = distance * r
    axes, n = layer.reduced, max(n, 1)
    expected, tolerance = scaled, np.abs(scaled)
    if c["op"] != "batch_norm_inference_grad":
        a = scaled.sum(axes, keepdims=True) / n if is_centered else 0
        b = slope * (scaled * distance).sum(axes, keepdims=True) / n
        expected = scaled - a - distance * b
        tolerance = (np.abs(scaled) + np.abs(scaled).sum(axes, keepdims=True) / n
                     + np.abs(distance) * slope * np.abs(scaled * distance).sum(axes, keepdims=True) / n)
    compute = "f64" if "f64" in (c["accumulator"], c["x"]) else "f32"
    unit = TYPES[compute].epsilon
    growth = 4 + sum_growth(n) / 4
    results = {
        "y": (layer.merge(r * expected), layer.merge(np.abs(r) * tolerance), c["d"]),
        "h": (*(layer.sum_parameters(v, c["per_sample"]) for v in (d * normalized, np.abs(d * normalized))), c["p"]),
        "c": (*(layer.sum_parameters(v, c["per_sample"]) for v in (d, np.abs(d))), c["p"]),
    }
    names = {"y": "input gradient", "h": "scale gradient", "c": "bias gradient"}
    for name in c["wanted"]:
        value, size, element = results[name]
        report.compare(f"{names[name]} {element}", got[name], value,
                       growth * unit * size + half_unit(element, value))


def case(op, shape, axes, **options):
    kind = op.split("_")[0]
    c = {**DEFAULTS, "op": op, "kind_of_layer": kind, "shape": tuple(shape), "axes": axes, **options}
    report.case(f"{op} {tuple(shape)} {axes} {options}", lambda: run(c))


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
        for wanted, dynamic in itertools.product(("yhc", "hc"), (False, True)):
            case(op, shape, axes, per_sample=True, wanted=wanted, dynamic=dynamic)


def vary_types(op, shape, axes):
    for x, d, p in itertools.product(TYPES, TYPES, TYPES):
        case(op, shape, axes, x=x, d=d, p=p, s="f64" if x == "f64" else "f32")
    for s in TYPES:
        case(op, shape, axes, s=s, other_statistics=True)
