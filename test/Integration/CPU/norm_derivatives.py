"""What the tests of derivatives of functions share: functions of one layer and
their models, and comparisons with central differences. First derivatives are
compared with those of a model in extended precision, second derivatives with
those of the compiled first ones."""

import math
import subprocess

from norm_layers import Layer, rstd_of
from norm_testing import *

rng = np.random.default_rng(911)
report = Report()
EPSILON = 1e-3


def differentiate(text, *options):
    """The module with derivatives, after one run of the pass for each of
    `options`."""
    passes = [f"--norm-differentiate={option}" for option in options]
    passes.append("--convert-elementwise-to-linalg")
    # There is no instruction for it, and libdevice has it for GPUs.
    if "math.erf" in text and not os.environ.get("NORM_TEST_TARGET"):
        passes.append("--convert-math-to-libm")
    done = subprocess.run(["norm-opt", *passes],
                          input=text, capture_output=True, text=True)
    if done.returncode:
        raise KernelError(f"{done.stderr}\n{text}")
    return done.stdout


def call(text, name, arguments, shapes):
    results = [np.full(shape, np.nan) for shape in shapes]
    compile_kernel(text, entry=name)([np.ascontiguousarray(a, np.float64) for a in arguments], results)
    return results


# ===----------------------------------------------------------------------===#
# Central differences
# ===----------------------------------------------------------------------===#


def differences(function, arguments, tangents, step):
    """The tangents of the results, from differences of fourth order."""
    def across(distance):
        ends = [function([a + sign * distance * t for a, t in zip(arguments, tangents)]) for sign in (1, -1)]
        return [(high - low) / (2 * distance) for high, low in zip(*ends)]

    return [(4 * near - far) / 3 for near, far in zip(across(step), across(2 * step))]


def gradient_of(function, arguments, cotangents, step):
    """The gradients of the sum of cotangents times results, by each argument."""
    gradients = []
    for i, argument in enumerate(arguments):
        gradient = np.zeros(argument.shape, np.longdouble)
        for index in np.ndindex(argument.shape):
            tangents = [np.zeros_like(a) for a in arguments]
            tangents[i][index] = 1
            results = differences(function, arguments, tangents, step)
            gradient[index] = sum((c * r).sum() for c, r in zip(cotangents, results))
        gradients.append(gradient)
    return gradients


def dot(a, b):
    return float(sum((x * y).sum() for x, y in zip(a, b)))


def compare(name, actual, expected, tolerance):
    assert len(actual) == len(expected)
    for a, e in zip(actual, expected):
        scale = 1 + np.abs(e).max(initial=0)
        report.compare(name, a, np.asarray(e, np.longdouble), tolerance * scale)


def check(text, model, arguments, constants=()):
    """Checks first derivatives of @f by all arguments but `constants`."""
    wanted = [i for i in range(len(arguments)) if i not in constants]
    option = "function=f arguments=" + ",".join(map(str, wanted))
    arguments = [np.asarray(a, np.longdouble) for a in arguments]

    def function(varied):
        full = list(arguments)
        for i, value in zip(wanted, varied):
            full[i] = value
        return model(*full)

    variables = [arguments[i] for i in wanted]
    results = model(*arguments)
    shapes = [r.shape for r in results]
    cotangents = [make_data(rng, r.shape) for r in results]
    tangents = [make_data(rng, v.shape) for v in variables]

    module = differentiate(text, option, option + " mode=forward")
    gradients = call(module, "f_gradient", [*arguments, *cotangents], [v.shape for v in variables])
    expected = gradient_of(function, variables, cotangents, np.longdouble(1e-5))
    compare("gradient", gradients, expected, 1e-8)

    both = call(module, "f_jvp", [*arguments, *tangents], shapes * 2)
    expected = differences(function, variables, tangents, np.longdouble(1e-5))
    compare("value", both[: len(results)], results, 1e-10)
    compare("tangent", both[len(results) :], expected, 1e-8)
    a, b = dot(cotangents, both[len(results) :]), dot(gradients, tangents)
    assert abs(a - b) <= 1e-10 * (1 + abs(a)), f"<dy, J t> = {a}, <J^T dy, t> = {b}"
    return module


