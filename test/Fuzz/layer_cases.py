"""Random cases of layers and gradients, as layer_models.py describes them.

A case follows from its seed and its index alone, so it can be repeated alone.
"""

import argparse
import math
import random

import numpy as np

from layer_models import DEFAULTS, is_gradient, set_selected, set_statistics, spoil_unselected
from norm_testing import TYPES, Report, make_data

LAYERS = ["batch_norm_training", "batch_norm_inference", "group_norm", "instance_norm", "layer_norm", "rms_norm"]
OPS = LAYERS + [f"{op}_grad" for op in LAYERS if op != "batch_norm_training"] + ["batch_norm_grad"]
KINDS = ["tensor", "memref", "view", "step", "inplace"]
SIZES = [1, 2, 3, 4, 5, 7, 8, 11, 13, 16, 17, 31, 32, 33, 64, 67, 128, 257]
MAX_ELEMENTS = 5000
MANY_ELEMENTS = 100000

# Options of the pipeline: small values have small inputs worked on in parts.
PIPELINE = {
    "vector-bits": [128, 256, 512], "unroll": [1, 2, 3, 4], "outer-unroll": [1, 2, 5], "min-slabs": [1, 2, 100],
    "part-size": [1, 16, 100, 1000], "chunk-size": [1, 8, 64, 500], "chunk-rows": [1, 2, 8],
    "block-rows": [0, 2, 3, 4], "stream-threshold": [-1, 0, 64], "align-rows": [-1, 0, 64], "prefetch-slab": [0, 64],
    "read-backwards": ["true", "false"], "check-shapes": ["true", "false"],
    "stack-bytes": [0, 64, 8192], "parallel": ["true", "false"], "parallel-bytes": [0, 0, 4000], "expand-bf16": ["true", "false"],
}


def flip(random, probability):
    return random.random() < probability


def draw_subset(random, values, at_least=0):
    """Some of the values, in their order."""
    count = random.randint(at_least, len(values))
    return tuple(sorted(random.sample(list(values), count)))


def draw_shape(random):
    limit = MANY_ELEMENTS if flip(random, 0.04) else MAX_ELEMENTS
    shape = [1] * random.choice([2, 2, 3, 3, 4, 4, 5])
    # The last sizes to be chosen are those that are left: any axis may be long.
    for axis in random.sample(range(len(shape)), len(shape)):
        sizes = [size for size in [*SIZES, limit] if size * math.prod(shape) <= limit]
        shape[axis] = random.choice(sizes)
    if flip(random, 0.06):
        shape[random.randrange(len(shape))] = 0
    return tuple(shape)


def draw_axes(random, op, shape):
    axes = range(len(shape))
    layer = {}
    if op.startswith("batch"):
        layer["features"] = draw_subset(random, axes, 1) if flip(random, 0.3) else (random.choice(axes),)
        if "inference" not in op and 0 not in layer["features"] and flip(random, 0.25):
            size = shape[0]
            layer["ghost"] = random.choice([n for n in range(1, size + 1) if size % n == 0] or [1, 2, 3])
    elif op.startswith(("layer", "rms")):
        layer["axes"] = draw_subset(random, axes, 1)
    else:
        channel = layer["channel"] = random.choice(axes)
        others = [axis for axis in axes if axis != channel]
        layer["batch"] = draw_subset(random, others) if flip(random, 0.4) or channel == 0 else (0,)
    if op.startswith("group"):
        size = shape[channel]
        layer["groups"] = random.choice([n for n in range(1, size + 1) if size % n == 0] or [1, 2, 3])
        # The number of groups of no channel cannot be said by their size.
        layer["by"] = random.choice(["num_groups", "group_size"]) if size else "num_groups"
        layer["affine"] = random.choice([None, None, "per_channel", "per_group", "per_member"])
    if flip(random, 0.3):
        layer["parameters"] = draw_subset(random, axes)
    return layer


def draw_mask(random, shape):
    """The axes of a mask, or of lengths, and how much is selected; or nothing."""
    if flip(random, 0.5):
        return {}
    axes = range(len(shape))
    mask = dict(unselected=random.choice(["zero", "normalize"]), share=random.choice([0, "one", 0.03, 0.5, 0.97, 1]))
    if flip(random, 0.4):
        mask["sequence"], mask["l"] = random.choice(axes), random.choice(["i32", "i64"])
    return {**mask, "mask": draw_subset(random, [axis for axis in axes if axis != mask.get("sequence")])}


def draw_type(random):
    return random.choice(["f32", "f32", "f32", *TYPES])


