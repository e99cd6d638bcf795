"""Assembles kernels of the benchmarks and checks that no register is spilled and
that no thread has memory of its own.

Usage: spills.py [CHIP [EVERY [OPTIONS]]]: for CHIP, sm_90 by default, each of
the benchmarks' cells, or every so many, with OPTIONS of the pipeline.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "benchmarks"))

from cells import CELLS  # noqa: E402
from modules import module  # noqa: E402


def assemble(text, chip):
    """Returns what ptxas says of the PTX `text`."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "kernels.ptx")
        source.write_text(text)
        command = ["ptxas", "-v", f"-arch={chip}", source, "-o", os.devnull]
        return subprocess.run(command, capture_output=True, text=True, check=True).stderr


def get_ptx(cell, chip, options):
    """Returns the PTX of the op of `cell`."""
    command = ["norm-opt", f"--norm-lower-to-nvvm-pipeline=format=isa chip={chip} {options}"]
    output = subprocess.run(command, input=module(cell), capture_output=True, text=True, check=True).stdout
    (text,) = re.findall(r'assembly = "(.*)">\]', output)
    return re.sub(r"\\([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), text).rstrip("\0")


def main(chip="sm_90", every="1", options=""):
    cells = CELLS[:: int(every)]
    kernels, failed = 0, 0
    for cell in cells:
        said = assemble(get_ptx(cell, chip, options), chip)
        found = re.findall(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads", said)
        kernels += len(found)
        if not found or any(int(number) for numbers in found for number in numbers):
            failed += 1
            print(f"FAILED {cell}: {found}")
    print(f"{len(cells)} cells, {kernels} kernels, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
