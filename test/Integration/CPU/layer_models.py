"""Functions of one layer op, and what they should give: for each output the value in
extended precision and how far rounding may take it.

A case is a dictionary, see DEFAULTS. The names of operands: x: the input; g, b: scale
and bias; y: the output; m, v: mean and variance; rm, rv: the running ones; k: the
number of batches; mask, lengths. Of a gradient, d: the output's gradient; r: rstd; y, h,
c: the gradients of input, scale and bias.
"""

import numpy as np

from norm_layers import Layer, list_axes, rstd_of, slope_of
from norm_testing import (
    TYPES, OpCall, compile_kernel, half_unit, make_data, moments, spread, sum_growth)

DEFAULTS = dict(
    # Element types: of the input, the output, its gradient, parameters, statistics.
    x="f32", y="f32", d="f32", p="f32", s="f32",
    kind="memref", dynamic=False, scale=True, epsilon=1e-5, mode="add", zero_centered=False, accumulator=None,
    # The axes of a mask; with a sequence axis, of lengths, whose type is l.
    mask=None, sequence=None, l="i32", unselected="zero",
    # Of a layer.
    bias=True, statistics=True, variance=None, running=False, batches=False, momentum=0.9, correction=1,
    update="sequential",
    nonfinite="propagate", empty="keep", single="keep",
    # Of a gradient.
    wanted="yhc", given="variance", per_sample=False,
    # How much more than by default the error of a sum grows; small sizes of parts and
    # vectors make sums of few terms at once.
    sums=1,
    # Whether attributes that have their default are left out.
    terse=False,
)


def is_gradient(c):
    return c["op"].endswith("_grad")


def make_layer(c):
    return Layer(c["op"].split("_")[0], c["shape"], **c["axes"])


def describe(c):
    """The op of a case: its clauses, attributes, operands and outputs."""
    layer = make_layer(c)
    return (_describe_gradient if is_gradient(c) else _describe_layer)(c, layer)


def make_call(c, rng):
    return OpCall(*describe(c), c["kind"], c["dynamic"], rng)


def expect(c, values):
    """What the op gives for the operands `values`: {name: (value, tolerance)}."""
    return (_expect_gradient if is_gradient(c) else _expect_layer)(c, make_layer(c), values)


def get_output_type(c, name):
    if name == "y":
        return c["d" if is_gradient(c) else "y"]
    return c["p" if is_gradient(c) else "s"]


def _write(c, *attributes):
    """The attributes, each given with its default."""
    return "".join(f" {word} = {value:e}" if isinstance(value, float) else f" {word} = {value}"
                   for word, value, default in attributes
                   if value is not None and not (c["terse"] and value == default))


def _write_scaling(c):
    return (_write(c, ("epsilon", float(c["epsilon"]), 1e-5), ("epsilon_mode", c["mode"], "add"))
            + " zero_centered_scale" * c["zero_centered"])


def _add_mask(c, operands):
    if c["mask"] is not None:
        name, element = ("mask", "i1") if c["sequence"] is None else ("lengths", c["l"])
        operands[name] = element, [c["shape"][axis] for axis in c["mask"]]


def _write_mask(c):
    if c["mask"] is None:
        return ""
    return _write(c, ("mask_axes", list_axes(c["mask"]), "[]"), ("sequence_axis", c["sequence"], None),
                  ("unselected", c["unselected"], "zero"))


def get_selected(c, layer, values):
    """Which elements are selected, in the axes of the model."""
    if c["mask"] is None:
        return np.ones(layer.shape, bool)
    return layer.select(values["mask" if c["sequence"] is None else "lengths"], c["mask"], c["sequence"])


def _is_zero(c, selected):
    """Where outputs are 0, whatever the operands are."""
    return ~selected & (c["unselected"] == "zero")


def _finish_output(c, layer, zero, value, tolerance):
    """An output of the input's shape."""
    tolerance = tolerance + half_unit(get_output_type(c, "y"), value)
    return tuple(layer.merge(np.where(zero, 0, part)) for part in (value, tolerance))


