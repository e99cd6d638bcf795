"""Runs a function that upstream's sharding has partitioned in 4 processes, and compares
it with the same function in one. The arguments start the processes."""

import os
import subprocess
import sys
import tempfile

import numpy as np

FOLDER = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(FOLDER, "partition.mlir")
INPUTS = ["x", "dy", "scale", "running_mean", "running_variance"]
SPLIT, SAME, WHOLE = range(3)
KINDS = [SPLIT, SAME, SAME, SPLIT, SAME, SAME, WHOLE, SPLIT, SAME, SPLIT]
PARTITION = "builtin.module(func.func(sharding-propagation,shard-partition,canonicalize))"

os.chdir(tempfile.mkdtemp())
random = np.random.default_rng(5)
for name in INPUTS:
    shape = (4, 6, 5, 8) if name in ("x", "dy") else 6
    mean = {"x": 100, "running_variance": 3}.get(name, 0)
    np.save(f"{name}.npy", (random.standard_normal(shape) + mean).astype(np.float32))
inputs = [f"--input={name}.npy" for name in INPUTS]


def run(module, launcher, *arguments):
    outputs = [f"--output={os.path.basename(module)}.{i}.npy" for i in range(len(KINDS))]
    subprocess.run([*launcher, "norm-run", module, *inputs, *outputs, *arguments], check=True)


# One device: the annotations say nothing to it.
with open(SOURCE) as source, open("one.mlir", "w") as one:
    subprocess.run(["norm-opt", "--pass-pipeline=" + PARTITION], check=True, stdout=one,
                   input=source.read().replace("shape = 2x2", "shape = 1x1"), text=True)
run("one.mlir", [])
with open("four.mlir", "w") as four:
    subprocess.run(["norm-opt", SOURCE, "--pass-pipeline=" + PARTITION], check=True, stdout=four)
shards = [f"--shard={argument}:{axis}:{grid}" for argument in (0, 1) for axis, grid in ((0, 0), (3, 1))]
# The layers send messages of their own, or those of the same devices one.
for options in ([], ["--pipeline-options=merge-gathers"]):
    run("four.mlir", [*sys.argv[1:], "-n", "4"], *shards, *options)
    for i, kind in enumerate(KINDS):
        expected = np.load(f"one.mlir.{i}.npy")
        parts = [np.load(f"four.mlir.{i}.{device}.npy") for device in range(4)]
        if kind == SPLIT:
            parts = [np.concatenate([np.concatenate(parts[row:row + 2], axis=3) for row in (0, 2)])]
        for part in parts:
            assert part.shape == expected.shape, f"output {i}: {part.shape}"
            assert np.array_equal(part, parts[0]), f"output {i}: devices differ"
            np.testing.assert_allclose(part, expected, rtol=1e-5, atol=2e-5 * np.abs(expected).max())
print("all devices agree")
