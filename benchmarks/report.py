"""Tables of results, for the terminal and for docs/Benchmarks.md."""

import pathlib
import statistics

from summary import get_dynamic_speed, get_ratios, is_same, list_slower, summarize

BUSY = 1.0
FINDINGS = pathlib.Path(__file__).with_name("findings.md")  # Of the run on the page.

INTRODUCTION = """\
# Benchmarks

```sh
benchmarks/run                            # all cells, all peers
benchmarks/run --quick                    # few cells, PyTorch and oneDNN, in less than two minutes
benchmarks/run --only "group_norm NHWC"   # cells whose name has this in it
benchmarks/run --peers pytorch,onednn     # only these peers
benchmarks/run --accuracy --markdown      # everything, and this page
```

`benchmarks/run --help` lists all options. Shapes and goals are lines of `benchmarks/cells.py`, and a file in `benchmarks/peers` is
all that another library needs: its first lines name the packages, which the first run installs from PyPI into `benchmarks/.venv`; together they take 10 GB.
A peer that cannot be installed or loaded is named, and left out.

How it is measured:

- Time of a call from Python with all arrays in place, median, on all cores. A line is seven rounds, in each of which the streaming
  kernel, Norm and each peer run in a random order: for 20 ms that do not count, so that each finds its threads awake and the caches as
  it leaves them itself, and then five times. What takes more than 20 times the roof is timed once a round. Small inputs: many calls a
  sample, time per call.
- `roof` is a kernel that moves the bytes that no op can avoid, and nothing else: a copy of the input to the output, for gradients
  two inputs and one output. Of normal and streaming stores, prefetch distances, and one or all threads, the fastest counts.
- All work on the same values and on huge pages. A peer writes to the given output if it can. PyTorch's group norm and gradients
  and TensorFlow cannot: they allocate it, from a heap that keeps its pages. JAX is given its
  previous output to write to.
- A gradient op reads x, the gradient of the output, and the saved mean and variance; it gives the gradients of x, scale and bias.
  bf16 is the type of input and output; parameters and statistics are f32.
- Peers run in the layout of the cell, and some also in others: PyTorch in NCHW and NHWC, oneDNN in these and in its own,
  NCHW16c, with 16 channels innermost. Reorders into these are not counted. oneDNN's newest package runs on TBB through SYCL,
  which small inputs pay for; the last one on OpenMP, 3.2, has no group norm.
- The runtimes share the cores, so their threads spin for a millisecond or two while they wait, and then sleep. All have as many
  threads as there are cores.
- `+ add + relu`: a residual of the output's shape is added, and the ReLU of the sum is the output, all in f32. Compilers fuse this;
  PyTorch runs one op after the other, in the type of the cell. Only compilers and runtimes of graphs have it.
- Every result is compared with a float64 reference first; a peer whose result is wrong is named, and left out.
"""


def align(headers, rows):
    """Returns a table in Markdown; all columns but the first are right-aligned."""
    widths = [max(map(len, column)) for column in zip(headers, *rows)]

    def line(cells):
        first, *rest = (
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(cells, widths))
        )
        return "| " + " | ".join([first, *rest]) + " |"

    rule = [("-" * (width + 1) + (":" if i else "-")) for i, width in enumerate(widths)]
    return "\n".join([line(headers), "|" + "|".join(rule) + "|", *map(line, rows)])


def verdict(row):
    return "PASS" if row["passed"] else "FAIL"


def number(value, format):
    return "" if value is None else f"{value:{format}}"


def goals(rows):
    """Returns the table of medians with their goals, and the cells that lose."""
    headers = ["median of", "cells", "share", "goal", "same layout", "goal", "any layout", "goal", ""]
    lines = []
    for line in summarize(rows):
        texts = [
            text + "x" * (i > 0 and text != "")
            for i, pair in enumerate(zip(line["medians"], line["goals"]))
            for text in (number(value, ".2f") for value in pair)
        ]
        lines.append([line["name"], str(line["cells"]), *texts, verdict(line)])
    text = "\n## Goals\n\nMedians over the cells of a row: the share of the roof's bandwidth, and how many times as fast as the\n"
    text += "fastest peer in the same layout, and in any.\n\n" + align(headers, lines) + "\n"
    dynamic = [(get_dynamic_speed(row), row["cell"]) for row in rows]
    least, cell = min(dynamic)
    median = statistics.median(speed for speed, _ in dynamic)
    text += f"\nCompiled for all sizes: {median:.2f} times as fast as for these sizes; the least is {least:.2f}, {cell}.\n"
    for ratio, row in list_slower(rows):
        text += f"\nSlower than a peer in the same layout: {row['cell']}, {ratio:.2f}x."
    return text