def _get_scale(c, layer, values):
    if "g" not in values:
        return np.longdouble(1)
    return layer.spread_parameters(values["g"]) + int(c["zero_centered"])


def get_accumulator(c):
    return TYPES["f64" if "f64" in (c["x"], c["accumulator"]) else "f32"]


def _get_scale_size(c, g):
    """What the error of a scale is in proportion to: a distance from 1 of a wider type
    is rounded before 1 is added."""
    return np.abs(g) + int(c["zero_centered"] and c["p"] == "f64")


# ===----------------------------------------------------------------------===#
# Layers
# ===----------------------------------------------------------------------===#


def _describe_layer(c, layer):
    is_given = c["op"] == "batch_norm_inference"
    is_training = c["op"] == "batch_norm_training"
    statistics = ["v"] if layer.kind == "rms" else ["m", "v"]
    per_statistic, per_parameter = (c["s"], layer.statistics_sizes), (c["p"], layer.parameter_sizes)
    operands = {"x": (c["x"], c["shape"])}
    operands.update({name: per_parameter for name, key in (("g", "scale"), ("b", "bias")) if c[key]})
    if c["batches"]:
        operands["k"] = (c["s"], ())
    _add_mask(c, operands)
    operands["y"] = (c["y"], c["shape"])
    if c["running"]:
        operands["rm"] = operands["rv"] = c["s"], layer.feature_sizes
    if is_given or c["statistics"]:
        operands.update({name: per_statistic for name in statistics})
    word = {"batch": "batch", "rms": "mean_square"}.get(layer.kind, "statistics")
    clauses = [("ins", "x"), ("scale", "g"), ("bias", "b"), ("batches", "k"), ("mask", "mask"), ("lengths", "lengths"),
               ("outs", "y"), ("running", "rm", "rv"), (word, *statistics)]
    if is_given:
        clauses.insert(1, ("statistics", *clauses.pop()[1:]))
    attributes = layer.attributes + _write_mask(c) + _write_scaling(c)
    if is_training:
        attributes += _write(c, ("momentum", c["momentum"], 0.9), ("running_var_correction", c["correction"], 1),
                             ("ghost_update", c["update"], "sequential"),
                             ("nonfinite", c["nonfinite"], "propagate"), ("empty", c["empty"], "keep"),
                             ("single", c["single"], "keep"))
    attributes += _write(c, ("variance", c["variance"], "stable"), ("accumulator", c["accumulator"], None))
    outputs = [name for name in ("y", "rm", "rv", "m", "v") if name in operands and not (is_given and name in "mv")]
    return f"norm.{c['op']}", clauses, attributes, operands, outputs


