"""Calls kernels for a GPU on numpy's arrays, over a driver that runs nothing: what
they should write stays as it is. Argument: the library."""

import sys

import norm_runner
import numpy as np

MODULE = """
func.func @memrefs(%x: memref<3x8xf32>, %y: memref<3x8xf32>) {
  norm.layer_norm ins(%x : memref<3x8xf32>) outs(%y : memref<3x8xf32>) axes = [1]
  return
}
func.func @tensors(%x: tensor<3x8xf32>) -> tensor<3x8xf32> {
  %e = tensor.empty() : tensor<3x8xf32>
  %y = norm.layer_norm ins(%x : tensor<3x8xf32>) outs(%e : tensor<3x8xf32>) axes = [1]
  return %y : tensor<3x8xf32>
}
"""

library = norm_runner.Library(sys.argv[1])
x = np.arange(24, dtype="f4").reshape(3, 8)
y = x + 100
kernel = library.compile(MODULE, "memrefs", "target=cuda")
kernel([x, y])
kernel.bind([x, y])()
assert (x == np.arange(24).reshape(3, 8)).all() and (y == x + 100).all(), (x, y)

result = np.full((3, 8), np.nan, "f4")
library.compile(MODULE, "tensors", "target=cuda")([x], [result])
assert (x == np.arange(24).reshape(3, 8)).all()
