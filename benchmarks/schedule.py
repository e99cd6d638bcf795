"""What Norm expects to move between memory and caches."""

import re
import subprocess

from modules import module


def expect_traffic(build, cell):
    """Returns the bytes that the schedule of `cell` reads and writes."""
    command = [build / "bin" / "norm-opt", "--norm-to-linalg-pipeline=print-schedule=true"]
    done = subprocess.run(command, input=module(cell), capture_output=True, text=True, check=True)
    moved = re.search(r"schedule: .*reads (\d+) bytes( twice)?, writes (\d+) bytes", done.stderr)
    reads, twice, writes = moved.groups()
    traffic = int(reads) * (2 if twice else 1) + int(writes)
    if not cell.fused:
        return traffic
    # The layer is one of f32, as whose input and output those of the cell are
    # read and written. The residual is read where statistics are applied.
    itemsize = 4 if cell.type == "f32" else 2
    return (traffic + int(writes)) * itemsize // 4