def _expect_layer(c, layer, values):
    selected = get_selected(c, layer, values)
    zero = _is_zero(c, selected)
    x = np.where(zero, 0, layer.split(values["x"]).astype(np.longdouble))
    g = _get_scale(c, layer, values)
    b = layer.spread_parameters(values["b"]) if "b" in values else np.longdouble(0)
    epsilon = c["epsilon"], c["mode"]
    unit = get_accumulator(c).epsilon

    def finish(name, value, tolerance):
        return value, tolerance + half_unit(get_output_type(c, name), value)

    if c["op"] == "batch_norm_inference":
        rstd = rstd_of(layer.spread_statistics(values["v"]), *epsilon)
        normalized = (x - layer.spread_statistics(values["m"])) * rstd
        error = 6 * unit * np.abs(normalized) * _get_scale_size(c, g) + 2 * unit * np.abs(b)
        return {"y": _finish_output(c, layer, zero, normalized * g + b, error)}

    mean, variance, n = moments(x, layer.reduced, selected)
    mean, variance = _mark_empty(c, n, mean, variance)
    size = range_ = spread(x, layer.reduced, selected)
    magnitude = np.abs(x).max(layer.reduced, keepdims=True, initial=0, where=selected)
    values_mean = mean
    if layer.kind == "rms":
        mean, variance, size = np.zeros_like(mean), variance + mean**2, magnitude
    # How far the statistics may be off: the stable variance works on distances from a
    # value of the data, the fast one on the data.
    growth = c["sums"] * sum_growth(n)
    if layer.kind == "rms" or c["variance"] == "fast":
        # Where terms are alike, all roundings of their sum may be to one side.
        growth = np.where(range_ < np.abs(values_mean), 2 + n / 2, growth)
    if c["variance"] == "fast":
        centre_error = growth * unit * magnitude
        variance_error = (4 + n) * unit * (variance + mean**2)
    else:
        centre_error = growth * unit * size
        variance_error = (4 + growth) * unit * variance
        if layer.kind != "rms":
            variance_error = variance_error + (unit * (size + np.abs(mean))) ** 2 * (n > 1)
    mean_error = unit * np.abs(mean) + centre_error
    centre_error = centre_error + np.finfo(np.longdouble).eps * magnitude  # Of the mean here.

    rstd = rstd_of(variance, *epsilon)
    around = [rstd_of(np.maximum(variance + sign * variance_error, 0), *epsilon) for sign in (-1, 1)]
    rstd_error = np.max([np.abs(value - rstd) for value in around], 0)
    relative = rstd_error / np.where(rstd > 0, rstd, 1)
    # A variance without a digit left still gives numbers, of whatever size.
    lost = (rstd_error > 0.1 * rstd) & (variance_error > 0)
    normalized = (x - mean) * rstd
    error = (((4 * unit + relative) * np.abs(normalized) + (centre_error + 2 * unit * size) * rstd)
             * _get_scale_size(c, g) + 2 * unit * np.abs(b))
    results = {"y": _finish_output(c, layer, zero, normalized * g + b, np.where(lost, np.inf, error))}

    mean, variance, n, mean_error, variance_error = (
        v.reshape(layer.statistics_sizes) for v in (mean, variance, n, mean_error, variance_error))
    if layer.kind != "rms":
        results["m"] = finish("m", mean, mean_error)
    results["v"] = finish("v", variance, variance_error)
    if "rm" in values:
        results.update(_expect_running(c, layer, values, mean, variance, n, mean_error, variance_error))
    return results


def _expect_running(c, layer, values, *statistics):
    """The running statistics, after one sub-batch after the other."""
    unit = get_accumulator(c).epsilon
    sizes = -1, *layer.feature_sizes
    batches = list(zip(*(s.reshape(sizes if s.size else (0, *sizes[1:])) for s in statistics)))
    old = [values[name].astype(np.longdouble) for name in ("rm", "rv")]
    current, changes, errors = old, [0 * o for o in old], [0 * o for o in old]
    for i, (mean, variance, n, mean_error, variance_error) in enumerate(batches):
        keep = np.longdouble(c["momentum"])
        if "k" in values:
            seen = values["k"].astype(np.longdouble) + (i if c["update"] == "sequential" else 0)
            keep = seen / (seen + 1)
        new = update_running(c, dict(zip(("rm", "rv"), current)), keep, mean, variance, n)
        given = mean_error, variance_error * n / np.maximum(n - c["correction"], 1)
        for j, (before, after) in enumerate(zip(current, new)):
            error = (1 - keep) * given[j] + 3 * unit * (np.abs(before) + np.abs(after))
            errors[j] = errors[j] + np.where(after == before, 0, error)
            changes[j] = changes[j] + (after - before) / len(batches)
        current = new if c["update"] == "sequential" else old
    if c["update"] == "average":
        current = [o + change for o, change in zip(old, changes)]
    # What does not change keeps its bits.
    return {name: (value, np.where(error == 0, 0, error + half_unit(get_output_type(c, name), value)))
            for name, value, error in zip(("rm", "rv"), current, errors)}


def _mark_empty(c, n, *statistics):
    """The statistics of `n` values, by the rule for none."""
    return [np.where((n == 0) & (c["empty"] == "nan"), np.nan, s) for s in statistics]


