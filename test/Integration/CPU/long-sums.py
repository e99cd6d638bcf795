# RUN: %python %s
"""Sums over thousands of chunks. All contribute the same, so that the rounding
errors of sums carried from chunk to chunk would go one way and add up."""

from norm_testing import *

rng = np.random.default_rng(20251)
report = Report()

# The chunks are short, and nothing is summed in parallel, so that arrays are small.
OPTIONS = "pipeline={chunk-size=32 chunk-rows=8 part-size=1073741824}"
CHUNKS, VALUES = 20000, 33
# Roundings of one chunk's sums, which are the same in all of them.
TOLERANCE = 16 * 2.0**-24


def repeat(row, features_last):
    """`row` for each sample and each of two features."""
    whole = np.empty((CHUNKS, VALUES, 2) if features_last else (CHUNKS, 2, VALUES), np.float32)
    whole[...] = row[:, None] if features_last else row
    return whole


def run(op, arrays, expected):
    """Runs `op`, where "%x!" is an array and its type."""
    types = {n: make_type("memref", "f32", a.shape, False) for n, a in arrays.items()}
    for name, type in types.items():
        op = op.replace(f"%{name}!", f"%{name} : {type}")
    arguments = ", ".join(f"%{n}: {t}" for n, t in types.items())
    compile_kernel(f"func.func @f({arguments}) {{\n  {op}\n  return\n}}\n", OPTIONS)(list(arrays.values()))
    for name, value in expected.items():
        report.compare(name, arrays[name], np.full(2, value), TOLERANCE * abs(value))


def run_training(features_last, variance):
    row = rng.uniform(-1, 2, VALUES).astype(np.float32)
    x = repeat(row, features_last)
    op = ("norm.batch_norm_training ins(%x!) outs(%y!) batch(%mean, %variance : memref<2xf32>, memref<2xf32>)"
          f" features = [{2 if features_last else 1}] variance = {variance}")
    arrays = {"x": x, "y": np.empty_like(x), "mean": np.zeros(2, np.float32), "variance": np.zeros(2, np.float32)}
    exact = row.astype(np.longdouble)
    run(op, arrays, {"mean": exact.mean(), "variance": exact.var()})


def run_rms(features_last):
    row = rng.uniform(1, 2, VALUES).astype(np.float32)
    # Statistics are taken of all but the features here.
    x = np.ascontiguousarray(np.moveaxis(repeat(row, features_last), -1 if features_last else 1, 0))
    op = "norm.rms_norm ins(%x!) outs(%y!) mean_square(%square!) axes = [1, 2]"
    arrays = {"x": x, "y": np.empty_like(x), "square": np.zeros(2, np.float32)}
    run(op, arrays, {"square": (row.astype(np.longdouble) ** 2).mean()})


def run_gradient(features_last):
    row, gradient = (rng.uniform(1, 2, VALUES).astype(np.float32) for _ in range(2))
    mean, variance = np.full(2, 0.5, np.float32), np.ones(2, np.float32)
    x, dy = repeat(row, features_last), repeat(gradient, features_last)
    op = ("norm.batch_norm_grad ins(%dy, %x : {0}, {0}) mean(%m!) variance(%v!)"
          " outs(%dx!) scale_gradient(%scale!) bias_gradient(%bias!) "
          f" features = [{2 if features_last else 1}] epsilon = 0.0").replace(
              "{0}", make_type("memref", "f32", x.shape, False))
    arrays = {"dy": dy, "x": x, "m": mean, "v": variance, "dx": np.empty_like(x),
              "scale": np.zeros(2, np.float32), "bias": np.zeros(2, np.float32)}
    exact = gradient.astype(np.longdouble)
    run(op, arrays, {"bias": CHUNKS * exact.sum(), "scale": CHUNKS * (exact * (row - np.longdouble(0.5))).sum()})


for last in (False, True):
    for variance in ("stable", "fast"):
        report.case(f"training, features last: {last}, {variance}", lambda: run_training(last, variance))
    report.case(f"gradients, features last: {last}", lambda: run_gradient(last))
report.case("mean of squares", lambda: run_rms(False))
report.finish(7)
