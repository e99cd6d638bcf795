"""Compares Norm with the layers of other systems. Exits with 1 if a case fails."""

import argparse
import importlib
import os
import pathlib
import subprocess
import sys
import time
import warnings

import norm_runner

import document
import specified
from kernels import MissingOp
from suite import ROUNDINGS, Mismatch, check

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "Conformance.md"
PEERS = ("brainpy", "brainpy_old", "megengine", "brainstate", "flax_linen", "pytorch",
         "onnx", "stablehlo", "tensorflow")
SHOWN = 10  # failures of a layer


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="test/Conformance/run", description=__doc__)
    parser.add_argument("--quick", action="store_true",
                        help="fewer combinations of arguments; writes no page")
    parser.add_argument("--only", nargs="+", metavar="PEER", choices=PEERS, default=PEERS,
                        help=f"some of {', '.join(PEERS)}; writes no page")
    parser.add_argument("--layer", default="", metavar="TEXT",
                        help="only layers whose name has TEXT in it; writes no page")
    return parser.parse_args()


def check_layer(layer, quick, results):
    """Checks all cases of a layer and prints what fails; returns how many did. Ops
    that Norm lacks are counted as skipped."""
    failed = 0
    for case in layer.cases(quick):
        results.cases += 1
        try:
            outcomes, differences, missing = check(layer, case)
        except MissingOp as error:
            results.skip(layer, "all", str(error))
        except (Mismatch, norm_runner.Error) as error:
            failed += 1
            if failed <= SHOWN:
                results.failures.append(f"{layer.system} {layer.name} {case}: {error}")
                print("FAILED", results.failures[-1], flush=True)
        else:
            results.add(layer, case, outcomes, differences)
            if missing:
                results.skip(layer, "gradients", missing)
    results.failed += failed
    if not quick:
        results.check_rows(layer)
    return failed


def get_commit():
    if ROOT / "build" not in pathlib.Path(os.environ["NORM_RUNNER_LIBRARY"]).resolve().parents:
        return "built elsewhere"
    command = ["git", "-C", ROOT, "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def main():
    options = parse_arguments()
    warnings.filterwarnings("ignore")
    results = document.Results()
    for name in options.only:
        for layer in importlib.import_module(f"peers.{name}").LAYERS:
            if options.layer not in layer.name:
                continue
            start, before = time.perf_counter(), results.cases
            results.layers.append(layer)
            failed = check_layer(layer, options.quick, results)
            print(f"{layer.system} {layer.name}: {results.cases - before} cases,"
                  f" {failed} failed, {time.perf_counter() - start:.0f} s", flush=True)
    for lines in (document.make_table, specified.make_tables, document.make_differences):
        print(*lines(results), "", sep="\n")
    print(f"{results.cases} cases, {results.failed} failed, {results.skipped} skipped")
    if not options.quick and options.only == PEERS and not options.layer:
        commit = get_commit()
        document.write(PAGE, results, commit, ROUNDINGS)
        print(f"Wrote {os.path.relpath(PAGE)}")
    sys.exit(bool(results.failed))


if __name__ == "__main__":
    main()
