# RUN: %python %s
"""Functions with layers that are alike, which become calls of one function."""

import numpy as np

from norm_testing import *

rng = np.random.default_rng(20265)
report = Report()


def make_module(shapes, kind):
    """A function that normalizes each of its arguments with each of its scales."""
    arguments, body = [], []
    for i, (channels, *rest) in enumerate(shapes):
        x, p = (make_type(kind, "f32", s, False) for s in ((1, channels, *rest), (channels,)))
        arguments += [f"%x{i}: {x}", f"%p{i}: {p}"]
        op = f"norm.batch_norm_training ins(%x{i} : {x}) scale(%p{i} : {p}) outs(%x{i} : {x}) features = [1] epsilon = 0.5"
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
    compile_kernel(make_module(shapes, kind))([("f32", a) for a in arrays], [("f32", o) for o in outputs])
    for x, scale, y in zip(before[::2], before[1::2], outputs or arrays[::2]):
        wide = x.astype(np.longdouble)
        centred = wide - wide.mean((0, 2, 3), keepdims=True)
        variance = np.square(centred).mean((0, 2, 3), keepdims=True)
        expected = centred / np.sqrt(variance + 0.5) * scale[:, None, None]
        report.compare(f"{kind}", y, expected, 2.0**-20 * (1 + np.abs(expected)))
    for x, old in zip(arrays[kind == "memref"::2], before[kind == "memref"::2]):
        assert np.array_equal(x, old), "an input has changed"


for kind in ("tensor", "memref"):
    report.case(f"{kind}, small", lambda: run([(4, 5, 7), (4, 5, 7), (3, 5, 7), (4, 5, 7)], kind))
    report.case(f"{kind}, parallel", lambda: run([(64, 56, 57)] * 3 + [(256, 56, 56)] * 2, kind))
report.finish(at_least=4)
