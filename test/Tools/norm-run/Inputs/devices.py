"""Runs norm-run as several processes, which the arguments start."""

import os
import subprocess
import sys
import tempfile

import numpy as np

launcher = sys.argv[1:]
MODULE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "devices.mlir")
# The libraries of MPI do not free all.
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
os.chdir(tempfile.mkdtemp())


def run(count, *arguments):
    """Returns whether all processes succeeded, and the lines that they printed."""
    command = [*launcher, "-n", str(count), "norm-run", MODULE, *arguments]
    process = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = [line for line in process.stdout.splitlines() if line.startswith(("device", "norm-run"))]
    return process.returncode == 0, sorted(lines)


def expect(actual, expected):
    assert actual == expected, f"expected {expected}, but got {actual}"


def get_errors(*messages):
    return False, [f"norm-run: error: device {i}: {message}" for i, message in enumerate(messages)]


# Each device has its part of the array, and the outputs are its own.
x = np.arange(35).reshape(5, 7)
np.save("x.npy", x)
gather = ["--entry=gather", "--input=x.npy", "--input=zeros"]
expect(run(4, *gather, "--output=y.npy", "--shard=0:1"), (True, []))
parts = np.array_split(x, 4, axis=1)
expected = [[0, part[0, 0], *part.shape, i] for i, part in enumerate(parts)]
for i in range(4):
    expect(np.load(f"y.{i}.npy").reshape(4, 5).tolist(), expected)
assert not os.path.exists("y.npy")

# They are compared with files of their own, and with one for all.
same = "output 0: max error 0 ulp of i64 at [0], 0 absolute at [0]; 0 of 20 elements beyond the tolerance"
expect(run(4, *gather, "--compare=y.npy", "--shard=0:1"), (True, [f"device {i}: {same}" for i in range(4)]))
os.rename("y.0.npy", "z.npy")
expect(run(4, *gather, "--compare=z.npy", "--shard=0:1"), (True, [f"device {i}: {same}" for i in range(4)]))

# One that differs makes all differ.
np.save("y.0.npy", np.zeros(20, int))
good, lines = run(4, *gather, "--compare=y.npy", "--shard=0:1")
expect((good, lines[2:]), (False, [f"device {i}: {same}" for i in range(1, 4)]))
assert lines[1].startswith("device 0: output 0: max error 6 ulp"), lines

# Inputs of their own; what is sharded is not.
for i in range(4):
    np.save(f"x.{i}.npy", np.full((i + 1, 2), 10 * i))
expect(run(4, *gather, "--output=y.npy"), (True, []))
expect(np.load("y.3.npy").reshape(4, 5).tolist(), [[0, 10 * i, i + 1, 2, i] for i in range(4)])
expect(run(4, *gather, "--output=y.npy", "--shard=0:1"), (True, []))
expect(np.load("y.3.npy").reshape(4, 5).tolist(), expected)

# Each error is one line of each device, and leaves no output.
grid = "expected 4 processes for a grid of 2x2, but got 2; start them with mpirun -n 4"
expect(run(2, *gather, "--output=none.npy"), get_errors(grid, grid))
np.save("three.npy", np.arange(3))
expect(
    run(2, "--entry=fail", "--input=three.npy", "--shard=0:0"),
    get_errors("expected the other devices to succeed, but device 1 has failed", "expected two elements"),
)
missing = "argument 0, missing.npy: cannot read missing.npy: No such file or directory"
expect(run(3, "--entry=fail", "--input=missing.npy"), get_errors(*[missing] * 3))
np.save("w.0.npy", x)
other = "expected the other devices to succeed, but device 1 has failed"
expect(
    run(2, "--entry=gather", "--input=w.npy", "--input=zeros", "--output=none.npy"),
    get_errors(other, "argument 0, w.npy: cannot read w.npy: No such file or directory"),
)
argument = "expected the argument of --shard to be below 1, but got 1:0"
expect(run(2, "--entry=fail", "--input=three.npy", "--shard=1:0"), get_errors(argument, argument))
axis = "argument 0, three.npy: expected an array with a dimension 1, but got 3"
expect(run(2, "--entry=fail", "--input=three.npy", "--shard=0:1"), get_errors(axis, axis))
zeros = "expected --shard for a file, but got 1:0 for zeros, whose shape is that of the part"
expect(run(2, *gather, "--shard=1:0"), get_errors(zeros, zeros))
expect([name for name in os.listdir() if "none" in name], [])

# A device fails while another one waits for it: the launcher ends that one.
good, lines = run(2, "--entry=late", "--input=three.npy", "--shard=0:0")
expect((good, lines), (False, ["norm-run: error: device 1: expected two elements"]))

# One process, and several that are not connected.
expect(run(1, "--entry=fail", "--input=three.npy", "--shard=0:0"), (True, []))
expect(run(2, "--entry=fail", "--input=three.npy", "--shard=0:0", "--mpi=none"), (True, []))
mpi, wrong = ("mpich", "openmpi") if "mpich" in launcher[0] else ("openmpi", "mpich")
expect(run(2, "--entry=fail", "--input=three.npy", f"--mpi={mpi}"), (True, []))
good, lines = run(2, "--entry=fail", "--input=three.npy", f"--mpi={wrong}")
messages = (
    "expected --mpi to name the MPI of the launcher, which has started 2 processes, but got 1",
    f"expected the library libNormRuntime{wrong.capitalize()}",  # it need not be there
)
assert not good and lines, lines
for line in lines:
    assert line.startswith(tuple(f"norm-run: error: {message}" for message in messages)), lines