def check_second(text, arguments, cotangents, wanted):
    """Checks the gradient of @f_gradient by all of its arguments."""
    first = "function=f arguments=" + ",".join(map(str, wanted))
    total = [np.asarray(a, np.float64) for a in (*arguments, *cotangents)]
    module = differentiate(text, first, "function=f_gradient", "function=f_gradient mode=forward")
    shapes = [arguments[i].shape for i in wanted]

    def function(values):
        return call(module, "f_gradient", values, shapes)

    seeds = [make_data(rng, shape) for shape in shapes]
    expected = gradient_of(function, total, seeds, 2e-5)
    got = call(module, "f_gradient_gradient", [*total, *seeds], [a.shape for a in total])
    compare("second gradient", got, expected, 1e-7)
    tangents = [make_data(rng, a.shape) for a in total]
    both = call(module, "f_gradient_jvp", [*total, *tangents], shapes * 2)
    compare("second tangent", both[len(shapes) :], differences(function, total, tangents, 2e-5), 1e-7)


# ===----------------------------------------------------------------------===#
# One layer
# ===----------------------------------------------------------------------===#

OPS = {"batch": "batch_norm_training", "inference": "batch_norm_inference", "group": "group_norm",
       "instance": "instance_norm", "layer": "layer_norm", "rms": "rms_norm"}


def format_elements(values):
    return str(values.tolist()).lower()


class Selection:
    """A constant mask of an input of shape `shape` on the axes `axes`, or the
    lengths that it stands for along the axis `sequence`."""

    def __init__(self, shape, axes, sequence=None, unselected="zero"):
        sizes, spread = [shape[a] for a in axes], [s if a in axes else 1 for a, s in enumerate(shape)]
        if sequence is None:
            values = rng.random(sizes) < 0.6
            selected, word, element = values.reshape(spread), "mask", "i1"
        else:
            values = rng.integers(1, shape[sequence] + 1, sizes)
            index = np.arange(shape[sequence]).reshape([-1 if a == sequence else 1 for a in range(len(shape))])
            selected, word, element = index < values.reshape(spread), "lengths", "i64"
        self.selected, self.zero = np.broadcast_to(selected, shape), unselected == "zero"
        type_ = make_type("tensor", element, sizes, False)
        self.definition = f"%mask = arith.constant dense<{format_elements(values)}> : {type_}"
        self.clause = f" {word}(%mask : {type_})"
        self.attributes = f" mask_axes = {list(axes)}"
        if sequence is not None:
            self.attributes += f" sequence_axis = {sequence}"
        self.attributes += f" unselected = {unselected}"


