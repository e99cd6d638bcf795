"""Measures Norm beside a streaming kernel and other libraries, in one process.

All numbers of a line are from the same values and the same round: every
repetition runs the streaming kernel, Norm and each peer once, in a random order.
Times are medians. Results are compared with a float64 reference before
anything is timed.
"""

import argparse
import functools
import json
import os
import pathlib
import sys

import compilation
import levels
import machine
import plot
import report
from accuracy import list_cells, measure_accuracy
from cells import CELLS, QUICK
from measure import Speed
from outputs import measure_apart
from peers import QUICK as QUICK_PEERS
from peers import list_peers, load
from summary import list_slower, summarize

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "Benchmarks.md"
REPETITIONS, QUICK_REPETITIONS = 35, 25
SECTIONS, QUICK_SECTIONS = ["speed", "levels", "outputs", "compilation"], ["speed", "compilation"]


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="benchmarks/run",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--quick", action="store_true",
        help=f"few cells, {QUICK_REPETITIONS} repetitions, and only {', '.join(QUICK_PEERS)}",
    )
    parser.add_argument(
        "--peers", metavar="LIST", type=lambda text: text.split(","),
        help=f"only these of {','.join(list_peers())}",
    )
    parser.add_argument(
        "--accuracy", action="store_true", help="also errors against float64"
    )
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="only cells whose name has TEXT in it"
    )
    parser.add_argument(
        "--sections", metavar="LIST", type=lambda text: text.split(","),
        help=f"what to measure; default {','.join(SECTIONS)}, and {','.join(QUICK_SECTIONS)} if quick",
    )
    parser.add_argument(
        "--json", type=pathlib.Path, metavar="FILE",
        help="where all numbers go; build/benchmarks/results.json by default",
    )
    parser.add_argument(
        "--read", type=pathlib.Path, nargs="+", metavar="FILE",
        help="measure nothing: take the numbers of earlier runs, for example of parts",
    )
    parser.add_argument(
        "--markdown", type=pathlib.Path, nargs="?", const=PAGE, metavar="FILE",
        help="write docs/Benchmarks.md, or another page, and its plot",
    )
    parser.add_argument(
        "--build", type=pathlib.Path, default=ROOT / "build", metavar="DIR",
        help="the build folder of Norm",
    )
    options = parser.parse_args()
    if unknown := {*(options.peers or ())} - {*list_peers()}:
        parser.error(f"no such peer: {', '.join(unknown)}")
    return options


def measure(options, build):
    """Returns all numbers of a run, and prints the tables as they come."""
    results = {"machine": machine.describe(build)}
    os.environ["OMP_NUM_THREADS"] = str(len(os.sched_getaffinity(0)))

    # These load their OpenMP runtimes, which read the environment then.
    from peers.norm import Norm
    from roof import Roof

    # Norm comes first: a peer may make an MLIR of its own visible to all that
    # are loaded after it.
    roof, norm = Roof(build), Norm(build)
    names = options.peers or (QUICK_PEERS if options.quick else list_peers())
    peers, results["missing"] = load(names)
    repetitions = QUICK_REPETITIONS if options.quick else REPETITIONS
    results["repetitions"] = repetitions
    results["versions"] = {peer.name: peer.version for peer in peers}
    cells = [c for c in (QUICK if options.quick else CELLS) if options.only in str(c)]
    if not cells:
        sys.exit(f"no cell has '{options.only}' in its name")
    print(report.describe(results), flush=True)

    speed = Speed(build, roof, norm, peers, repetitions)
    sections = {
        "speed": [functools.partial(speed, cell) for cell in cells],
        "levels": [functools.partial(levels.measure_level, roof, *level) for level in levels.LEVELS.items()],
        "compilation": [
            *(
                functools.partial(compilation.measure_compilation, cell, norm)
                for cell in compilation.choose_cells(cells, options.quick)
            ),
            functools.partial(compilation.measure_network, norm),
            functools.partial(compilation.measure_start, build),
        ],
        "accuracy": [
            functools.partial(measure_accuracy, *cell, norm, peers)
            for cell in list_cells(options.only)
        ],
    }
    wanted = options.sections or (QUICK_SECTIONS if options.quick else SECTIONS)
    wanted = wanted + ["accuracy"] * options.accuracy
    for section, rows in sections.items():
        if section not in wanted or not rows:
            continue
        results[section] = []
        for row in rows:
            results[section].append(row())
            print(".", end="", file=sys.stderr, flush=True)
            save(options, build, results)  # What is there, should a peer end it all.
        print(file=sys.stderr)
        print(report.table(section, results[section]), flush=True)
    if "outputs" in wanted:
        results["outputs"] = measure_apart([build, repetitions, *names])
        print(report.table("outputs", results["outputs"]), flush=True)
    return results


def read(paths):
    """Returns the numbers of several runs as one; the later ones count."""
    results = {"speed": []}
    for path in paths:
        part = json.loads(path.read_text())
        rows = {row["cell"]: row for row in results["speed"] + part.get("speed", [])}
        order = {str(cell): i for i, cell in enumerate(CELLS)}
        missing = {**results.get("missing", {}), **part["missing"]}
        versions = {**results.get("versions", {}), **part["versions"]}
        load = results.get("machine", part["machine"])["load"]
        part["machine"]["load"] = max(load, part["machine"]["load"])
        results |= part
        results |= {"missing": missing, "versions": versions}
        results["speed"] = sorted(rows.values(), key=lambda row: order[row["cell"]])
    return results


def save(options, build, results):
    path = options.json or build / "benchmarks" / "results.json"
    path.write_text(json.dumps(results, indent=1) + "\n")
    return path


def main():
    options = parse_arguments()
    build = options.build.resolve()
    if options.read:
        results = read(options.read)
    else:
        results = measure(options, build)
        print(f"\nAll numbers: {os.path.relpath(save(options, build, results))}")
    speed = results.get("speed", [])
    if speed:
        print(report.goals(speed), flush=True)
    if options.markdown:
        picture = options.markdown.with_suffix(".svg")
        options.markdown.write_text(report.page(results, picture.name))
        picture.write_text(plot.draw(speed))
    passed = [line["passed"] for line in summarize(speed)]
    passed += [row["passed"] for s in ("accuracy", "compilation") for row in results.get(s, [])]
    sys.exit(not all(passed) or bool(list_slower(speed)))


if __name__ == "__main__":
    main()
