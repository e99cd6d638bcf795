# RUN: %python %s
"""What holds for every op beside its numbers: the same bits for any number of
threads and in every run, ops at several levels in one function, and messages
for sizes that do not fit."""

import itertools

import numpy as np

from norm_testing import *

rng = np.random.default_rng(20243)
report = Report()


def make_memref(shape, dynamic, element="f32"):
    return make_type("memref", element, shape, dynamic)


# ===----------------------------------------------------------------------===#
# Streaming stores
# ===----------------------------------------------------------------------===#


def stream(shape, element):
    """Rows at multiples of a cache line, of half of one, and of less: what is not
    aligned as a streaming store needs it would end the process."""
    x = make_memref(shape, False, element)
    kernel = compile_kernel(f"func.func @f(%x: {x}, %y: {x}) {{\n  norm.layer_norm ins(%x : {x}) outs(%y : {x}) axes = [2]\n"
                            "  return\n}\n", "pipeline={stream-threshold=0}")
    values = TYPES[element].encode(rng.standard_normal(shape))
    y = np.empty_like(values)
    kernel([(element, values), (element, y)])
    y, wide = TYPES[element].decode(y), TYPES[element].decode(values).astype(np.longdouble)
    centred = wide - wide.mean(-1, keepdims=True)
    expected = centred / np.sqrt(np.square(centred).mean(-1, keepdims=True) + np.longdouble(1e-5))
    report.compare(f"streamed {element}", y, expected, half_unit(element, expected) + 2.0**(-50 if element == "f64" else -20) * (1 + np.abs(expected)))


for length, element in itertools.product((1024, 1000, 1004, 1001, 40, 24), TYPES):
    report.case(f"streamed rows of {length} {element}", lambda: stream((4, 3, length), element))

# ===----------------------------------------------------------------------===#
# The same bits
# ===----------------------------------------------------------------------===#


def run_bits(op, operands, outputs):
    names = list(operands)
    values = {n: rng.standard_normal(s).astype(np.float32) for n, s in operands.items()}
    seen = []
    for threads, repetition in itertools.product((0, 1, 2, 3), range(3)):
        # 0 stands for code without parallel loops.
        options = f"parallel-bytes={0 if threads else 1 << 40}"
        kernel = compile_kernel(op, f"threads={threads} pipeline={{{options}}}")
        arrays = {n: values[n].copy() for n in names}
        kernel([("f32", arrays[n]) for n in names])
        seen.append(b"".join(arrays[n].tobytes() for n in outputs))
        assert seen[0] == seen[-1], f"{threads} threads, run {repetition}: other bits"
    assert seen[0] != b"".join(values[n].tobytes() for n in outputs), "nothing was written"


def same_bits(shape, text, features, outputs):
    """`text` with X, F and S for the types."""
    operands = {"x": shape, "g": features["F"], "y": shape,
                "m": features["S"], "v": features["S"]}
    for dynamic in (False, True):
        x, f, s = (make_memref(t, dynamic) for t in (shape, features["F"], features["S"]))
        op = text.replace("X", x).replace("F", f).replace("S", s)
        function = (f"func.func @f(%x: {x}, %g: {f}, %y: {x}, %m: {s}, %v: {s}) {{\n"
                    f"  {op}\n  return\n}}\n")
        report.case(f"same bits: {op}", lambda: run_bits(function, operands, outputs))


TRAINING = ("norm.batch_norm_training ins(%x : X) scale(%g : F) outs(%y : X) running(%m, %v : S, S)"
            " features = [AXES]")
GROUP = ("norm.group_norm ins(%x : X) scale(%g : F) outs(%y : X) statistics(%m, %v : S, S)"
         " channel = AXIS num_groups = NUMBER")
for shape, axis in [((8, 16, 40, 41), 1), ((4, 2, 300, 301), 1), ((9000, 67), 1), ((70, 71, 64), 2), ((3, 200000), 0)]:
    c = [shape[axis]]
    same_bits(shape, TRAINING.replace("AXES", str(axis)), {"F": c, "S": c}, ("y", "m", "v"))