class Function:
    """A function of one layer, and of elementwise ops after it: its text, its
    model and its arguments. `mask` are the options of a Selection."""

    def __init__(self, kind, shape, axes, saves=False, running=None, scale=True, bias=True, dynamic=False,
                 frozen=False, after=None, mask=None):
        self.kind, self.after, self.running = kind, after, running
        self.layer = layer = Layer("batch" if kind == "inference" else kind, shape, **axes)
        sizes = {"x": shape}
        statistics = layer.statistics_sizes
        if kind == "inference":
            sizes |= {"m": statistics, "v": statistics}
        sizes |= {name: layer.parameter_sizes for name, given in (("g", scale), ("b", bias)) if given}
        if running is not None:
            sizes |= {"rm": layer.feature_sizes, "rv": layer.feature_sizes}
        self.names = list(sizes)
        self.arguments = [make_data(rng, size) for size in sizes.values()]
        for name, argument in zip(self.names, self.arguments):
            if name in ("v", "rv"):
                argument[...] = 0.5 + argument**2
        self.saves = saves

        type_of = {name: make_type("tensor", "f64", size, dynamic) for name, size in sizes.items()}
        statistics_type = make_type("tensor", "f64", statistics, False)
        x = type_of["x"]
        lines = []
        dims = []
        if dynamic:
            for axis in range(len(shape)):
                lines += [f"%c{axis} = arith.constant {axis} : index", f"%d{axis} = tensor.dim %x, %c{axis} : {x}"]
                dims.append(f"%d{axis}")
        lines.append(f"%y0 = tensor.empty({', '.join(dims)}) : {x}")
        self.selection = Selection(shape, **mask) if mask else None
        if mask:
            lines.append(self.selection.definition)
        op = f"norm.{OPS[kind]} ins(%x : {x})"
        results, types = ["%y"], [x]
        if kind == "inference":
            op += f" statistics(%m, %v : {type_of['m']}, {type_of['v']})"
        op += "".join(f" {word}(%{name} : {type_of[name]})"
                      for word, name in (("scale", "g"), ("bias", "b")) if name in sizes)
        op += self.selection.clause if mask else ""
        op += f" outs(%y0 : {x})"
        if running is not None:
            op += f" running(%rm, %rv : {type_of['rm']}, {type_of['rv']})"
            results += ["%rm1", "%rv1"]
            types += [type_of["rm"], type_of["rv"]]
        if saves:
            lines.append(f"%s0 = tensor.empty() : {statistics_type}")
            word = {"batch": "batch", "rms": "mean_square"}.get(kind, "statistics")
            number = 1 if kind == "rms" else 2
            op += f" {word}({', '.join(['%s0'] * number)} : {', '.join([statistics_type] * number)})"
            results += ["%s1", "%s2"][:number]
            types += [statistics_type] * number
        op += f" {layer.attributes}{self.selection.attributes if mask else ''} epsilon = {EPSILON}"
        if running is not None:
            op += f" momentum = 0.75 running_var_correction = {running}"
            op += " ghost_update = average" if "ghost" in axes else ""
        if frozen:
            op += " {norm.frozen}"
        lines.append(f"{', '.join(results)} = {op}")
        if after:
            lines.append(AFTER[after][0].replace("T", x))
            results[0] = "%z"
        header = ", ".join(f"%{name}: {type_of[name]}" for name in self.names)
        self.text = (f"func.func @f({header}) -> ({', '.join(types)}) {{\n  " + "\n  ".join(lines)
                     + f"\n  return {', '.join(results)} : {', '.join(types)}\n}}\n")

    def model(self, *arguments):
        layer = self.layer
        values = dict(zip(self.names, arguments))
        x = layer.split(values["x"])
        if self.kind == "inference":
            mean, variance = (layer.spread_statistics(values[name]) for name in "mv")
        else:
            weights = layer.split(self.selection.selected if self.selection else np.ones(layer.whole))
            count = np.maximum(weights.sum(layer.reduced, keepdims=True), 1)
            mean = (weights * x).sum(layer.reduced, keepdims=True) / count * (self.kind != "rms")
            variance = (weights * (x - mean) ** 2).sum(layer.reduced, keepdims=True) / count
            count = count.reshape(layer.statistics_sizes)
        y = (x - mean) * rstd_of(variance, EPSILON)
        if "g" in values:
            y = y * layer.spread_parameters(values["g"])
        if "b" in values:
            y = y + layer.spread_parameters(values["b"])
        y = layer.merge(y)
        if self.selection and self.selection.zero:
            y = np.where(self.selection.selected, y, 0)
        if self.after:
            y = AFTER[self.after][1](values["x"], y)
        results = [y]
        sizes = layer.statistics_sizes
        if self.running is not None:
            unbiased = variance.reshape(sizes) * count / (count - self.running)
            for name, statistic in (("rm", mean), ("rv", unbiased)):
                average = statistic.reshape(-1, *layer.feature_sizes).mean(0)
                results.append(0.75 * values[name] + 0.25 * average)
        if self.saves:
            results += [s.reshape(sizes) for s in (mean, variance)[self.kind == "rms" :]]
        return results


