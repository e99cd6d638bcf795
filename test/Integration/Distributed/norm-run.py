"""norm-run as four processes of a grid, started by the arguments, against numpy on the
whole array."""

import os
import subprocess
import sys
import tempfile

import numpy as np

module = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs", "grid.mlir")
os.chdir(tempfile.mkdtemp())
rng = np.random.default_rng(7)
x = (100 + rng.standard_normal((3, 5, 7, 3)) * rng.random((1, 5, 1, 1))).astype("f4")
scale = rng.standard_normal(5).astype("f4")
np.save("x.npy", x)
np.save("scale.npy", scale)
wide = x.astype("f8")
mean, variance = wide.mean((0, 2, 3)), wide.var((0, 2, 3))
spread = [slice(None), None, None]
y = (wide - mean[(*spread,)]) / np.sqrt(variance[(*spread,)] + 1e-5) * scale[(*spread,)]
# What each device must give, which norm-run compares with as well.
parts = [part for rows in np.array_split(y, 2, 0) for part in np.array_split(rows, 2, 2)]
for i, part in enumerate(parts):
    np.save(f"y.{i}.npy", part.astype("f4"))
np.save("mean.npy", mean.astype("f4"))
np.save("variance.npy", variance.astype("f4"))
command = [*sys.argv[1:], "-n", "4", "norm-run", module, "--input=x.npy", "--shard=0:0:0", "--shard=0:2:1"]
command += ["--input=scale.npy", "--compare=y.npy", "--compare=mean.npy", "--compare=variance.npy"]
command += ["--atol=2e-5", "--rtol=2e-5", "--output=got.npy", "--output=mean.npy", "--output=variance.npy"]
subprocess.run(command, check=True)
for i, part in enumerate(parts):
    got = np.load(f"got.{i}.npy")
    assert got.shape == part.shape, (got.shape, part.shape)
    np.testing.assert_allclose(got, part, rtol=2e-5, atol=2e-5)
    for name in ("mean", "variance"):
        assert np.array_equal(np.load(f"{name}.{i}.npy"), np.load(f"{name}.0.npy")), name
