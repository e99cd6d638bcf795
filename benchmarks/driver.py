"""Measures Norm beside a streaming copy and other libraries, in one process.

All numbers of a row are from the same arrays and the same round: every
repetition runs the copy, Norm and each peer once, in an order that rotates.
Times are medians. Results are compared with a float64 reference before
anything is timed.
"""

import argparse
import dataclasses
import functools
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np

import machine
import report
from arrays import (
    Arrays,
    channels_first,
    max_error,
    max_relative_error,
    max_ulp,
    reference,
)
from cells import CELLS, MORE_CELLS

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "Benchmarks.md"

TOLERANCE = {"f32": 1e-5, "f16": 2**-10, "bf16": 2**-7}  # Relative above 1.
PEER_TOLERANCE = 1e-3  # PyTorch is 6e-5 off in NHWC training of 400,000 values.
WARM_UP = 3  # repetitions
DISTRIBUTIONS = [(0.0, 1.0), (1e4, 1.0), (100.0, 0.1)]  # Mean, standard deviation.
ACCURACY_ELEMENTS = 1 << 24  # The larger shape reduces no more values.
ERROR_FLOOR = 2.0  # times PyTorch's
ULP_FLOOR = 2
COMPILE_FLOOR, START_FLOOR = 0.150, 0.050  # seconds
COMPILATIONS, STARTS = 7, 15


def check(cell, peer, arrays, expected, tolerance):
    """Runs `peer` once on parameters of its own. Fails unless its results are
    those of the reference, within `tolerance`."""
    own = arrays.fork()
    kernel = peer.prepare(cell, own)
    own.y.fill(float("nan"))
    actual = [kernel.output(kernel.run()), own.mean, own.variance]
    for name, values, exact in zip(("output", "mean", "variance"), actual, expected):
        error = max_relative_error(values, exact)
        if not error <= tolerance:
            sys.exit(f"{cell}: {peer.name}: the {name} is wrong by {error:g}")


def measure(functions, repetitions):
    """Returns the times of each function in seconds, one for each repetition."""
    names = list(functions)
    times = {name: [] for name in names}
    for repetition in range(-WARM_UP, repetitions):
        shift = repetition % len(names)
        for name in names[shift:] + names[:shift]:
            start = time.perf_counter()
            functions[name]()
            end = time.perf_counter()
            if repetition >= 0:
                times[name].append(end - start)
    return times


def measure_speed(cell, roof, norm, peers, repetitions):
    """Returns one row of the table of speeds; times in seconds."""
    arrays = Arrays.random(cell)
    expected = reference(cell, arrays)
    functions = roof.prepare(arrays)
    strict = TOLERANCE[cell.type]
    for peer in (norm, *peers):
        tolerance = strict if peer is norm else max(strict, PEER_TOLERANCE)
        check(cell, peer, arrays, expected, tolerance)
        functions[peer.name] = peer.prepare(cell, arrays.fork()).run
    del expected
    times = measure(functions, repetitions)
    medians = {name: statistics.median(values) for name, values in times.items()}
    best = min(roof.variants, key=medians.get)
    ours = medians[norm.name]
    return {
        "cell": str(cell),
        "bytes": arrays.x.nbytes + arrays.y.nbytes,
        "roof": medians[best],
        "roof_variant": best,
        "ours": ours,
        "share": medians[best] / ours,
        "floor": cell.floor,
        "peers": {peer.name: medians[peer.name] for peer in peers},
        "passed": medians[best] / ours >= cell.floor
        and all(ours < medians[peer.name] for peer in peers),
        "fastest": {name: min(values) for name, values in times.items()},
        "quartiles": {n: statistics.quantiles(v, n=4) for n, v in times.items()},
    }


def measure_accuracy(cell, distribution, norm, peers):
    """Returns one row of the table of errors: the largest absolute error of the
    output. PyTorch runs on the same values with the channels second."""
    arrays = Arrays.random(cell, *distribution)
    kernel = norm.prepare(cell, arrays.fork())
    expected = reference(cell, arrays)[0]
    output = kernel.output(kernel.run())
    row = {
        "cell": str(cell),
        "mean": distribution[0],
        "std": distribution[1],
        "ours": max_error(output, expected),
    }
    if cell.type != "f32":
        row["ulp"] = max_ulp(output, expected)
        return row | {"passed": row["ulp"] <= ULP_FLOOR}
    moved, contiguous = channels_first(cell, arrays)
    expected = np.moveaxis(expected, cell.channel, 1)
    row["peers"] = {}
    for peer in peers:
        kernel = peer.prepare(moved, contiguous.fork())
        row["peers"][peer.name] = max_error(kernel.output(kernel.run()), expected)
    best = min(row["peers"].values())
    return row | {"passed": row["ours"] <= ERROR_FLOOR * best}