erf = np.vectorize(math.erf, otypes=[np.float64])


def gelu(z):
    # The model of erf has f64 alone; its series around the rounded value adds the rest.
    root = np.longdouble(0.5) ** np.longdouble(0.5)
    near = (z * root).astype(np.float64).astype(np.longdouble)
    rest = z * root - near
    slope = 2 / np.sqrt(np.longdouble(np.pi)) * np.exp(-near * near)
    return z * (1 + erf(near.astype(np.float64)) + slope * (rest - near * rest**2)) / 2


# What comes after the layer: of its input x and its output y.
AFTER = {
    "residual": ("%z = arith.addf %x, %y : T", lambda x, y: x + y),
    "relu": ("""%sum = arith.addf %x, %y : T
  %zero = arith.constant 0.0 : f64
  %zeros = linalg.fill ins(%zero : f64) outs(%x : T) -> T
  %z = arith.maximumf %sum, %zeros : T""", lambda x, y: np.maximum(x + y, 0)),
    "gelu": ("""%sum = arith.addf %x, %y : T
  %h = arith.constant 0.5 : f64
  %one = arith.constant 1.0 : f64
  %root = arith.constant 0.70710678118654757 : f64
  %halves = linalg.fill ins(%h : f64) outs(%x : T) -> T
  %ones = linalg.fill ins(%one : f64) outs(%x : T) -> T
  %roots = linalg.fill ins(%root : f64) outs(%x : T) -> T
  %scaled = arith.mulf %sum, %roots : T
  %erf = math.erf %scaled : T
  %erf1 = arith.addf %erf, %ones : T
  %half = arith.mulf %sum, %halves : T
  %z = arith.mulf %half, %erf1 : T""", lambda x, y: gelu(x + y)),
    "silu": ("""%one = arith.constant 1.0 : f64
  %ones = linalg.fill ins(%one : f64) outs(%x : T) -> T
  %minus = arith.negf %y : T
  %exp = math.exp %minus : T
  %denominator = linalg.add ins(%exp, %ones : T, T) outs(%y0 : T) -> T
  %silu = linalg.div ins(%y, %denominator : T, T) outs(%y0 : T) -> T
  %z = linalg.mul ins(%silu, %x : T, T) outs(%y0 : T) -> T""", lambda x, y: x * y / (1 + np.exp(-y))),
    "tanh": ("""%square = arith.mulf %y, %x : T
  %tanh = math.tanh %square : T
  %z = arith.subf %tanh, %y : T""", lambda x, y: np.tanh(x * y) - y),
}

LAYERS = [
    ("batch", (4, 3, 5), dict(features=(1,))),
    ("batch", (2, 3, 2, 4), dict(features=(3,))),
    ("batch", (3, 5, 4), dict(features=(0, 2), parameters=(2,))),
    ("inference", (3, 4, 5), dict(features=(1,))),
    ("inference", (3, 5, 4), dict(features=(2,))),
    ("group", (2, 6, 5), dict(channel=1, groups=3)),
    ("group", (2, 5, 6), dict(channel=2, groups=2)),
    ("group", (3, 4, 5), dict(channel=1, groups=1)),
    ("group", (3, 4, 5), dict(channel=1, groups=4)),
    ("group", (2, 6, 5), dict(channel=1, groups=3, by="group_size", affine="per_group")),
    ("group", (2, 6, 5), dict(channel=1, groups=3, affine="per_member")),
    ("instance", (2, 3, 7), dict(channel=1)),
    ("instance", (2, 7, 3), dict(channel=2)),
    ("layer", (3, 4, 5), dict(axes=(1, 2))),
    ("layer", (3, 4, 5), dict(axes=(2,), parameters=(1, 2))),
    ("rms", (3, 4, 5), dict(axes=(2,))),
]
