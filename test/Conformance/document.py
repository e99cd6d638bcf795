"""Collects what the checks found, and writes it as docs/Conformance.md."""

import collections
import dataclasses
import importlib.metadata
import itertools
import math

import specified
from suite import GROUPS, LIMITS, NEAR, SHARE

PACKAGES = ("torch", "jax", "flax", "brainpy", "brainstate", "onnx", "onnxruntime",
            "tensorflow-cpu", "keras")

# A system is stable where it would pass as Norm does.
STABLE = LIMITS["f32"][1]

HEAD = """\
# Conformance

```sh
test/Conformance/run            # everything, and this page
test/Conformance/run --quick    # fewer combinations of arguments, and no page
test/Conformance/run devices    # statistics over devices: JAX's virtual ones, and ours in 4 processes
```

The suite compares Norm with the layers of other systems, as they are installed from PyPI, on the same input. It is not part of
`scripts/check`: the first run downloads 4 GB. A file in `test/Conformance/peers` is all that another system needs. This page
is generated.

For each case, these are checked, and the last for each line of the table:

- The system's layer in float64 gives what Norm's specification says, computed in extended precision, up to {roundings} roundings
  of float64. A system that has no float64 has to come within {near:g} units in float32 on data of mean 0.
- Norm's largest error is at most {share:g} times the system's own plus {floor:g} units, and never more than {cap:g} units, also where the
  system itself is wrong. For bf16 and f16 it is at most {half:g} unit.
- Where a system differs by design, it differs in the way that is listed below.
- Over all results where the system itself is stable, at most {cap:g} units off, Norm's largest error is at most {share:g} times the system's
  largest.

Where a system is asked for its fast variance on data of mean 0, so is Norm; on other data, Norm's is stable. Systems give outputs of all
values, whatever their mask selects; `unselected = zero` is compared with such an output where the mask is true, and 0 elsewhere.

A unit is a unit in the last place of the result's type, at the sum of the absolute values of the terms that the result is the sum
of: of `x * scale` and `bias`, for instance. NaN is an infinite error. Data: mean 0 and standard deviation 1, mean 1e4 and standard
deviation 1 and 0.1, and a constant; only the first leaves digits to variances that are taken as E[x²] - E[x]².

## This run

{versions}; Norm {commit}. {cases} cases, {failed} failed, {skipped} skipped. Of {stable} single results where the
system is stable, {doubled} have more than twice its error.

## Results

`stable` is the number of results where the system is stable, `unstable` that of the others, some of whose systems give NaN; results
where a system differs by design are not counted. The errors are the largest, in units.

"""


@dataclasses.dataclass
class Errors:
    """The largest errors of `count` results, in units, and how many of them have
    more than twice the error of the system."""

    count: int = 0
    ours: float = 0.0
    peers: float = 0.0
    doubled: int = 0

    def add(self, outcome):
        self.count += 1
        self.ours = max(self.ours, outcome.ours)
        self.peers = max(self.peers, outcome.peers)
        self.doubled += outcome.ours > SHARE * outcome.peers

    def format(self):
        if not self.count:
            return "0 | | "
        return f"{self.count} | {format_error(self.ours)} | {format_error(self.peers)}"


@dataclasses.dataclass
class Row:
    """One group of results of a layer."""

    stable: Errors = dataclasses.field(default_factory=Errors)
    unstable: Errors = dataclasses.field(default_factory=Errors)

    def add(self, outcomes):
        for outcome in outcomes:
            if outcome.peers is not None:
                (self.stable if outcome.peers <= STABLE else self.unstable).add(outcome)


