"""What an output costs whose memory is new: a page fault for each page of it.

Runs in a process of its own, without the settings of the heap with which `run`
makes freed pages stay.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys

from arrays import Arrays
from cells import CELLS, INFERENCE, TRAINING
from measure import measure

PEERS = ("jax_jit", "pytorch")  # Those that can do both.
OUTPUTS = [
    cell
    for cell in CELLS
    if (cell.op, cell.layout, cell.type) in ((INFERENCE, "NCHW", "f32"), (TRAINING, "NCHW", "f32"))
    and cell.sizes in ((32, 64, 56, 56), (32, 256, 56, 56)) and not cell.fused
]


def measure_outputs(cell, norm, peers, repetitions):
    """Returns one row: the medians in seconds."""
    arrays = Arrays.random(cell)
    functions = {}
    for peer in (norm, *peers):
        kernel = peer.prepare(cell, arrays.fork())
        if kernel and kernel.fresh:
            functions |= {(peer.name, "reused"): kernel.run, (peer.name, "new"): kernel.fresh}
    times = measure(functions, 1, repetitions)
    row = {"cell": str(cell), "reused": {}, "new": {}}
    for (name, kind), values in times.items():
        row[kind][name] = statistics.median(values)
    return row


def measure_apart(arguments):
    """Returns the rows from a process with the usual heap."""
    environment = {k: v for k, v in os.environ.items() if k != "GLIBC_TUNABLES"}
    command = [sys.executable, "-B", __file__, *map(str, arguments)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main(build, repetitions, *names):
    from peers import load
    from peers.norm import Norm

    norm, (peers, _) = Norm(pathlib.Path(build)), load([name for name in PEERS if name in names])
    rows = [measure_outputs(cell, norm, peers, int(repetitions)) for cell in OUTPUTS]
    print(json.dumps(rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
