"""Calls the C interface, whose library is the argument, and prints what
happens."""

import sys

import norm_runner
import numpy as np

library = norm_runner.Library(sys.argv[1])
module = open(sys.argv[2]).read()


def create(name, text, entry="", options=""):
    try:
        kernel = library.compile(text, entry, options)
    except norm_runner.Error as error:
        print(f"{name}: {error}")
    else:
        print(f"{name}: ok")
        return kernel


def invoke(name, kernel, arguments, results):
    try:
        kernel(arguments, results)
        print(f"{name}: ok")
    except norm_runner.Error as error:
        print(f"{name}: {error}")


random = np.random.default_rng(0)
x = random.standard_normal((3, 8, 5)).astype(np.float32)
scale, bias = random.standard_normal((2, 8)).astype(np.float32)
y, z, before = np.zeros_like(x), np.zeros_like(x), x.copy()

group = create("group", module, "group", "threads=2 block-time=0 pipeline={unroll=2}")
reference = create("reference", module, "group", "target=reference")
invoke("run group", group, [x, scale, bias], [y])
invoke("run reference", reference, [x, scale, bias], [z])
print("close", np.allclose(y, z, rtol=0, atol=1e-5) and abs(z).max() > 1)
invoke("groups", group, [x[:, :7].copy(), scale[:7], bias[:7]], [y[:, :7].copy()])
invoke("strides", group, [x[:, ::2], scale, bias], [y])
invoke("count", group, [x, scale], [y])
invoke("type", group, [x, scale.astype(np.float64), bias], [y])
invoke("result", group, [x, scale, bias], [np.zeros((3, 8, 4), np.float32)])

# A call on the same memory, again and again.
call = group.bind([x, scale, bias], [y])
for _ in range(3):
    x *= 2
    call()
invoke("run reference", reference, [x, scale, bias], [z])
print("bound", np.array_equal(x, 8 * before) and np.allclose(y, z, rtol=0, atol=1e-5))
described = (norm_runner._Array * 3)(*map(norm_runner._Array.of, (x, scale, bias)))
nothing = (norm_runner._Array * 1)(norm_runner._Array("f32", x.shape))
print("null", library.c.normCallCreate(group._handle, described, 3, nothing, 1), library.get_last_error())
library.c.normCallDestroy(None)

train = create("train", module, "train")
mean, variance = np.zeros(8, np.float32), np.ones(8, np.float32)
invoke("run train", train, [x, y, mean, variance], [])
print("updated", np.allclose(mean, 0.25 * x.mean((0, 2)), atol=1e-6))

# Booleans and integers, over strides that are not those of vectors.
choose = create("choose", """
  func.func @choose(%p: memref<?xi1>, %m: memref<?xi1, strided<[2]>>, %n: memref<?xi32>, %b: memref<?xi8>) -> tensor<3xi64> {
    linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
        iterator_types = ["parallel"]}
        ins(%p, %m, %n : memref<?xi1>, memref<?xi1, strided<[2]>>, memref<?xi32>) outs(%b : memref<?xi8>) {
    ^bb0(%q: i1, %r: i1, %v: i32, %o: i8):
      %both = arith.andi %q, %r : i1
      %t = arith.trunci %v : i32 to i8
      %s = arith.select %both, %t, %o : i8
      linalg.yield %s : i8
    }
    %c = arith.constant dense<[1, -1, 9007199254740993]> : tensor<3xi64>
    return %c : tensor<3xi64>
  }""")
p, m = random.random((2, 67)) < 0.5
n = random.integers(-128, 128, 67, np.int32)
b, c = np.full(67, 5, np.int8), np.zeros(3, np.int64)
invoke("run choose", choose, [p, np.repeat(m, 2)[::2], n, b], [c])
print("chosen", (b == np.where(p & m, n, 5)).all(), c.tolist())
invoke("bool", choose, [p.view(np.int8), m, n, b], [c])

create("module", "foo")
create("entry", module, "nothing")
create("target", module, "group", "target=tpu")
create("threads", module, "group", "threads=-")
create("block-time", module, "group", "block-time=short")
create("pipeline", module, "group", "pipeline={nonsense=1}")
create("verify-each", module, "group", "verify-each=1")
create("key", module, "group", "speed=9")
