"""Checks the reference's outputs against NumPy formulas in float64."""

import sys

import numpy as np

folder = sys.argv[1] + "/"


def load(name):
    return np.load(folder + name + ".npy")


def normalize(x, axes):
    # Subtract a value near the data first, so that float64 is enough.
    shift = x.flat[0]
    x = x - shift
    mean = x.mean(axes, keepdims=True)
    variance = ((x - mean) ** 2).mean(axes, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-5), mean + shift, variance


def check(name, expected, tolerance=1e-12):
    error = np.abs(load(name) - expected).max()
    assert load(name).dtype == np.float64, load(name).dtype
    print(name, "ok" if error <= tolerance else f"error {error}")


x = load("x").astype(np.float64)
scale, bias = load("scale").astype(float), load("bias").astype(float)
y, _, _ = normalize(x.reshape(3, 4, 10), (2,))
check("group", y.reshape(3, 8, 5) * scale[:, None] + bias[:, None])
y, mean, variance = normalize(x, (0, 2))
check("train", y)
check("mean", 0.75 * load("running-mean").astype(float) + 0.25 * mean.ravel())
check(
    "variance",
    0.75 * load("running-variance").astype(float)
    + 0.25 * variance.ravel() * 15 / 14,
)
