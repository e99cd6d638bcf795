"""Writes the arrays of the tests into the folder given, and prints nothing."""

import sys

import numpy as np

folder = sys.argv[1] + "/"
random = np.random.default_rng(0)


def save(name, array):
    np.save(folder + name, array)


x = (random.standard_normal((3, 8, 5)) + 1e4).astype(np.float32)
save("x", x)
save("x-f64", x.astype(np.float64))
save("x7", x[:, :7].copy())
save("scale", random.standard_normal(8).astype(np.float32))
save("bias", random.standard_normal(8).astype(np.float32))
save("running-mean", random.standard_normal(8).astype(np.float32))
save("running-variance", random.random(8).astype(np.float32))

dy, near = random.standard_normal((2, 3, 8, 5)).astype(np.float32)
save("dy", dy)
save("near", near)
save("nan", np.where(np.arange(5) == 2, np.nan, near).astype(np.float32))
save("dy-f64", random.standard_normal((3, 8, 5)))
save("near-f64", random.standard_normal((3, 8, 5)) + 3)
save("scale-f64", random.standard_normal(8))
save("scale-8x5", random.standard_normal((8, 5)).astype(np.float32))
save("scale-5", random.standard_normal(5).astype(np.float32))
save("scale-2", random.standard_normal(2).astype(np.float32))
# bf16 is stored as ml_dtypes does: as two bytes that NumPy does not know.
save("dy-bf16", (dy.view(np.uint32) >> 16).astype(np.uint16).view("V2"))

# What is not selected is no number.
mask = random.random((3, 5)) < 0.6
save("mask", mask)
save("masked", np.where(mask[:, None, :], near, np.nan).astype(np.float32))
save("lengths", np.array([4, 9, -1], np.int32))
save("lengths-24", random.integers(0, 6, (3, 8)))
