"""What Norm expects to move between memory and caches."""

import re
import subprocess

from modules import module


def expect_traffic(build, cell):
    """Returns the bytes that the schedule of `cell` reads and writes."""
    text = module(cell)
    # Unlike norm-opt, norm-run knows the caches of this machine.
    command = [build / "bin" / "norm-run", "-", "--pipeline-options=print-schedule=true"]
    arguments = text[text.index("@f(") : text.index("{", text.index("@f("))]
    command += ["--input=zeros"] * arguments.count("%")
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    moved = re.search(r"schedule: .*reads (\d+) bytes( twice)?, writes (\d+) bytes", done.stderr)
    reads, twice, writes = moved.groups()
    traffic = int(reads) * (2 if twice else 1) + int(writes)
    if not cell.fused:
        return traffic
    # The layer is one of f32, as whose input and output those of the cell are
    # read and written. The residual is read where statistics are applied.
    itemsize = 4 if cell.type == "f32" else 2
    return (traffic + int(writes)) * itemsize // 4
