# RUN: %python %s
"""Values up to the largest of their type, whose squares their type cannot hold:
with a wider accumulator, outputs and gradients are right, and statistics are
right or, where their type is too small, the largest number of it."""

from norm_gradients import *

LAYERS = [("batch_norm_training", (5, 6, 70), dict(features=(1,))),
          ("batch_norm_training", (9, 40, 6), dict(features=(2,))),
          ("group_norm", (3, 6, 50), dict(channel=1, groups=3)),
          ("group_norm", (3, 50, 6), dict(channel=2, groups=3)),
          ("instance_norm", (3, 6, 50), dict(channel=1)),
          ("layer_norm", (4, 300), dict(axes=(1,))),
          ("rms_norm", (4, 300), dict(axes=(1,)))]
STATISTICS = ("m", "v", "rm", "rv")


def run_layer(c):
    call = make_call(c, rng)
    for array in call.arrays.values():
        array.set(make_data(rng, array.shape))
    call.arrays["x"].set(c["std"] * rng.uniform(-1, 1, c["shape"]))
    values = call.get_values()
    got = call.run(compile_kernel(call.text))
    largest = TYPES[c["s"]].largest
    for name, (expected, tolerance) in expect(c, values).items():
        if name in STATISTICS:
            beyond = np.abs(expected) > largest
            expected = np.clip(expected, -largest, largest)
            tolerance = np.where(beyond, 0, tolerance)
        report.compare(f"{c['op']} {name} {c['s']}", got[name], expected, tolerance)


def layer(op, shape, axes, **options):
    c = {**OPTIONS, "op": op, "shape": shape, "axes": axes, "accumulator": "f64", **options}
    report.case(f"{op} {shape} {axes} {options}", lambda: run_layer(c))


for (op, shape, axes), std, s in itertools.product(LAYERS, (1e20, 1e30, 3e38), ("f32", "f64")):
    layer(op, shape, axes, std=std, s=s, running=op == "batch_norm_training", epsilon=1e-5)
for op, shape, axes in LAYERS:
    # Half precision is computed in f32, which holds its squares; its type does not.
    layer(op, shape, axes, std=6e4, x="f16", y="f16", s="f16", accumulator="f32")
    layer(op, shape, axes, std=1e30, x="bf16", y="bf16", s="f64")
    gradient = op.replace("_training", "") + "_grad"
    for std in (1e20, 1e30):
        case(gradient, shape, axes, std=std, s="f64", accumulator="f64")
report.finish(at_least=60)
