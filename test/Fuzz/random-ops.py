#!/usr/bin/env python3
# RUN: %python %s --seed 1 --cases 500
"""Random layer ops, compiled and run, against a model in extended precision; and
the reference interpreter on the same values in f64 against the same model."""

import os
import re

import numpy as np

from layer_cases import *
from layer_models import *
from norm_testing import *

# Faults of the compiler that are known: what fails like this counts as such. The line
# of a fault goes with it.
KNOWN = []


# Another target than the CPU, or nothing.
TARGET = os.environ.get("NORM_TEST_TARGET")


def draw_gpu_options(random):
    """Mostly the default ones, or another schedule or size of blocks or of accesses."""
    pipeline = random.choice([
        "", "", f"min-slabs={random.choice([1, 4, 1000000])}", f"block-size={random.choice([32, 64, 512, 1024])}",
        f"min-slabs=1000000 part-size={random.choice([1, 50, 3000])}",
    ])
    pipeline += random.choice(["", "", " access-bytes=32", " cooperative=true"])
    return f"target={TARGET} pipeline={{{pipeline}}}"


def check(c, call, values, options, report):
    try:
        got = call.run(library.compile(call.text, options=f"verify-each=true {options}"))
        compare(c, "reference" if "reference" in options else c["op"], expect(c, values), got, report)
    except (AssertionError, KernelError) as error:
        if any(re.search(pattern, str(error)) for pattern in KNOWN):
            print(f"a known fault: {error}")
        else:
            raise AssertionError(f"{error}\n{options}\n{call.text}") from None


def compare(c, title, expected, got, report):
    for name, actual in got.items():
        value, tolerance = expected[name]
        element = get_output_type(c, name)
        # What is too large for its type may become the largest number or infinity.
        fits = np.abs(value) <= TYPES[element].largest * 0.99
        assert not np.any(np.isnan(actual)), f"{name} is NaN"
        report.compare(f"{title} {name}", np.where(fits, actual, 0), np.where(fits, value, 0), tolerance)


def run_compiled(c, rng, options, report):
    call = make_call(c, rng)
    set_data(c, call, rng)
    values = call.get_values()
    check(c, call, values, options, report)
    return values


def run_reference(c, rng, values, report):
    wide = dict(x="f64", y="f64", d="f64", p="f64", s="f64", kind="memref", dynamic=False, accumulator=None)
    c = {**c, **wide}
    call = make_call(c, rng)
    for name, array in call.arrays.items():
        array.set(values.get(name, 0.0))
    check(c, call, values, "target=reference", report)


def run(seed, index, only, report):
    random, rng = make_generators(seed, index)
    c = draw_case(random)
    options = draw_options(random)
    if TARGET:
        options = draw_gpu_options(random)
    # Small chunks, strided elements and short rows with gaps between them are added one
    # after the other, however many.
    many = max(1, np.prod(c["shape"]) / 8192) ** 0.5
    c["sums"] = 4 * many if options or c["kind"] in ("view", "step") else 1
    if not re.search(only, c["op"]):
        return
    title = f"--case {seed}/{index} (mean {c['mean']}, std {c['std']})"

    def run_both():
        values = run_compiled(c, rng, options, report)
        run_reference(c, rng, values, report)

    report.case(title, run_both)


main(__doc__, run)