for shape, axis, groups in [((4, 12, 40, 41), 1, 3), ((1, 4, 500, 301), 1, 2), ((2, 5000, 64), 2, 8), ((1, 5000, 64), 2, 8),
                            ((1, 3, 100003), 1, 1)]:
    same_bits(shape, GROUP.replace("AXIS", str(axis)).replace("NUMBER", str(groups)),
              {"F": [shape[axis]], "S": [shape[0], groups]}, ("y", "m", "v"))

# ===----------------------------------------------------------------------===#
# Several ops in one function
# ===----------------------------------------------------------------------===#

# A layer, an elementwise op, and a kernel op on what it gives.
SEVERAL = """
#map = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
func.func @f(%x: tensor<?x6x?xf32>, %init: tensor<?x6x?xf32>, %s: tensor<6xf32>)
    -> (tensor<?x6x?xf32>, tensor<6xf32>) {
  %0 = norm.group_norm ins(%x : tensor<?x6x?xf32>) outs(%init : tensor<?x6x?xf32>)
      channel = 1 num_groups = 2
  %1 = linalg.generic {indexing_maps = [#map, #map],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%0 : tensor<?x6x?xf32>) outs(%init : tensor<?x6x?xf32>) {
  ^bb0(%a: f32, %b: f32):
    %2 = arith.mulf %a, %a : f32
    linalg.yield %2 : f32
  } -> tensor<?x6x?xf32>
  %y, %m, %v = norm.batch_norm_training ins(%1 : tensor<?x6x?xf32>)
      outs(%init : tensor<?x6x?xf32>) batch(%s, %s : tensor<6xf32>, tensor<6xf32>)
      features = [1]
  return %y, %v : tensor<?x6x?xf32>, tensor<6xf32>
}
"""


def several():
    for shape in [(3, 6, 50), (1, 6, 3), (40, 6, 1000)]:
        x = rng.standard_normal(shape).astype(np.float32)
        y, v = np.empty_like(x), np.empty(6, np.float32)
        compile_kernel(SEVERAL)([("f32", x), ("f32", y.copy()), ("f32", v.copy())], [("f32", y), ("f32", v)])
        g = x.astype(np.longdouble).reshape(shape[0], 2, 3, shape[2])
        mean, variance, _ = moments(g, (2, 3))
        z = (((g - mean) / np.sqrt(variance + np.longdouble(1e-5))) ** 2).reshape(shape)
        mean, variance, _ = moments(z, (0, 2))
        expected = (z - mean) / np.sqrt(variance + np.longdouble(1e-5))
        report.compare("several ops: variance", v, variance.reshape(6), 2e-5 * variance.reshape(6))
        report.compare("several ops: output", y, expected, 1e-5 * (1 + np.abs(expected)))


report.case("several ops", several)

# A loop carries tensors through a layer, as often as is known at run time.
LOOP = """
func.func @f(%x: tensor<3x6x?xf32>, %passes: tensor<?xf32>) -> tensor<3x6x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %n = tensor.dim %passes, %c0 : tensor<?xf32>
  %size = tensor.dim %x, %c2 : tensor<3x6x?xf32>
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x) -> tensor<3x6x?xf32> {
    %init = tensor.empty(%size) : tensor<3x6x?xf32>
    %b = norm.batch_norm_training ins(%a : tensor<3x6x?xf32>)
        outs(%init : tensor<3x6x?xf32>) features = [1] epsilon = 1.0
    scf.yield %b : tensor<3x6x?xf32>
  }
  return %y : tensor<3x6x?xf32>
}
"""


def loop(count):
    x = rng.standard_normal((3, 6, 50)).astype(np.float32)
    y = np.empty_like(x)
    compile_kernel(LOOP)([x, np.zeros(count, np.float32)], [y])
    expected = x.astype(np.longdouble)
    for _ in range(count):
        mean, variance, _ = moments(expected, (0, 2))
        expected = (expected - mean) / np.sqrt(variance + 1)
    report.compare("loop", y, expected, 1e-6 * count * (1 + np.abs(expected)))


