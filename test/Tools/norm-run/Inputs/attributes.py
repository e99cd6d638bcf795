"""Runs the functions of attributes.mlir in the reference and compiled, and compares
with numbers found by hand."""

import pathlib
import subprocess
import sys

import numpy as np

folder = pathlib.Path(sys.argv[1])
source = pathlib.Path(__file__).with_name("attributes.mlir")
nan = np.nan
EXPECTED = {
    "batch_max": [[-1, -3, 1, 3]],
    "batch_outside": [[-1, -30 / 11, 1, 30 / 11]],
    "batch_centered": [[-3, -4, 3, 4]],
    "batch_parameters": [[-2, -2, 3, 3]],
    "layer_max": [[-1, 1.5, -2, 3]],
    "layer_outside": [[-1.5, 2, -30 / 11, 40 / 11]],
    "layer_parameters": [[-2, 2, -3, 3]],
    "group_max": [[-1, 1.5, -2, 3]],
    "group_member": [[-3, 4, -3, 4]],
    # The mean and the variance were 2 and 4, for both features.
    "batches": [[2, 6.5], [3.25, 28]],
    "single_keep": [[4, 2], [4, 4]],
    "single_nan": [[4, 2], [nan, 4]],
    "single_biased": [[4, 2], [2, 4]],
    "propagate": [[2, nan], [3, nan]],
    "empty_keep": [[2, 2], [4, 4]],
    "empty_nan": [[nan, nan], [nan, nan]],
    "empty_skipped": [[2, 2], [4, 4]],
}

for name, arrays in EXPECTED.items():
    for target in ([], ["--target=reference"]):
        files = [folder / f"{name}{i}.npy" for i in range(len(arrays))]
        outputs = [f"--output={file}" for file in files]
        subprocess.run(["norm-run", source, f"--entry={name}", *target, *outputs], check=True)
        for file, expected in zip(files, arrays):
            got = np.load(file).ravel()
            assert np.allclose(got, expected, rtol=1e-6, equal_nan=True), (
                f"{name} {target}: expected {expected}, but got {got}"
            )
print(len(EXPECTED), "functions ok")