class Results:
    """What happened to each layer, in the order in which it was checked."""

    def __init__(self):
        self.layers = []
        self.rows = collections.defaultdict(Row)
        self.skips = collections.defaultdict(collections.Counter)
        self.differences = collections.defaultdict(collections.Counter)
        # Of each layer, by the argument's name: how many cases have which value.
        self.arguments = collections.defaultdict(
            lambda: collections.defaultdict(collections.Counter))
        self.cases = self.failed = self.skipped = 0
        self.failures = []  # Some of each layer's.

    def add(self, layer, case, outcomes, differences):
        for group, names in GROUPS.items():
            found = [outcome for outcome in outcomes if outcome.name in names]
            if found:
                self.rows[layer, group].add(found)
        self.differences[layer].update(differences)
        arguments = case.arguments | ({"mask": case.mask} if case.mask else {})
        for name, value in arguments.items():
            self.arguments[layer][name][value] += 1

    def check_rows(self, layer):
        """Compares the largest errors of each group; adds what fails."""
        for group in GROUPS:
            errors = self.rows[layer, group].stable
            if errors.count and not errors.ours <= SHARE * errors.peers:
                self.failed += 1
                self.failures.append(
                    f"{layer.system} {layer.name}, {group}: at most {errors.ours:.2f} units, and"
                    f" the system at most {errors.peers:.2f} where it is stable")
                print("FAILED", self.failures[-1], flush=True)

    def skip(self, layer, group, op):
        self.skips[layer][group, op] += 1
        self.skipped += 1

    def describe(self, layer):
        """One line for each group of results of a layer."""
        for group in GROUPS:
            row = self.rows[layer, group]
            if row.stable.count or row.unstable.count:
                yield group, row
        for (group, op), count in self.skips[layer].items():
            yield group, f"skipped {count} cases: this build of Norm has no `{op}`"


def format_error(error):
    if math.isinf(error):
        return "NaN"
    return f"{error:.1f}" if error < 1e6 else "> 1e6"


def get_packages():
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)


def make_table(results):
    lines = [
        "| system | layer | compared | stable | Norm | system | unstable | Norm | system |",
        "|---|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for layer in results.layers:
        for group, row in results.describe(layer):
            start = f"| {layer.system} | {layer.name} | {group} |"
            if isinstance(row, str):
                lines.append(f"{start} {row} | | | | | |")
            else:
                lines.append(f"{start} {row.stable.format()} | {row.unstable.format()} |")
    return lines


def make_parameters(results):
    lines = ["| system | layers | arguments that vary | left out |", "|---|---|---|---|"]
    key = lambda layer: (layer.system, layer.varied, layer.left_out)
    for (system, varied, left_out), layers in itertools.groupby(results.layers, key):
        names = ", ".join(layer.name for layer in layers)
        lines.append(f"| {system} | {names} | {varied} | {left_out} |")
    return lines


def make_differences(results):
    """A list of the differences, each with its number of cases and layers."""
    found = collections.defaultdict(list)
    for layer, counter in results.differences.items():
        for text, count in counter.items():
            found[text].append(f"{layer.name}: {count}")
    lines = [f"- {text} Cases: {'; '.join(layers)}." for text, layers in found.items()]
    notes = {(layer.system, layer.note) for layer in results.layers if layer.note}
    return lines + [f"- {system}: {note}." for system, note in sorted(notes)]


def write(path, results, commit, roundings):
    floor, cap = LIMITS["f32"]
    stable = [row.stable for row in results.rows.values()]
    head = HEAD.format(
        stable=sum(errors.count for errors in stable), doubled=sum(errors.doubled for errors in stable),
        roundings=roundings, near=NEAR, share=SHARE, floor=floor, cap=cap,
        half=LIMITS["bf16"][1], versions=get_packages(), commit=commit,
        cases=results.cases, failed=results.failed, skipped=results.skipped)
    sections = [
        head + "\n".join(make_table(results)),
        "\n".join(specified.make_tables(results)),
        "## Arguments\n\n" + "\n".join(make_parameters(results)),
        "## Differences\n\nEach is checked to be what it is said to be.\n\n"
        + "\n".join(make_differences(results)),
    ]
    if results.failures:
        failures = "\n".join(f"- {failure}" for failure in results.failures)
        sections.insert(1, "## Failures\n\n" + failures)
    path.write_text("\n\n".join(sections) + "\n")
