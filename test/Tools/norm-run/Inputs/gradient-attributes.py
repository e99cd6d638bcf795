"""Checks the gradients of all layers with all places of epsilon, scales around zero and
parameters on other axes."""

import itertools
import pathlib
import subprocess
import sys

import numpy as np

random = np.random.default_rng(1)
folder = pathlib.Path(sys.argv[1])
DATA = "memref<3x8x5xf32>"
# The axes, and the shapes of statistics and of parameters.
LAYERS = [
    ("batch_norm_grad", "features = [1]", "8", "8"),
    ("batch_norm_inference_grad", "features = [1] parameters = [1, 2]", "8", "8x5"),
    ("group_norm_grad", "channel = 1 num_groups = 4", "3x4", "8"),
    ("group_norm_grad", "channel = 1 num_groups = 4 affine = per_member", "3x4", "2"),
    ("group_norm_grad", "channel = 1 num_groups = 2 parameters = [1, 2] affine = per_group", "3x2", "2x5"),
    ("instance_norm_grad", "channel = 1 parameters = [0, 1]", "3x8", "3x8"),
    ("layer_norm_grad", "axes = [1, 2]", "3", "8x5"),
    ("rms_norm_grad", "axes = [2]", "3x8", "5"),
]

count = 0
for (op, axes, statistics, parameters), mode, centered, epsilon in itertools.product(
    LAYERS, ("add", "max", "outside"), (False, True), ("1.0e-1", "8.0")
):
    names = ["v"] if op.startswith("rms") else ["m", "v"]
    types = {"dy": DATA, "x": DATA, **{n: f"memref<{statistics}xf32>" for n in names}}
    types |= {n: f"memref<{parameters}xf32>" for n in ("g", "dg", "db")}
    types["dx"] = DATA

    def clause(word, name):
        return f"{word}(%{name} : {types[name]})"

    arguments = ", ".join(f"%{name}: {type}" for name, type in types.items())
    text = f"""func.func @main({arguments}) {{
  norm.{op} ins(%dy, %x : {DATA}, {DATA}) {clause("mean", "m") if "m" in names else ""}
      {clause("variance", "v")} {clause("scale", "g")} {clause("outs", "dx")}
      {clause("scale_gradient", "dg")} {clause("bias_gradient", "db")} {axes}
      epsilon = {epsilon} epsilon_mode = {mode} {"zero_centered_scale" if centered else ""}
  return
}}
"""
    source = folder / "gradient.mlir"
    source.write_text(text)
    shape = [int(size) for size in parameters.split("x")]
    np.save(folder / "g.npy", random.standard_normal(shape).astype(np.float32))
    inputs = {name: "zeros" for name in types}
    inputs |= {"dy": folder / "dy.npy", "x": folder / "near.npy", "g": folder / "g.npy"}
    if "inference" in op:
        inputs["m"], inputs["v"] = folder / "running-mean.npy", folder / "running-variance.npy"
    command = ["norm-run", source, "--gradcheck", "--target=reference", "--unrounded"]
    command += ["--rtol=1e-7", "--atol=1e-9"]
    command += [f"--input={value}" for value in inputs.values()]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, f"{text}{result.stdout}{result.stderr}"
    assert result.stdout.count("; 0 beyond the tolerance") == 3, result.stdout
    count += 1
print(count, "gradients ok")
