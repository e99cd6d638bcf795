"""Writes the arrays of integers.test into the folder given, and prints nothing."""

import sys

import numpy as np

folder = sys.argv[1] + "/"
random = np.random.default_rng(0)


def save(name, array):
    np.save(folder + name, array)


x = random.standard_normal((6, 37)).astype(np.float32)
mask, column = random.random((6, 37)) < 0.5, random.random(37) < 0.7
save("x", x)
save("mask", np.asfortranarray(mask))
save("column", column)
save("y", np.where(mask & column, x, np.float32(0)))
save("not", ~(mask & column))
save("count", mask.sum(1).astype(np.int32))

save("i1", np.array([True, False, True]))
save("i8", np.array([-128, 0, 127], np.int8))
save("i32", np.array([-(2**31), 0, 2**31 - 1], np.int32))
# Neighbours that are one number in f64.
save("i64", np.array([-(2**63), 2**53 + 1, 2**63 - 1], np.int64))
save("near", np.array([-(2**63), 2**53, 2**63 - 1], np.int64))
save("small", np.array([-(2**53), 0, 2**53], np.int64))
save("constant-i32", np.array([-(2**31), 5], np.int32))
save("constant-i64", np.array([-9, -9], np.int64))

square = random.random((4, 5)) < 0.5
save("square", square)
save("inverted", ~square)

data = open(folder + "i1.npy", "rb").read()
open(folder + "two.npy", "wb").write(data[:-1] + b"\2")
