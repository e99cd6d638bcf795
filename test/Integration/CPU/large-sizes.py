# RUN: %python %s
"""Addresses beyond 2^31 elements: small arrays whose rows lie that far apart, in
files of which only the pages that are used exist. With --whole, arrays of more
than 2^31 elements (needs 10 GiB)."""

import mmap
import tempfile

from norm_gradients import *

FAR = 2**31 + 11


def spread(shape, axis, element):
    """An array whose indices along `axis` are FAR elements apart."""
    item = TYPES[element].storage.itemsize
    inner = [1] * len(shape)
    for i in range(len(shape) - 2, -1, -1):
        inner[i] = inner[i + 1] * (shape[i + 1] if i + 1 != axis else 1)
    inner[axis] = FAR
    last = sum((size - 1) * stride for size, stride in zip(shape, inner))
    with tempfile.TemporaryFile() as file:  # Of which only what is written exists.
        file.truncate((last + 1) * item)
        memory = mmap.mmap(file.fileno(), 0)
    whole = np.frombuffer(memory, TYPES[element].storage)
    return np.lib.stride_tricks.as_strided(whole, shape, [s * item for s in inner], writeable=True)


def run_far(c, axis, is_static):
    c = {**OPTIONS, **c, "kind": "view"}
    call = make_call(c, rng)
    for array in call.arrays.values():
        array.set(make_data(rng, array.shape))
    if is_gradient(c):
        set_statistics(c, call, False, rng)
    elif c["op"] == "batch_norm_inference":
        call.arrays["v"].set(0.5 + call.arrays["v"].get() ** 2)
    values = call.get_values()
    text, arguments = call.text, []
    for name, array in call.arrays.items():
        stored = array.array
        if array.shape == tuple(c["shape"]):
            far = spread(array.shape, axis, array.name)
            far[...] = stored
            array.array = stored = far
            if is_static:
                strides = [s // stored.itemsize for s in stored.strides]
                old = call.types[name]
                new = old.replace(old[old.index("strided<"):-1], f"strided<{strides}>")
                text = text.replace(old, new)
        arguments.append((array.name, stored))
    compile_kernel(text)(arguments)
    for name, (value, tolerance) in expect(c, values).items():
        if name in call.outputs:
            report.compare(f"{c['op']} {name}", call.arrays[name].get(), value, tolerance)


def far(op, shape, axes, axis, **options):
    for is_static in (False, True):
        c = {"op": op, "shape": shape, "axes": axes, **options}
        report.case(f"{op} {shape} {axes} axis {axis} {is_static}", lambda: run_far(c, axis, is_static))


for element in ("f16", "f32"):
    types = dict(x=element, y=element, d=element)
    far("batch_norm_training", (2, 3, 37), dict(features=(1,)), 0, **types)
    far("batch_norm_training", (2, 37, 3), dict(features=(2,)), 0, **types)
    far("batch_norm_inference", (5, 2, 37), dict(features=(1,)), 1, **types)
    far("group_norm", (3, 2, 37), dict(channel=1, groups=1), 1, **types)
    far("layer_norm", (2, 3, 37), dict(axes=(2,)), 0, **types)
    far("batch_norm_grad", (2, 3, 37), dict(features=(1,)), 0, **types)
    far("layer_norm_grad", (2, 3, 37), dict(axes=(2,)), 0, **types)


def run_whole(shape, features, element):
    """Constant features but for the last values, in place."""
    axis = features
    data = np.zeros(shape, np.float16)
    data[..., -1] = 1
    index = [0] * len(shape)
    index[axis] = slice(None)
    text = (f"func.func @f(%x: memref<{'x'.join(map(str, shape))}xf16>, %m: memref<{shape[axis]}xf64>,"
            f" %v: memref<{shape[axis]}xf64>) {{\n  norm.batch_norm_training ins(%x : memref<"
            f"{'x'.join(map(str, shape))}xf16>) outs(%x : memref<{'x'.join(map(str, shape))}xf16>)"
            f" batch(%m, %v : memref<{shape[axis]}xf64>, memref<{shape[axis]}xf64>) features = [{axis}]"
            f" accumulator = {element}\n  return\n}}\n")
    mean, variance = np.zeros(shape[axis]), np.zeros(shape[axis])
    compile_kernel(text)([("f16", data), ("f64", mean), ("f64", variance)])
    share = 1 / shape[-1]
    report.compare("mean", mean, np.full(mean.shape, share), 1e-5 * share)
    report.compare("variance", variance, np.full(mean.shape, share * (1 - share)), 1e-5 * share)
    for value, place in (((0 - share), 0), ((1 - share), -1)):
        expected = value / np.sqrt(share * (1 - share) + 1e-5)
        for n in (0, shape[0] // 2, -1):
            report.compare("y", data[n, ..., place].astype(float), np.full(data[n, ..., place].shape, expected), 2e-3 * abs(expected))


if "--whole" in sys.argv:
    report.case("whole", lambda: run_whole((2**13, 64, 4097), 1, "f32"))
report.finish(at_least=28)