def update_running(c, values, keep, mean, variance, n):
    """The running mean and variance after a batch of `n` values: a number, or one for
    each feature."""
    old_mean, old_variance = (values[name].astype(np.longdouble) for name in ("rm", "rv"))
    mean, variance = _mark_empty(c, n, mean, variance)
    kept = (n == 0) & (c["empty"] == "keep")
    if c["nonfinite"] == "skip_update":
        kept = kept | ~(np.isfinite(mean) & np.isfinite(variance))
    new_mean = keep * old_mean + (1 - keep) * mean
    is_single = (n == 1) & (c["correction"] == 1)
    variance = variance * n / np.maximum(n - c["correction"], 1)
    if c["single"] == "nan":
        variance = np.where(is_single, np.nan, variance)
    new_variance = keep * old_variance + (1 - keep) * variance
    kept_variance = kept | (is_single & (c["single"] == "keep"))
    return np.where(kept, old_mean, new_mean), np.where(kept_variance, old_variance, new_variance)


# ===----------------------------------------------------------------------===#
# Gradients
# ===----------------------------------------------------------------------===#


def _describe_gradient(c, layer):
    operands = {"d": (c["d"], c["shape"]), "x": (c["x"], c["shape"])}
    if layer.kind != "rms":
        operands["m"] = (c["s"], layer.statistics_sizes)
    operands["v" if c["given"] == "variance" else "r"] = (c["s"], layer.statistics_sizes)
    if c["scale"]:
        operands["g"] = (c["p"], layer.parameter_sizes)
    _add_mask(c, operands)
    for name in c["wanted"]:
        operands[name] = (c["d"], c["shape"]) if name == "y" else (c["p"], layer.gradient_sizes(c["per_sample"]))
    attributes = (layer.attributes + " per_sample" * c["per_sample"] + _write_mask(c) + _write_scaling(c)
                  + _write(c, ("accumulator", c["accumulator"], None)))
    clauses = [("ins", "d", "x"), ("mean", "m"), ("variance", "v"), ("rstd", "r"), ("scale", "g"),
               ("mask", "mask"), ("lengths", "lengths"), ("outs", "y"), ("scale_gradient", "h"), ("bias_gradient", "c")]
    return f"norm.{c['op']}", clauses, attributes, operands, list(c["wanted"])