def choose_compiled(cells):
    """Returns the first cell of each op and layout, and these dynamic."""
    first = {}
    for cell in cells:
        first.setdefault((cell.op, cell.layout), cell)
    dynamic = [dataclasses.replace(cell, dynamic=True) for cell in first.values()]
    return [*first.values(), *dynamic]


def measure_compilation(cell, norm):
    """Returns one row of the table of compile times, in seconds."""
    totals, phases = [], []
    for _ in range(COMPILATIONS):
        start = time.perf_counter()
        kernel = norm.compile(cell)
        totals.append(time.perf_counter() - start)
        phases.append(kernel.get_compile_times())
        del kernel
    total = statistics.median(totals)
    return {
        "what": f"compile {cell}",
        "seconds": total,
        "first": totals[0],
        "phases": [statistics.median(part) for part in zip(*phases)],
        "floor": COMPILE_FLOOR,
        "passed": total <= COMPILE_FLOOR,
    }


def measure_start(build):
    """Returns the row of a run of norm-opt on an empty module."""
    times = []
    for _ in range(STARTS):
        start = time.perf_counter()
        subprocess.run(
            [build / "bin" / "norm-opt"],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        times.append(time.perf_counter() - start)
    return {
        "what": "start norm-opt",
        "seconds": statistics.median(times),
        "first": times[0],
        "floor": START_FLOOR,
        "passed": statistics.median(times) <= START_FLOOR,
    }


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="benchmarks/run",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--quick", action="store_true", help="25 repetitions instead of 101"
    )
    parser.add_argument(
        "--more", action="store_true", help="also other shapes and bf16"
    )
    parser.add_argument(
        "--accuracy", action="store_true", help="also errors against float64"
    )
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="only cells whose name has TEXT in it"
    )
    parser.add_argument(
        "--json", type=pathlib.Path, metavar="FILE",
        help="where all numbers go; build/benchmarks/results.json by default",
    )
    parser.add_argument(
        "--markdown", action="store_true", help="write docs/Benchmarks.md"
    )
    parser.add_argument(
        "--build", type=pathlib.Path, default=ROOT / "build", metavar="DIR",
        help="the build folder of Norm",
    )
    return parser.parse_args()


def main():
    options = parse_arguments()
    build = options.build.resolve()
    os.environ["OMP_NUM_THREADS"] = str(len(os.sched_getaffinity(0)))
    results = {"machine": machine.describe(build)}

    # These load their OpenMP runtimes, which read the environment then.
    from peers import PEERS, Norm
    from roof import Roof

    roof, norm, peers = Roof(build), Norm(build), [peer() for peer in PEERS]
    repetitions = 25 if options.quick else 101
    results["repetitions"] = repetitions
    results["versions"] = {peer.name: peer.version for peer in peers}
    chosen = [c for c in CELLS + MORE_CELLS * options.more if options.only in str(c)]

    print(report.describe(results), flush=True)
    sections = {
        "speed": (
            functools.partial(measure_speed, cell, roof, norm, peers, repetitions)
            for cell in chosen
        )
    }
    if options.accuracy:
        sections["accuracy"] = (
            functools.partial(measure_accuracy, typed, distribution, norm, peers)
            for cell in chosen
            if cell in CELLS and cell.elements < ACCURACY_ELEMENTS
            for type in ("f32", "f16", "bf16")
            for typed in [dataclasses.replace(cell, type=type)]
            for distribution in DISTRIBUTIONS
        )
    sections["compilation"] = (
        *(
            functools.partial(measure_compilation, cell, norm)
            for cell in choose_compiled(chosen)
        ),
        functools.partial(measure_start, build),
    )
    for section, rows in sections.items():
        results[section] = []
        for row in rows:
            results[section].append(row())
            print(".", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        print(report.table(section, results[section]), flush=True)

    path = options.json or build / "benchmarks" / "results.json"
    path.write_text(json.dumps(results, indent=1) + "\n")
    print(f"\nAll numbers: {os.path.relpath(path)}")
    if options.markdown:
        PAGE.write_text(report.page(results))
    rows = [row for section in sections for row in results[section]]
    sys.exit(not all(row["passed"] for row in rows))


if __name__ == "__main__":
    main()
