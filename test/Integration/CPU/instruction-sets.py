# RUN: %python %s
"""All ops, compiled for older processors too: for what the host itself has, and for the
levels of x86-64 that it can run; and conversions of 16-bit types by integer arithmetic."""

import warnings

import numpy as np

from layer_models import *
from norm_testing import *

rng = np.random.default_rng(20265)
report = Report()

NOTHING = "func.func @f() { return }"
CPUS = ["native"]
for cpu in ("x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"):
    try:
        library.compile(NOTHING, options=f"cpu={cpu}")
        CPUS.append(cpu)
    except KernelError as error:
        assert "that LLVM knows" in str(error) or "that the host has" in str(error), error
print("CPUs:", *CPUS)

# Rows and columns of all vector lengths, with a rest and without.
LAYERS = [
    ("batch_norm_training", (3, 9, 415), dict(features=[1])), ("batch_norm_training", (515, 83), dict(features=[1])),
    ("batch_norm_training", (4, 16, 256), dict(features=[1])), ("batch_norm_training", (300, 64), dict(features=[1])),
    ("batch_norm_inference", (3, 8, 415), dict(features=[1])), ("batch_norm_inference", (70, 83), dict(features=[1])),
    ("group_norm", (3, 8, 415), dict(batch=[0], channel=1, groups=2)), ("group_norm", (3, 107, 24), dict(batch=[0], channel=2, groups=4)),
    ("instance_norm", (2, 67, 83), dict(batch=[0], channel=2)),
    ("layer_norm", (9, 415), dict(axes=[1])), ("rms_norm", (9, 415), dict(axes=[1])), ("layer_norm", (9, 17), dict(axes=[1])),
]


def run(c, options):
    call = make_call(c, rng)
    for name, array in call.arrays.items():
        values = make_data(rng, array.shape)
        array.set(np.abs(values) if name in ("v", "rv") else values)
    if is_gradient(c):
        set_statistics(c, call, False, rng)
    if c["mask"] is not None:
        set_selected(c, call, 0.5, rng)
    expected = expect(c, call.get_values())
    for name, actual in call.run(library.compile(call.text, options=options)).items():
        report.compare(f"{options.split()[0]} {c['op']} {name}", actual, *expected[name])


def case(cpu, layer, shape, axes, **changes):
    for op in (layer, "batch_norm_grad" if layer == "batch_norm_training" else f"{layer}_grad"):
        c = {**DEFAULTS, "op": op, "shape": shape, "axes": axes, "running": op == "batch_norm_training", **changes}
        # Vectors of fewer elements add up more terms one after the other.
        c["sums"] = 4
        options = f"cpu={cpu} pipeline={{stream-threshold=0}}"
        report.case(f"{op} {shape} {axes} {changes} {options}", lambda: run(c, options))


def convert(source, target, bits):
    """The numbers of type `source` with these bits, in `target`; by integer arithmetic."""
    op = "truncf" if source == "f32" else "extf"
    kernel = compile_kernel(f"""
func.func @f(%x: memref<?x{source}>, %y: memref<?x{target}>) {{
  linalg.generic {{indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}}
      ins(%x : memref<?x{source}>) outs(%y : memref<?x{target}>) {{
  ^bb0(%in: {source}, %out: {target}):
    %0 = arith.{op} %in : {source} to {target}
    linalg.yield %0 : {target}
  }}
  return
}}""", "pipeline={expand-f16=true expand-bf16=true}")
    x = bits.view(TYPES[source].storage)
    y = np.zeros(x.shape, TYPES[target].storage)
    kernel([(source, x), (target, y)])
    return y


def check_conversions(narrow):
    """All 16-bit numbers; and what lies on them, halfway between them, and beside that."""
    narrow_bits = np.arange(2**16, dtype=np.uint16)
    wide = convert(narrow, "f32", narrow_bits)
    as_numpy = narrow_bits.view(TYPES[narrow].storage)
    expected = as_numpy.astype(np.float32) if narrow == "f16" else (narrow_bits.astype(np.uint32) << 16).view(np.float32)
    assert np.array_equal(np.isnan(wide), np.isnan(expected))
    numbers = ~np.isnan(expected)
    assert np.array_equal(wide.view(np.uint32)[numbers], expected.view(np.uint32)[numbers])

    bits = wide.view(np.uint32)[numbers].astype(np.int64)
    unit = 1 << (13 if narrow == "f16" else 16)
    near = [bits + d for d in (0, unit // 2 - 1, unit // 2, unit // 2 + 1, unit - 1)]
    some = rng.integers(0, 2**32, 10**6)
    nan = [0x7F800001, 0x7FFFFFFF, 0xFF800001, 0xFFC00000]
    bits = np.concatenate([*near, some, nan]).astype(np.uint32)
    got = convert("f32", narrow, bits)
    values = bits.view(np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if narrow == "f16":
            expected = values.astype(np.float16)
        else:  # To nearest, ties to even.
            wide = bits.astype(np.uint64)
            expected = ((wide + 0x7FFF + (wide >> 16 & 1)) >> 16).astype(np.uint16)
    is_nan = np.isnan(values)
    got_nan = np.isnan(got if narrow == "f16" else (got.astype(np.uint32) << 16).view(np.float32))
    assert np.array_equal(got_nan, is_nan)
    wrong = np.flatnonzero((got.view(np.uint16) != expected.view(np.uint16)) & ~is_nan)
    assert wrong.size == 0, f"{hex(bits[wrong[0]])}: expected {expected[wrong[0]]}, but got {got[wrong[0]]}"


for cpu in CPUS:
    for layer, shape, axes in LAYERS:
        for element in ("f32", "bf16", "f16"):
            case(cpu, layer, shape, axes, x=element, y=element, d=element)
        case(cpu, layer, shape, axes, x="f64", y="f64", d="f64", p="f64", s="f64")
        case(cpu, layer, shape, axes, dynamic=True, x="bf16", d="f16", y="f16")
    for layer, shape, axes in LAYERS[:3]:
        case(cpu, layer, shape, axes, mask=list(range(len(shape))))
for narrow in ("f16", "bf16"):
    report.case(f"conversions of {narrow}", lambda: check_conversions(narrow))
report.finish(100)
