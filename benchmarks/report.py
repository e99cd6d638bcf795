"""Tables of results, for the terminal and for docs/Benchmarks.md."""

BUSY = 1.0

INTRODUCTION = """\
# Benchmarks

```sh
benchmarks/run                                 # speed and compile times
benchmarks/run --quick                         # the same in less than two minutes
benchmarks/run --accuracy --more --markdown    # everything, and this page
```

The first run installs PyTorch into `benchmarks/.venv`: a download of 3 GB, because its Linux packages on PyPI do not load
without their CUDA libraries. `benchmarks/run --help` lists all options, `benchmarks/cells.py` what is measured, and a file in
`benchmarks/peers` is all that another library needs.

How it is measured:

- Time of a call from Python with all arrays in place, median, on all cores. A row is one round: every repetition runs the copy,
  Norm and PyTorch once, in an order that rotates.
- `roof` is a copy of the input to the output, with normal or streaming stores, whichever is faster: the bytes that no op can
  avoid. `share` is roof / Norm, the share of the copy's bandwidth.
- All work on the same input and write to the same output, on huge pages. PyTorch's group norm cannot write to a given output
  and allocates one, from a heap that keeps its pages.
- The OpenMP runtimes of Norm and PyTorch share the cores, so their threads sleep while they wait. To wake them takes tens of
  microseconds, also in the copy: cells that take less than 0.1 ms are about this.
- Every result is compared with a float64 reference first.
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


def speed(rows):
    peers = list(rows[0]["peers"])
    headers = ["cell", "roof us", "GB/s", "Norm us", "share", "floor"]
    for peer in peers:
        headers += [f"{peer} us", "Norm faster"]
    cells = [
        [
            row["cell"],
            f"{row['roof'] * 1e6:.0f}",
            f"{row['bytes'] / row['roof'] / 1e9:.1f}",
            f"{row['ours'] * 1e6:.0f}",
            f"{row['share']:.2f}",
            f"{row['floor']:.1f}" if row["floor"] else "",
            *(
                text
                for peer in peers
                for text in (
                    f"{row['peers'][peer] * 1e6:.0f}",
                    f"{row['peers'][peer] / row['ours']:.2f}x",
                )
            ),
            verdict(row),
        ]
        for row in rows
    ]
    return align([*headers, ""], cells)


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
                *("" if error is None else f"{error:.2g}" for error in errors),
                "" if "ulp" in row else f"{row['ours'] / min(errors):.2f}",
                f"{row['ulp']:.1f}" if "ulp" in row else "",
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
        "Norm has to reach the floor and to be faster than the others.",
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
        "One op from MLIR text to machine code in process, and a run of norm-opt on an empty module; medians.",
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
    return (
        f"{machine['processor']}, {machine['threads']} threads, {machine['caches']}.\n"
        f"Linux {machine['kernel']}, Norm {machine['norm']}, {versions}; {results['repetitions']} repetitions; "
        f"load before the run {machine['load']:.1f}."
        + " The machine was busy: times mean little." * busy
    )


def page(results):
    """Returns docs/Benchmarks.md."""
    tables = [table(section, results[section]) for section in SECTIONS if section in results]
    parts = [INTRODUCTION, "\n## This run\n\n", describe(results), "\n", *(t + "\n" for t in tables)]
    return "".join(parts)
