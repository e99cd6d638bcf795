# RUN: %python %s
"""A function with many layers that are alike: the right numbers, and compiled once."""

import numpy as np

from norm_testing import *

rng = np.random.default_rng(20265)
report = Report()

# The batch norms of a ResNet-50: how many there are, of what shape.
LAYERS = [(1, (64, 112)), (6, (64, 56)), (4, (256, 56)), (1, (128, 56)), (7, (128, 28)), (5, (512, 28)), (1, (256, 28)),
          (11, (256, 14)), (7, (1024, 14)), (1, (512, 14)), (5, (512, 7)), (4, (2048, 7))]
COUNT = sum(count for count, _ in LAYERS)


def make_module(shapes, kind, share):
    """A function that normalizes each of its arguments with each of its scales."""
    arguments, body = [], []
    for i, (channels, *rest) in enumerate(shapes):
        x, p = (make_type(kind, "f32", s, False) for s in ((1, channels, *rest), (channels,)))
        arguments += [f"%x{i}: {x}", f"%p{i}: {p}"]
        # Without sharing, no two layers have the same attributes.
        epsilon = 0.5 if share else 0.5 + i * 2.0**-20
        op = f"norm.batch_norm_training ins(%x{i} : {x}) scale(%p{i} : {p}) outs(%x{i} : {x}) features = [1] epsilon = {epsilon:e}"
        body.append(op if kind == "memref" else f"%y{i} = {op}")
    types = [a.split(": ")[1] for a in arguments[::2]] if kind == "tensor" else []
    results = ", ".join(f"%y{i}" for i in range(len(types)))
    return (f"func.func @f({', '.join(arguments)}){' -> (' * bool(types)}{', '.join(types)}{')' * bool(types)} {{\n  "
            + "\n  ".join(body) + f"\n  return {results}{' : ' * bool(types)}{', '.join(types)}\n}}")


def run(shapes, kind):
    arrays = [values for channels, *rest in shapes
              for values in (rng.standard_normal((1, channels, *rest), np.float32), rng.standard_normal(channels, np.float32))]
    before = [array.copy() for array in arrays]
    outputs = [np.empty_like(array) for array in arrays[::2]] if kind == "tensor" else []
    compile_kernel(make_module(shapes, kind, True))([("f32", a) for a in arrays], [("f32", o) for o in outputs])
    for x, scale, y in zip(before[::2], before[1::2], outputs or arrays[::2]):
        wide = x.astype(np.longdouble)
        centred = wide - wide.mean((0, 2, 3), keepdims=True)
        variance = np.square(centred).mean((0, 2, 3), keepdims=True)
        expected = centred / np.sqrt(variance + 0.5) * scale[:, None, None]
        report.compare(f"{kind}", y, expected, 2.0**-20 * (1 + np.abs(expected)))
    for x, old in zip(arrays[kind == "memref"::2], before[kind == "memref"::2]):
        assert np.array_equal(x, old), "an input has changed"


def compile_all():
    """Sharing has to save most of the work; how long it takes is for the benchmarks."""
    shapes = [(channels, size, size) for count, (channels, size) in LAYERS for _ in range(count)]
    assert len(shapes) == 53
    times = [sum(library.compile(make_module(shapes, "memref", share)).get_compile_times()) for share in (True, False)]
    print(f"53 batch norms: {times[0]:.2f} s, and {times[1]:.2f} s if no two are alike")
    assert times[0] < 0.6 * times[1]


for kind in ("tensor", "memref"):
    report.case(f"{kind}, small", lambda: run([(4, 5, 7), (4, 5, 7), (3, 5, 7), (4, 5, 7)], kind))
    report.case(f"{kind}, parallel", lambda: run([(64, 56, 57)] * 3 + [(256, 56, 56)] * 2, kind))
report.case("one compilation", compile_all)
report.finish(at_least=5)
