# RUN: %python %s
"""What layers do with epsilon, scales around zero, statistics that are not finite or
of too few values, and averages over all batches."""

from norm_gradients import *

for op, shape, axes in (
        ("batch_norm_grad", (4, 5, 6), dict(features=(1,))), ("batch_norm_grad", (40, 5), dict(features=(1,))),
        ("batch_norm_inference_grad", (4, 5, 6), dict(features=(1,))),
        ("group_norm_grad", (4, 6, 5), dict(channel=1, groups=3)),
        ("group_norm_grad", (4, 5, 6), dict(channel=2, groups=3, affine="per_group")),
        ("instance_norm_grad", (4, 5, 6), dict(channel=1)), ("layer_norm_grad", (4, 33), dict(axes=(1,))),
        ("rms_norm_grad", (4, 33), dict(axes=(1,)))):
    for mode, zero_centered, epsilon in itertools.product(("add", "max", "outside"), (False, True), (1e-5, 0.9)):
        case(op, shape, axes, mode=mode, zero_centered=zero_centered, epsilon=epsilon)
        case(op, shape, axes, mode=mode, zero_centered=zero_centered, epsilon=epsilon, dynamic=True,
             other_statistics=True)
    for mode in ("max", "outside"):
        case(op, shape, axes, mode=mode, data=1e6)
        case(op, shape, axes, mode=mode, data=1e6, epsilon=0)


def inference(mode, zero_centered, epsilon):
    shape, channels = (3, 4, 37), [4]
    call = OpCall("norm.batch_norm_inference",
                  [("ins", "x"), ("statistics", "m", "v"), ("scale", "g"), ("bias", "b"), ("outs", "y")],
                  f"features = [1] epsilon = {epsilon:e} epsilon_mode = {mode}" + " zero_centered_scale" * zero_centered,
                  {"x": ("f32", shape), **{n: ("f32", channels) for n in "mvgb"}, "y": ("f32", shape)}, ["y"],
                  "memref", False, rng)
    for name, array in call.arrays.items():
        data = make_data(rng, array.shape)
        array.set(np.abs(data) if name == "v" else data)
    values = {n: v.astype(np.longdouble).reshape(-1, 1) if n in "mvgb" else v.astype(np.longdouble)
              for n, v in call.get_values().items()}
    got = call.run(compile_kernel(call.text))["y"]
    factor = rstd_of(values["v"], epsilon, mode) * (values["g"] + zero_centered)
    expected = (values["x"] - values["m"]) * factor + values["b"]
    size = (np.abs(values["x"]) + np.abs(values["m"])) * np.abs(factor) + np.abs(values["b"])
    report.compare("inference", got, expected, 6 * TYPES["f32"].epsilon * size)


for mode, zero_centered, epsilon in itertools.product(("add", "max", "outside"), (False, True), (1e-5, 0.9)):
    report.case(f"inference {mode} {zero_centered} {epsilon}", lambda: inference(mode, zero_centered, epsilon))

# ===----------------------------------------------------------------------===#
# Running statistics
# ===----------------------------------------------------------------------===#


def running(shape, attributes, data, expect, batches=None):
    """Checks the running statistics of two features after one batch, which
    `expect` computes of the old ones, the keep fraction, mean, variance and n."""
    operands = {"x": ("f32", shape)}
    if batches is not None:
        operands["k"] = ("f32", [])
    operands.update({"y": ("f32", shape), "m": ("f32", [2]), "v": ("f32", [2])})
    call = OpCall("norm.batch_norm_training",
                  [("ins", "x"), ("batches", "k"), ("outs", "y"), ("running", "m", "v")],
                  f"features = [1] momentum = 7.500000e-01 {attributes}", operands, ["y", "m", "v"], "memref",
                  False, rng)
    for array in call.arrays.values():
        array.set(make_data(rng, array.shape) + 2)
    x = call.arrays["x"].get()
    call.arrays["x"].set(data(x))
    if batches is not None:
        call.arrays["k"].set(batches)
    values = call.get_values()
    got = call.run(compile_kernel(call.text))
    x = values["x"].astype(np.longdouble)
    n = x.shape[0] * x.shape[2]
    keep = np.longdouble(0.75 if batches is None else batches / (batches + 1))
    with np.errstate(all="ignore"):
        mean = x.mean((0, 2)) if n else np.zeros(2)
        variance = x.var((0, 2)) if n else np.zeros(2)
        expected = expect(values["m"], values["v"], keep, mean, variance, n)
    for name, value in zip("mv", expected):
        value = value.astype(np.float64)
        assert np.array_equal(np.isnan(value), np.isnan(got[name])), f"{name}: expected {value}, got {got[name]}"
        finite = np.isfinite(value)
        assert np.array_equal(got[name][~finite & ~np.isnan(value)], value[~finite & ~np.isnan(value)])
        report.compare("running", got[name][finite], value[finite].astype(np.longdouble),
                       16 * TYPES["f32"].epsilon * (np.abs(value[finite]) + np.abs(values[name][finite])))


def blend(correction=1, single="keep", empty="keep", skip=False):
    rules = dict(correction=correction, single=single, empty=empty, nonfinite="skip_update" if skip else "propagate")
    return lambda m, v, keep, mean, variance, n: update_running(rules, {"rm": m, "rv": v}, keep, mean, variance, n)


def with_value(value):
    def change(x):
        x[0, 1, 0] = value
        return x
    return change


def same(x):
    return x


for correction in (0, 1):
    for single, empty in itertools.product(("keep", "nan", "biased"), ("keep", "nan")):
        text = f"running_var_correction = {correction} empty = {empty} single = {single}"
        for shape in ((3, 2, 5), (1, 2, 1), (2, 2, 1), (0, 2, 3), (4, 2, 0)):
            report.case(f"{shape} {text}", lambda: running(shape, text, same, blend(correction, single, empty)))
    for value, skip in itertools.product((np.nan, np.inf, -np.inf), (False, True)):
        text = f"running_var_correction = {correction} nonfinite = {'skip_update' if skip else 'propagate'}"
        expect = blend(correction, skip=skip)
        if not skip and np.isinf(value):
            continue  # Infinity minus infinity: of no interest.
        report.case(f"{text} {value}", lambda: running((3, 2, 5), text, with_value(value), expect))
    for batches in (0, 1, 9, 1000000):
        text = f"running_var_correction = {correction}"
        report.case(f"{text} after {batches} batches",
                    lambda: running((3, 2, 5), text, same, blend(correction), batches=batches))
report.finish(at_least=300)