for count in range(4):
    report.case(f"loop of {count}", lambda: loop(count))

# ===----------------------------------------------------------------------===#
# Sizes that do not fit
# ===----------------------------------------------------------------------===#


def expect_error(text, shapes, message, results=()):
    def run():
        kernel = compile_kernel(text)
        arrays = [np.ones(s, np.float32) for s in shapes]
        outputs = [np.zeros(s, np.float32) for s in results]
        try:
            kernel([("f32", a) for a in arrays], [("f32", a) for a in outputs])
        except KernelError as error:
            assert message in str(error), f"another message: {error}"
            assert "\n" not in str(error).strip(), "more than one line"
            return
        raise AssertionError(f"no error, expected: {message}")

    report.case(f"error: {message}", run)


D2, D1 = "memref<?x?xf32>", "memref<?xf32>"
for by, number in (("num_groups", 4), ("group_size", 4)):
    text = (f"func.func @f(%x: {D2}, %y: {D2}) {{\n  norm.group_norm ins(%x : {D2}) outs(%y : {D2})"
            f" channel = 1 {by} = {number}\n  return\n}}\n")
    for channels in (6, 3, 1, 9):
        expect_error(text, [(2, channels)] * 2,
                     f"norm.group_norm: expected the number of channels to be a multiple of {by} = {number}")
    # No error.
    report.case(f"8 channels by {by}", lambda: compile_kernel(text)([("f32", np.ones((2, 8), np.float32))] * 2))
    expect_error(text, [(2, 8), (3, 8)],
                 "norm.group_norm: expected dimension 0 of the output to have the size of axis 0 of the input")
text = (f"func.func @f(%x: {D2}, %p: {D1}, %y: {D2}, %m: {D1}, %v: {D1}) {{\n  norm.batch_norm_training ins(%x : {D2})"
        f" scale(%p : {D1}) outs(%y : {D2}) running(%m, %v : {D1}, {D1}) features = [1]\n  return\n}}\n")
for index, message in [(1, "scale to have the size of axis 1"), (3, "the running mean to have the size of axis 1"),
                       (4, "the running variance to have the size of axis 1")]:
    shapes = [(4, 3), (3,), (4, 3), (3,), (3,)]
    shapes[index] = (2,)
    expect_error(text, shapes, f"norm.batch_norm_training: expected dimension 0 of {message} of the input")
expect_error(text, [(4, 3), (3,), (4, 2), (3,), (3,)],
             "norm.batch_norm_training: expected dimension 1 of the output to have the size of axis 1 of the input")
text = ("func.func @f(%x: tensor<?x?xf32>, %p: tensor<?xf32>, %y: tensor<?x?xf32>) -> tensor<?x?xf32> {\n"
        "  %0 = norm.batch_norm_inference ins(%x : tensor<?x?xf32>) statistics(%p, %p : tensor<?xf32>, tensor<?xf32>)"
        " outs(%y : tensor<?x?xf32>) features = [1]\n  return %0 : tensor<?x?xf32>\n}\n")
expect_error(text, [(4, 3), (4,), (4, 3)],
             "norm.batch_norm_inference: expected dimension 0 of mean to have the size of axis 1 of the input",
             results=[(4, 3)])

# What one type leaves open and another one tells.
text = ("func.func @f(%x: memref<?x?xf32>, %p: memref<8xf32>, %y: memref<2x?xf32>, %m: memref<?x?xf32>) {\n"
        "  norm.group_norm ins(%x : memref<?x?xf32>) scale(%p : memref<8xf32>) outs(%y : memref<2x?xf32>)"
        " statistics(%m, %m : memref<?x?xf32>, memref<?x?xf32>) channel = 1 num_groups = 4\n  return\n}\n")
