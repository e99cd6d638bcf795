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