def draw_data(random, c):
    """The mean and the standard deviation of the input."""
    if "f16" in (c["x"], c["s"]):
        return random.choice([(0, 1), (0, 1), (10, 0.1), (100, 3)])
    choices = [(0, 1)] * 4 + [(1e4, 0.1), (1e4, 1), (100, 0.1), (1, 1e-5), (0, 1e-6), (3, 0), (1e6, 0), (0, 0)]
    return random.choice(choices + [(0, 1e15), (1e15, 1e12)] * (not is_gradient(c)))


def draw_case(random, is_static=False):
    op = random.choice(OPS)
    shape = draw_shape(random)
    c = {**DEFAULTS, "op": op, "shape": shape, "axes": draw_axes(random, op, shape), **draw_mask(random, shape)}
    c.update({name: draw_type(random) for name in "xydps"})
    c["kind"] = random.choice(KINDS[: -1 if is_gradient(c) else None])
    if c["kind"] == "inplace":
        c["y"] = c["x"]
    # No size, all of them, or each by chance.
    chance = 0 if is_static else random.choice([0, 0, 1, 0.5])
    c["dynamic"] = lambda shape: [flip(random, chance) for _ in shape]
    c["accumulator"] = random.choice([None, None, "f64", "f64" if c["x"] == "f64" else "f32"])
    c["epsilon"] = random.choice([1e-5, 1e-5, 1e-3, 0.9, 0.0, 1e-12])
    c["mode"] = random.choice(["add", "add", "max", "outside"])
    c["zero_centered"], c["terse"], c["scale"] = flip(random, 0.3), flip(random, 0.5), flip(random, 0.7)
    c["mean"], c["std"] = draw_data(random, c)
    if is_gradient(c):
        c["wanted"] = random.choice(["yhc", "yhc", "y", "h", "c", "yh", "yc", "hc"])
        c["per_sample"], c["others"] = flip(random, 0.2), flip(random, 0.3)
        # The gradient of max and outside takes the variance itself.
        c["given"] = "variance" if c["mode"] != "add" else random.choice(["variance", "rstd"])
        return c
    c["bias"], c["statistics"] = flip(random, 0.7), flip(random, 0.6)
    if op != "rms_norm" and op != "batch_norm_inference":
        c["variance"] = random.choice([None, "stable", "stable", "fast"])
    if op == "batch_norm_training":
        c["running"] = flip(random, 0.6)
        c["batches"] = c["running"] and flip(random, 0.3)
        c["momentum"], c["correction"] = random.choice([0.9, 0.0, 0.5, 1.0]), random.choice([0, 1, 1])
        c["nonfinite"] = random.choice(["propagate", "skip_update"])
        c["update"] = random.choice(["sequential", "average"])
        # NaN is tested in policies.py.
        c["single"] = random.choice(["keep", "biased"])
    return c


def draw_options(random):
    """Options of the pipeline, or none."""
    if flip(random, 0.6):
        return ""
    names = draw_subset(random, PIPELINE, 1)
    return "pipeline={" + " ".join(f"{name}={random.choice(PIPELINE[name])}" for name in names) + "}"


def set_data(c, call, rng):
    for name, array in call.arrays.items():
        array.set(make_data(rng, array.shape))
    arrays = call.arrays
    arrays["x"].set(make_data(rng, c["shape"], c["mean"], c["std"]))
    if c["mask"] is not None:
        set_selected(c, call, c["share"], rng)
        spoil_unselected(c, call, rng)
    if is_gradient(c):
        set_statistics(c, call, c["others"], rng)
    elif c["op"] == "batch_norm_inference":
        arrays["m"].set(make_data(rng, arrays["m"].shape, c["mean"], c["std"]))
        arrays["v"].set(np.abs(make_data(rng, arrays["v"].shape)) * c["std"] ** 2)
    if c["running"]:
        arrays["rv"].set(np.abs(arrays["rv"].get()) + 0.5)
    if c["batches"]:
        arrays["k"].set(rng.integers(0, 100))


def make_generators(seed, index):
    """What is random in a case: its op, and its data."""
    return random.Random(f"{seed}/{index}"), np.random.default_rng([seed, index])


def main(description, run):
    """The command line: `run(seed, index, only, report)` runs one case."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--only", default="", help="only what this regular expression finds: an op, or a rule")
    parser.add_argument("--case", help="SEED/INDEX of one case, as a failure prints it")
    arguments = parser.parse_args()
    report = Report()
    if arguments.case:
        seed, index = map(int, arguments.case.split("/"))
        run(seed, index, "", report)
    else:
        for index in range(arguments.cases):
            run(arguments.seed, index, arguments.only, report)
    report.finish(at_least=1)
