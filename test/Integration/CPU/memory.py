# RUN: %python %s
"""What compiled code allocates is kept between calls: results, and what is
computed in between, come from the system once, and so do their pages."""

import gc
import resource

from norm_testing import *

report = Report()
rng = np.random.default_rng(1)
SHAPE = (32, 64, 56, 56)
# One returns what it allocates, the other also allocates what it needs in between.
KERNELS = {
    "result": """
func.func @f(%x: tensor<?x?x?x?xf32>) -> tensor<?x?x?x?xf32> {
  %y = norm.group_norm ins(%x : tensor<?x?x?x?xf32>) outs(%x : tensor<?x?x?x?xf32>)
      channel = 1 num_groups = 4
  return %y : tensor<?x?x?x?xf32>
}""",
    "temporary": """
func.func @f(%x: tensor<?x?x?x?xf32>) -> tensor<?x?x?x?xf32> {
  %t = norm.batch_norm_training ins(%x : tensor<?x?x?x?xf32>) outs(%x : tensor<?x?x?x?xf32>) features = [3]
  %y = norm.batch_norm_training ins(%t : tensor<?x?x?x?xf32>) outs(%x : tensor<?x?x?x?xf32>) features = [1]
  return %y : tensor<?x?x?x?xf32>
}""",
}


def count_faults(call):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    call()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def check_reuse(text, shape, copied):
    kernel = compile_kernel(text)
    x, y = rng.standard_normal(shape).astype(np.float32), np.zeros(shape, np.float32)

    def call():
        if copied:
            kernel([x], [y])
        else:
            kernel.evaluate([x], [("f32", shape)])

    gc.collect()
    library.c.normMemoryTrim(0)
    start = library.get_memory()
    assert start.kept == 0, start.kept
    call()
    first = library.get_memory()
    assert first.num_mapped > start.num_mapped, "expected blocks from the system"
    faults = count_faults(lambda: [call() for _ in range(10)])
    last = library.get_memory()
    assert last.num_mapped == first.num_mapped, f"{last.num_mapped - first.num_mapped} new blocks in 10 calls"
    assert last.num_reused - first.num_reused >= 10
    assert (last.used, last.kept) == (start.used, first.kept), "expected all to be given back"
    # In pages of 4 KiB, ten new results would be this many and more.
    limit = x.nbytes // 4096
    assert faults < limit, f"{faults} page faults in 10 calls"


def check_results():
    """Arrays of the library live as long as numpy needs them, also after the kernel."""
    kernel = library.compile(KERNELS["result"])
    shape = (2, 8, 16, 64)
    x = rng.standard_normal(shape).astype(np.float32)
    used = library.get_memory().used
    (a,), (b,) = (kernel.evaluate([x * factor], [("f32", shape)]) for factor in (1, -1))
    mean, variance, _ = moments(x.reshape(2, 4, -1), (2,))
    expected = ((x.reshape(2, 4, -1) - mean) / np.sqrt(variance + 1e-5)).reshape(shape)
    del kernel
    part = a[1:]
    del a
    gc.collect()
    report.compare("a", part, expected[1:], 1e-5)
    report.compare("b", b, -expected, 1e-5)
    assert library.get_memory().used >= used + 2 * x.nbytes
    del part, b
    gc.collect()
    assert library.get_memory().used == used, "expected all to be given back"


def check_shared():
    """Results that are the argument, one another or a constant are copies."""
    kernel = library.compile("""
func.func @f(%x: tensor<64x128xf32>) -> (tensor<64x128xf32>, tensor<64x128xf32>, tensor<64x128xf32>, tensor<3xi64>, tensor<0xf32>) {
  %y = norm.batch_norm_training ins(%x : tensor<64x128xf32>) outs(%x : tensor<64x128xf32>) features = [1]
  %c = arith.constant dense<[1, 2, 3]> : tensor<3xi64>
  %e = tensor.empty() : tensor<0xf32>
  return %x, %y, %y, %c, %e : tensor<64x128xf32>, tensor<64x128xf32>, tensor<64x128xf32>, tensor<3xi64>, tensor<0xf32>
}""")
    x = rng.standard_normal((64, 128)).astype(np.float32)
    types = [("f32", x.shape)] * 3 + [("i64", (3,)), ("f32", (0,))]
    for _ in range(3):
        same, y, z, c, e = kernel.evaluate([x], types)
        assert np.array_equal(same, x) and np.array_equal(y, z) and list(c) == [1, 2, 3] and e.shape == (0,)
        before = x.copy(), y.copy()
        same[...] = z[...] = 0
        assert np.array_equal(x, before[0]) and np.array_equal(y, before[1])


def check_failure():
    """A call that fails gives nothing, and takes nothing that is left."""
    kernel = library.compile(KERNELS["result"])
    x = rng.standard_normal((2, 8, 16, 64)).astype(np.float32)
    used = library.get_memory().used
    try:
        kernel.evaluate([x], [("f32", (2, 8, 16, 65))])
        raise AssertionError("expected an error")
    except KernelError as error:
        assert "expected an array of the shape 2x8x16x64, but got 2x8x16x65" in str(error), error
    assert library.get_memory().used == used


def check_reference():
    kernel = library.compile(KERNELS["result"], options="target=reference")
    x = rng.standard_normal((2, 8, 4, 4)).astype(np.float32)
    (got,) = kernel.evaluate([x], [("f32", x.shape)])
    (expected,) = compile_kernel(KERNELS["result"]).evaluate([x], [("f32", x.shape)])
    report.compare("reference", got, expected.astype(np.float64), 1e-5)


def check_limit():
    limit = library.get_memory().limit
    try:
        library.c.normMemorySetLimit(1 << 20)
        kept = library.get_memory().kept
        assert kept <= 1 << 20
        array = library.empty((1 << 19,), np.float32)
        del array
        assert library.get_memory().kept == kept, "expected an array beyond the limit not to be kept"
    finally:
        library.c.normMemorySetLimit(limit)


for name, text in KERNELS.items():
    for copied in (False, True):
        report.case(f"{name}, {copied}", lambda: check_reuse(text, SHAPE, copied))
report.case("results", check_results)
report.case("shared", check_shared)
report.case("failure", check_failure)
report.case("reference", check_reference)
report.case("limit", check_limit)
report.finish(9)