def _expect_gradient(c, layer, values):
    # From the statistics as they are stored.
    wide = {name: value.astype(np.longdouble) for name, value in values.items()}
    epsilon = c["epsilon"], c["mode"]
    selected = get_selected(c, layer, values)
    zero = _is_zero(c, selected)
    d, x = (np.where(zero, 0, layer.split(wide[name])) for name in "dx")
    is_centered = layer.kind != "rms"
    m = layer.spread_statistics(wide["m"]) if is_centered else np.longdouble(0)
    r = wide["r"] if c["given"] == "rstd" else rstd_of(wide["v"], *epsilon)
    slope = layer.spread_statistics(slope_of(wide.get("v"), r, *epsilon))
    r = layer.spread_statistics(r)
    g = _get_scale(c, layer, wide)
    distance, scaled, scaled_size = x - m, g * d, _get_scale_size(c, g) * np.abs(d)
    normalized = distance * r
    axes = layer.reduced
    terms = int(np.prod([x.shape[a] for a in axes], dtype=np.int64))
    n = np.maximum(selected.sum(axes, keepdims=True), 1)
    expected, size = scaled, scaled_size
    if c["op"] != "batch_norm_inference_grad":
        a = scaled.sum(axes, keepdims=True) / n if is_centered else 0
        b = slope * (scaled * distance).sum(axes, keepdims=True) / n
        expected = scaled - selected * (a + distance * b)
        size = scaled_size + selected * (
            scaled_size.sum(axes, keepdims=True) / n
            + np.abs(distance) * slope * (scaled_size * np.abs(distance)).sum(axes, keepdims=True) / n)
    unit = get_accumulator(c).epsilon

    def get_error(size, count):
        return (6 + c["sums"] * sum_growth(count) / 4) * unit * size

    results = {"y": _finish_output(c, layer, zero, r * expected, get_error(np.abs(r) * size, terms))}
    for name, products in (("h", d * normalized), ("c", d)):
        value, size = (layer.sum_parameters(v, c["per_sample"]) for v in (products, np.abs(products)))
        error = get_error(size, products.size // max(value.size, 1))
        results[name] = value, error + half_unit(get_output_type(c, name), value)
    return results


def set_statistics(c, call, are_others, rng):
    """Sets the statistics of a gradient to those of its input, or to others."""
    layer, values = make_layer(c), call.get_values()
    mean, variance, _ = moments(layer.split(values["x"]), layer.reduced, get_selected(c, layer, values))
    if layer.kind == "rms":
        variance = variance + mean**2
    mean, variance = (v.reshape(layer.statistics_sizes) for v in (mean, variance))
    if are_others:
        mean, variance = mean + 0.5 * rng.standard_normal(mean.shape), variance * 2 + 0.1
    given = {"m": mean, "v": variance, "r": rstd_of(variance, c["epsilon"], c["mode"])}
    largest = TYPES[c["s"]].largest
    for name in given.keys() & call.arrays.keys():
        call.arrays[name].set(np.clip(given[name], -largest, largest))


# ===----------------------------------------------------------------------===#
# Masks and lengths
# ===----------------------------------------------------------------------===#


def set_selected(c, call, share, rng):
    """Sets the mask to select this share of its elements, or `one` for each statistic;
    the lengths to nothing for 0, to all for 1, else to anything."""
    if "mask" in call.arrays:
        mask = call.arrays["mask"]
        weights = rng.random(mask.shape)
        if share != "one":
            mask.set(weights < share)
            return
        layer, others = make_layer(c), tuple(a for a in range(len(c["shape"])) if a not in c["mask"])
        weights = layer.split(np.broadcast_to(np.expand_dims(weights, others), c["shape"]))
        is_chosen = weights == weights.max(layer.reduced, keepdims=True, initial=0)
        mask.set(layer.merge(is_chosen).any(others))
    if "lengths" in call.arrays:
        lengths, size = call.arrays["lengths"], c["shape"][c["sequence"]]
        limits = np.iinfo(lengths.type.storage)
        nothing, everything = [limits.min, -1, 0], [size, size + 1, limits.max]
        anything = [*nothing, *everything, *rng.integers(0, size + 1, 10)]
        lengths.set(rng.choice({0: nothing, 1: everything}.get(share, anything), lengths.shape))


def spoil_unselected(c, call, rng):
    """Sets data that must have no effect: with `zero`, NaN and infinity; else what would
    be noticed in the statistics."""
    layer = make_layer(c)
    unselected = layer.merge(~get_selected(c, layer, call.get_values()))
    is_zero = c["unselected"] == "zero"
    for name in ("x", "d") if is_zero else ("x",):
        if name in call.arrays:
            array = call.arrays[name]
            values = array.get()
            spoiled = rng.choice([np.nan, np.inf, -np.inf, array.type.largest], array.shape) if is_zero else values + 3
            array.set(np.where(unselected, spoiled, values))


def run_case(c, rng, report, mean=0.0, std=1.0):
    """Runs the case on data of this mean, and compares it with the model."""
    call = make_call(c, rng)
    for name, array in call.arrays.items():
        values = make_data(rng, array.shape)
        array.set(np.abs(values) if name in ("v", "rv") else values)
    call.arrays["x"].set(make_data(rng, c["shape"], mean, std))
    if is_gradient(c):
        set_statistics(c, call, False, rng)
    if c["mask"] is not None:
        set_selected(c, call, 0.5, rng)
    values = call.get_values()
    expected = expect(c, values)
    for name, actual in call.run(compile_kernel(call.text)).items():
        report.compare(f"{c['op']} {name}", actual, *expected[name])