for index, shape, message in [(0, (2, 4), "scale to have the size of axis 1 of the input"),
                              (0, (3, 8), "the output to have the size of axis 0 of the input"),
                              (2, (2, 4), "the output to have the size of axis 1 of the input"),
                              (3, (2, 8), "the mean to have the number of groups")]:
    shapes = [(2, 8), (8,), (2, 8), (2, 4)]
    shapes[index] = shape
    expect_error(text, shapes, message)

# ===----------------------------------------------------------------------===#
# Large values
# ===----------------------------------------------------------------------===#


LARGE_DATA = {
    "random": lambda limit, shape: np.clip(rng.standard_normal(shape) * limit / 3, -limit, limit),
    "the range": lambda limit, shape: rng.choice([-limit, limit], shape),
    # What the shift is taken of is far from all the rest.
    "one side": lambda limit, shape: np.where(np.arange(shape[-1]) < 16, -limit, limit) + np.zeros(shape),
}


def large_values(name, limit, data, layout, variance):
    shape, feature, types = (4, 3, 50), 1, TYPES[name]
    if layout == "NHWC":
        shape, feature = (100, 3), 1
    x, s = (make_memref(t, False, name if t is shape else "f32") for t in (shape, [3]))
    kernel = compile_kernel(
        f"func.func @f(%x: {x}, %y: {x}, %m: {s}, %v: {s}) {{\n  norm.batch_norm_training ins(%x : {x}) outs(%y : {x})"
        f" batch(%m, %v : {s}, {s}) features = [{feature}] variance = {variance}\n  return\n}}\n")
    # What overflows depends on which values come first.
    for _ in range(20):
        x = types.encode(LARGE_DATA[data](limit, shape) if layout == "NCHW" else LARGE_DATA[data](limit, shape[::-1]).T)
        x = np.ascontiguousarray(x)
        y, m, v = np.zeros_like(x), np.zeros(3, np.float32), np.zeros(3, np.float32)
        kernel([(name, x), (name, y), m, v])
        assert np.all(np.isfinite(types.decode(x))), "the data are not finite"
        assert np.all(np.isfinite(types.decode(y))), "outputs of finite inputs are not finite"
        assert np.all(np.isfinite(m)), "means of finite inputs are not finite"
        assert np.all(v >= 0), "a variance is negative or NaN"


for name, limit in [("f32", 1e-30), ("f32", 1e19), ("f32", 1e25), ("f32", 3e38), ("f32", 2.0**128 - 2.0**104),
                    ("bf16", 3e38), ("f16", 65504.0)]:
    for data, layout, variance in itertools.product(LARGE_DATA, ("NCHW", "NHWC"), ("stable", "fast")):
        report.case(f"{name} values of {limit}, {data}, {layout}, {variance}",
                    lambda: large_values(name, limit, data, layout, variance))

# ===----------------------------------------------------------------------===#
# Long sums of few statistics
# ===----------------------------------------------------------------------===#


def long_sums(shape, features):
    """Values that differ by few units in the last place round to the same side
    again and again, if many are added one after the other."""
    call = OpCall("norm.batch_norm_training", [("ins", "x"), ("outs", "y"), ("batch", "m", "v")],
                  f"features = [{features}]",
                  {"x": ("f32", shape), "y": ("f32", shape), "m": ("f32", [shape[features]]),
                   "v": ("f32", [shape[features]])}, ["y", "m", "v"], "memref", False, rng)
    call.arrays["x"].set(make_data(rng, shape, 1e4, 0.1))
    x = call.arrays["x"].get()
    got = call.run(compile_kernel(call.text))
    _, variance, _ = moments(x, tuple(axis for axis in range(len(shape)) if axis != features))
    variance = variance.reshape(-1)
    report.compare("variance of a long sum", got["v"], variance, 8 * TYPES["f32"].epsilon * variance)


for shape, features in [((8, 17, 16, 3), 3), ((17, 8, 16, 3), 3), ((1, 3, 2176), 1), ((8192, 2), 1), ((50000, 1), 1)]:
    report.case(f"long sums {shape}", lambda: long_sums(shape, features))

report.finish(at_least=120)
