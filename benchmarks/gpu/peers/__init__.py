"""Libraries that have the ops on a GPU: one file for each, found by its name.

A file has a class `Peer` with a `name`, a `version`, and `prepare(cell, arrays)`,
which returns a function that runs the op once and one that returns its results,
as arrays.get_results does, as far as the library gives them; or None.
"""

import importlib
import pathlib


def list_peers():
    """Returns the names of all peers."""
    return sorted(path.stem for path in pathlib.Path(__file__).parent.glob("[a-z]*.py"))


def load(names):
    """Returns the peers of these files, and why the others are left out."""
    peers, missing = [], {}
    for name in names:
        try:
            peers.append(importlib.import_module(f".{name}", __name__).Peer())
        except Exception as error:  # Whatever a library does while it loads.
            missing[name] = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    return peers, missing