def speed(rows):
    """Times over the roof; a peer's column has its times in the cell's layout."""
    peers = sorted({n for row in rows for n in row["peers"] if is_same(row, n)})
    headers = ["cell", "roof us", "GB/s", "Norm", *peers, "fastest elsewhere", "share", "moves", "same", "any", "dynamic"]
    lines = []
    for row in rows:
        share, same, any = get_ratios(row)
        times = {n: row["peers"][n] / row["roof"] for n in row["peers"] if is_same(row, n)}
        others = [(t, n) for n, t in row["peers"].items() if not is_same(row, n)]
        time, name = min(others, default=(None, ""))
        lines.append(
            [
                row["cell"],
                f"{row['roof'] * 1e6:.{1 if row['roof'] < 1e-4 else 0}f}",
                f"{row['bytes'] / row['roof'] / 1e9:.1f}",
                f"{row['ours'] / row['roof']:.2f}",
                *(number(times.get(peer), ".2f") for peer in peers),
                f"{name} {time / row['roof']:.2f}" if time else "",
                f"{share:.2f}",
                f"{row['traffic'] / row['bytes']:.2f}",
                *(number(ratio, ".2f") + "x" * (ratio is not None) for ratio in (same, any)),
                f"{get_dynamic_speed(row):.2f}",
            ]
        )
    text = align(headers, lines)
    failures = {(n, why) for row in rows for n, why in row["failures"].items()}
    for name, why in sorted(failures):
        where = [row["cell"] for row in rows if row["failures"].get(name) == why]
        text += f"\n\nLeft out: {name}, {why} ({len(where)} cells, such as {where[0]})."
    return text


def levels(rows):
    kinds = ["read", "copy", "streaming copy"]
    headers = ["GB/s", "KiB for each core", *kinds]
    lines = [
        [row["level"], str(row["size"] >> 10), *(f"{row[kind] / 1e9:.0f}" for kind in kinds)]
        for row in rows
    ]
    return align(headers, lines)


def outputs(rows):
    names = list(dict.fromkeys(name for row in rows for name in row["new"]))
    headers = ["us", *(f"{name} {kind}" for name in names for kind in ("reused", "new"))]
    lines = [
        [row["cell"], *(number(row[k].get(n, 0) * 1e6, ".0f") for n in names for k in ("reused", "new"))]
        for row in rows
    ]
    return align(headers, lines)


def accuracy(rows):
    peers = list(next((row["peers"] for row in rows if "peers" in row), {}))
    headers = ["cell", "mean", "std", "Norm", *peers, "ratio", "ulp", ""]
    cells = []
    for row in rows:
        errors = [row.get("peers", {}).get(peer) for peer in peers]
        cells.append(
            [
                row["cell"],
                f"{row['mean']:g}",
                f"{row['std']:g}",
                f"{row['ours']:.2g}",
                *(number(error, ".2g") for error in errors),
                f"{row['ours'] / min(errors):.2f}" if row.get("peers") else "",
                number(row.get("ulp"), ".1f"),
                verdict(row),
            ]
        )
    return align(headers, cells)


def compilation(rows):
    phases = ["lower", "translate", "optimize", "generate"]
    headers = ["", "ms", "first", "floor", *phases, ""]
    cells = [
        [
            row["what"],
            *(f"{row[key] * 1e3:.0f}" for key in ("seconds", "first", "floor")),
            *(f"{part * 1e3:.1f}" for part in row.get("phases", [])),
            *([] if "phases" in row else [""] * len(phases)),
            verdict(row),
        ]
        for row in rows
    ]
    return align(headers, cells)


SECTIONS = {
    "speed": (
        speed,
        "Speed",
        "Times over the roof's: 1.00 is the roof, lower is better. Then the fastest peer in another layout, the share of the\n"
        "roof's bandwidth that Norm reaches, how many times the roof's bytes its schedule moves if nothing stays in the last cache, and\n"
        "how many times as fast Norm is as the fastest peer in the same layout, and in any.\n"
        "Last, the speed of code that Norm compiled for all sizes, where 1 is that of code for the sizes of the cell.",
    ),
    "levels": (
        levels,
        "Bandwidth",
        "What all cores together read and write, over arrays that fit a level.",
    ),
    "outputs": (
        outputs,
        "New outputs",
        "The same call with an output in place, and with one that is allocated in the call and freed after it, in a process with\n"
        "the C library's usual heap, where each new page is a page fault. Norm's library keeps the pages of what it allocates.",
    ),
    "accuracy": (
        accuracy,
        "Accuracy",
        "Largest absolute error of the output against float64 on the same values. Float32: at most twice that of PyTorch's\n"
        "kernels for contiguous tensors. 16-bit input and output: at most 2 ulp from the rounded reference, where values below\n"
        "2^-8 count in the ulp there.",
    ),
    "compilation": (
        compilation,
        "Compile times",
        "One op, or those of a network, from MLIR text to machine code in process, and a run of norm-opt on an empty module; medians.",
    ),
}


def table(section, rows):
    render, title, text = SECTIONS[section]
    return f"\n## {title}\n\n{text}\n\n{render(rows)}"


def describe(results):
    """Returns what the numbers depend on, in a few lines."""
    machine = results["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    busy = machine["load"] > BUSY
    lines = [
        f"{machine['processor']}, {machine['threads']} threads, {machine['caches']}.",
        f"Linux {machine['kernel']}, Norm {machine['norm']}; {versions or 'no peers'}.",
        f"{results['repetitions']} repetitions; load before the run {machine['load']:.1f}."
        + " The machine was busy: times mean little." * busy,
        *(f"Left out: {name}, {why}." for name, why in results["missing"].items()),
    ]
    return "\n".join(lines)


def page(results, picture):
    """Returns docs/Benchmarks.md; `picture` is the plot beside it."""
    parts = [INTRODUCTION, "\n## This run\n\n", describe(results), "\n"]
    if results["speed"]:
        parts += [goals(results["speed"]), "\n\n", FINDINGS.read_text(), f"\n![Share of the roof]({picture})\n"]
    parts += [table(s, results[s]) + "\n" for s in SECTIONS if results.get(s)]
    return "".join(parts)
