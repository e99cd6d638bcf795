"""Collects what the checks found, and writes it as docs/Conformance.md."""

import collections
import dataclasses
import importlib.metadata
import itertools
import math

import specified
from suite import GROUPS, LIMITS, NEAR, SHARE

PACKAGES = ("torch", "jax", "flax", "brainpy", "brainstate", "onnx", "onnxruntime")

HEAD = """\
# Conformance

```sh
test/Conformance/run            # everything, and this page
test/Conformance/run --quick    # fewer combinations of arguments, and no page
```

The suite compares Norm with the layers of other systems, as they are installed from PyPI, on the same input. It is not part of
`scripts/check`: the first run downloads 3 GB. A file in `test/Conformance/peers` is all that another system needs. This page
is generated.

For each case, three things are checked:

- The system's layer in float64 gives what Norm's specification says, computed in extended precision, up to {roundings} roundings
  of float64. A system that has no float64 has to come within {near:g} units in float32 on data of mean 0.
- Norm's largest error is at most {share:g} times the system's own plus {floor:g} units, and never more than {cap:g} units, also where the
  system itself is wrong. For bf16 and f16 it is at most {half:g} unit.
- Where a system differs by design, it differs in the way that is listed below.

Where a system is asked for its fast variance on data of mean 0, so is Norm; on other data, Norm's is stable. Systems give outputs of all
values, whatever their mask selects; `unselected = zero` is compared with such an output where the mask is true, and 0 elsewhere.

A unit is a unit in the last place of the result's type, at the sum of the absolute values of the terms that the result is the sum
of: of `x * scale` and `bias`, for instance. Sums go through chunks in sequence, so the errors of thousands of values add up to
some units. NaN is an infinite error. Data: mean 0 and standard deviation 1, mean 1e4 and standard deviation 1 and 0.1, and a
constant; `mean 0` in the table is the first of these, `other` are the rest, where variances taken as E[x²] - E[x]² have no digits left.

## This run

{versions}; Norm {commit}. {cases} cases, {failed} failed, {skipped} skipped.

## Results

`cases` is the number of cases that were compared; the errors are the largest, in units.

"""


@dataclasses.dataclass
class Row:
    """One group of results of a layer."""

    cases: int = 0
    ours: dict = dataclasses.field(default_factory=lambda: {True: 0.0, False: 0.0})
    peers: dict = dataclasses.field(default_factory=lambda: {True: None, False: None})

    def add(self, outcomes, centred):
        self.cases += 1
        for outcome in outcomes:
            self.ours[centred] = max(self.ours[centred], outcome.ours)
            if outcome.peers is not None:
                self.peers[centred] = max(self.peers[centred] or 0.0, outcome.peers)


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
                self.rows[layer, group].add(found, case.data.centred)
        self.differences[layer].update(differences)
        arguments = case.arguments | ({"mask": case.mask} if case.mask else {})
        for name, value in arguments.items():
            self.arguments[layer][name][value] += 1

    def skip(self, layer, group, op):
        self.skips[layer][group, op] += 1
        self.skipped += 1

    def describe(self, layer):
        """One line for each group of results of a layer."""
        for group in GROUPS:
            row = self.rows.get((layer, group))
            if row:
                yield group, row
        for (group, op), count in self.skips[layer].items():
            yield group, f"skipped {count} cases: this build of Norm has no `{op}`"


def format_error(error):
    if error is None:
        return ""
    if math.isinf(error):
        return "NaN"
    return f"{error:.1f}" if error < 1e6 else "> 1e6"


def get_packages():
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)


def make_table(results):
    lines = [
        "| system | layer | compared | cases | Norm, mean 0 | system, mean 0 | Norm, other |"
        " system, other |",
        "|---|---|---|--:|--:|--:|--:|--:|",
    ]
    for layer in results.layers:
        for group, row in results.describe(layer):
            start = f"| {layer.system} | {layer.name} | {group} |"
            if isinstance(row, str):
                lines.append(f"{start} {row} | | | | |")
                continue
            errors = [e for c in (True, False) for e in (row.ours[c], row.peers[c])]
            lines.append(f"{start} {row.cases} | {' | '.join(map(format_error, errors))} |")
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
    head = HEAD.format(
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
