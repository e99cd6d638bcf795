"""Libraries that have the ops: one file for each, found by its name.

To add a peer, add a file here. Its first lines have the arguments of pip that
install what it needs, as `# requires: NAME==VERSION ...`, where {prefix} is the
virtual environment, and its class `Peer` has

- `name` and `version`;
- `prepare(cell, arrays)`: a Kernel, or None where the library lacks the op, the
  type or the layout;
- `layouts`, optional: other layouts of the same values that it is measured in.
"""

import dataclasses
import importlib
import itertools
import pathlib
import subprocess
import sys
from collections.abc import Callable

FOLDER = pathlib.Path(__file__).parent
BASE = FOLDER.parent / "requirements.txt"
OURS = "norm"
REQUIRES = "# requires: "
LAST = ("onednn_openmp",)  # To load a large library after it can hang.
QUICK = ("onednn", "onednn_openmp", "pytorch")


@dataclasses.dataclass
class Kernel:
    """One op of a library, bound to arrays.

    `run` computes it once. `results` turns what `run` returned into arrays: the
    output in the shape of the cell, then what the reference has after it, as far
    as the library gives it; it is not timed. `fresh` computes the same into an
    output that it allocates, if `run` does not.
    """

    run: Callable
    results: Callable
    fresh: Callable | None = None


def get_results(cell, arrays):
    """The results of an op that writes into `arrays`."""
    if cell.gradient:
        return [arrays.y, arrays.scale_gradient, arrays.bias_gradient]
    if cell.op == "batch_norm_training":
        return [arrays.y, arrays.mean, arrays.variance]
    return [arrays.y]


def list_peers():
    """Returns the names of the files of all peers."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in ("__init__", OURS))


def install(name):
    """Installs what the peer requires, unless it is there."""
    lines = itertools.takewhile(
        lambda line: line.startswith(REQUIRES), (FOLDER / f"{name}.py").read_text().splitlines()
    )
    lines = [line.removeprefix(REQUIRES).replace("{prefix}", sys.prefix) for line in lines]
    mark = pathlib.Path(sys.prefix) / f"installed-{name}"
    if mark.exists() and mark.read_text().splitlines() == lines:
        return
    for packages in lines:
        print(f"Installing from PyPI: {packages}", flush=True)
        command = [sys.executable, "-m", "pip", "install", "-q", "-r", BASE, *packages.split()]
        if subprocess.run(command).returncode:
            raise ImportError(f"could not be installed: {packages}")
    mark.write_text("\n".join(lines))
    importlib.invalidate_caches()


def load(names):
    """Returns the peers of these files, and why the others are left out."""
    peers, missing = [], {}
    for name in sorted(names, key=lambda name: (name in LAST, name)):
        try:
            install(name)
            peers.append(importlib.import_module(f".{name}", __name__).Peer())
        except Exception as error:  # Whatever a library does while it loads.
            missing[name] = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    return peers, missing
