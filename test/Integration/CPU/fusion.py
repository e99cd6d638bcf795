# RUN: %python %s
"""Layers and gradients between elementwise ops, fused with them or not."""

import itertools
import math

import numpy as np

from layer_models import *
from norm_testing import *

rng = np.random.default_rng(20266)
report = Report()
erf = np.vectorize(math.erf, otypes=[np.longdouble])


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


class Chain:
    """Elementwise ops. `lines` are scalar ops on %v and the operands, where F is the type that computes, E that of
    arrays, and C(number) a constant; the last is %out. The function gives the same from arrays, and is nowhere
    steeper than `slope`."""

    def __init__(self, operands, lines, function, slope=1.0):
        self.operands, self.lines, self.function, self.slope = operands, lines.strip().split("\n"), function, slope


# What follows the output of a layer, or the gradient of its input. res: of the same shape; w: of each channel.
AFTER = {
    "add_relu": Chain(["res"], """
        %s = arith.addf %v, %res : F
        %zero = arith.constant C(0.0) : F
        %out = arith.maximumf %s, %zero : F""", lambda v, r, w: np.maximum(v + r, 0)),
    "relu_by_select": Chain([], """
        %zero = arith.constant C(0.0) : F
        %positive = arith.cmpf ogt, %v, %zero : F
        %out = arith.select %positive, %v, %zero : B, F""", lambda v, r, w: np.maximum(v, 0)),
    "silu": Chain([], """
        %n = arith.negf %v : F
        %e = math.exp %n : F
        %one = arith.constant C(1.0) : F
        %d = arith.addf %e, %one : F
        %out = arith.divf %v, %d : F""", lambda v, r, w: v * sigmoid(v), 1.1),
    "gelu": Chain([], """
        %h = arith.constant C(0.5) : F
        %c = arith.constant C(0.70710678118654752) : F
        %m = arith.mulf %v, %c : F
        %e = math.erf %m : F
        %one = arith.constant C(1.0) : F
        %d = arith.addf %e, %one : F
        %p = arith.mulf %d, %h : F
        %out = arith.mulf %v, %p : F""", lambda v, r, w: v * (1 + erf(v / np.sqrt(np.longdouble(2)))) / 2, 1.13),
    "gelu_tanh": Chain([], """
        %h = arith.constant C(0.5) : F
        %c = arith.constant C(0.79788456080286536) : F
        %k = arith.constant C(0.044715) : F
        %v2 = arith.mulf %v, %v : F
        %v3 = arith.mulf %v2, %v : F
        %kv3 = arith.mulf %v3, %k : F
        %i = arith.addf %v, %kv3 : F
        %ci = arith.mulf %i, %c : F
        %t = math.tanh %ci : F
        %one = arith.constant C(1.0) : F
        %d = arith.addf %t, %one : F
        %p = arith.mulf %d, %h : F
        %out = arith.mulf %v, %p : F""",
        lambda v, r, w: v / 2 * (1 + np.tanh(np.sqrt(2 / np.longdouble(np.pi)) * (v + 0.044715 * v**3))), 1.13),
    "scale": Chain(["w"], "%out = arith.mulf %v, %w : F", lambda v, r, w: v * w, 2.0),
    "scale_add": Chain(["res", "w"], """
        %p = arith.mulf %v, %w : F
        %out = arith.addf %p, %res : F""", lambda v, r, w: v * w + r, 2.0),
}

# What gives the input of a layer, or the gradient of its output: of a, and other of the same shape.
BEFORE = {
    "sum": Chain(["other"], "%out = arith.addf %v, %other : F", lambda v, b: v + b),
    "relu": Chain([], """
        %zero = arith.constant C(0.0) : F
        %out = arith.maximumf %v, %zero : F""", lambda v, b: np.maximum(v, 0)),
    "mask": Chain(["other"], """
        %zero = arith.constant C(0.0) : F
        %positive = arith.cmpf ogt, %other, %zero : F
        %out = arith.select %positive, %v, %zero : B, F""", lambda v, b: np.where(b > 0, v, 0)),
}


class FusedCall(OpCall):
    """A layer between two chains, each of which may be missing. `form` says how these are written: as ops of arith on
    tensors, or as one linalg.generic. `also` returns what the second chain takes, too."""

    def __init__(self, c, before, after, form, also):
        op, clauses, attributes, operands, self.given = describe(c)
        self.c, self.before, self.after, self.form = c, BEFORE.get(before), AFTER.get(after), form
        self.source = "d" if is_gradient(c) else "x"
        self.channel = c["axes"].get("channel", c["axes"].get("features", c["axes"].get("axes"))[0]
                                     if "channel" not in c["axes"] else 0)
        outputs = list(self.given)
        if self.before:
            operands.update({name: operands[self.source] for name in ["a", *self.before.operands]})
        if self.after:
            sizes = {"res": operands["y"], "w": (c["p"], [c["shape"][self.channel]])}
            operands.update({name: sizes[name] for name in self.after.operands}, z=operands["y"])
            outputs = ["z", *outputs] if also else ["z", *outputs[1:]]
        super().__init__(op, clauses, attributes, operands, outputs, "tensor", c["dynamic"], rng)

    def write(self, op, clauses, attributes):
        values = {name: f"%{name}" for name in self.types}
        lines = []
        if self.before:
            values[self.source] = "%before"
            lines += self.write_chain(self.before, "a", "%a", "before", "b")
        for word, *names in clauses:
            if all(name in self.types for name in names):
                op += f" {word}({', '.join(values[n] for n in names)} : {', '.join(self.types[n] for n in names)})"
        results = {name: f"%result_{name}" for name in self.given}
        lines.append(f"{', '.join(results.values())} = {op} {attributes}")
        if self.after:
            results["z"] = "%after"
            lines += self.write_chain(self.after, "z", "%result_y", "after", "c")
        arguments = ", ".join(f"%{name}: {type}" for name, type in self.types.items()
                              if not (self.before and name == self.source))
        types = ", ".join(self.types[name] for name in self.outputs)
        returned = ", ".join(results[name] for name in self.outputs)
        body = "\n  ".join([*lines, f"return {returned} : {types}"])
        return f"func.func @f({arguments}) -> ({types}) {{\n  {body}\n}}\n"

    def write_chain(self, chain, like, value, result, prefix):
        """The ops of a chain on `value`, of the type of the operand `like`."""
        element, shape = self.operands[like]
        wide = "f64" if element == "f64" else "f32"
        outer, rank = {"v": (value, self.types[like], element)}, len(shape)
        for name in chain.operands:
            outer[name] = f"%{name}", self.types[name], self.operands[name][0]
        lines = []
        if self.form == "generic":
            elements = {"F": wide, "E": element, "B": "i1"}
            number = "{}"
            inner = {name: f"%{prefix}_{name}" for name in outer}
        else:
            elements = {letter: self.types[like].replace(f"{element}>", f"{type}>")
                        for letter, type in (("F", wide), ("E", element), ("B", "i1"))}
            number = f"dense<{{}}> : {elements['F']}"
            inner = {name: v for name, (v, _, _) in outer.items()}
            if "w" in outer:
                kept = ", ".join(str(axis) for axis in range(rank) if axis != self.channel)
                type = self.types[like].replace(f"{element}>", f"{outer['w'][2]}>")
                lines += [f"%{prefix}_we = tensor.empty() : {type}",
                          f"%{prefix}_wb = linalg.broadcast ins(%w : {outer['w'][1]}) outs(%{prefix}_we : {type})"
                          f" dimensions = [{kept}]"]
                inner["w"] = f"%{prefix}_wb"
        for name, (_, type, stored) in outer.items():
            if stored != wide:
                old, new = (t if self.form == "generic" else elements["F"].replace(f"{wide}>", f"{t}>")
                            for t in (stored, wide))
                lines.append(f"%{prefix}_{name}_wide = arith.extf {inner[name]} : {old} to {new}")
                inner[name] = f"%{prefix}_{name}_wide"

        def translate(line):
            head, type = line.strip().rsplit(" : ", 1)
            type = ", ".join(elements[t] for t in type.split(", "))
            if "C(" in head:
                head, constant = head[:-1].split("C(")
                return head + (f"{constant} : {type}" if self.form == "generic" else number.format(constant))
            return f"{head} : {type}"

        names = {**inner, "out": f"%{result}" if self.form != "generic" and element == wide else f"%{prefix}_out"}

        def rename(line):
            words = line.replace(",", " ,").split(" ")
            return " ".join(names.get(w[1:], f"%{prefix}_{w[1:]}") if w.startswith("%") else w for w in words
                            ).replace(" ,", ",")

        lines += [rename(translate(line)) for line in chain.lines]
        last = names["out"]
        if element != wide:
            target = f"%{result}" if self.form != "generic" else f"%{prefix}_narrow"
            lines.append(f"{target} = arith.truncf {last} : {elements['F']} to {elements['E']}")
            last = target
        if self.form != "generic":
            return lines
        dims = [f"d{i}" for i in range(rank)]
        maps = {name: f"affine_map<({', '.join(dims)}) -> ({dims[self.channel] if name == 'w' else ', '.join(dims)})>"
                for name in [*outer, "out"]}
        init = f"%{like if like != 'a' else 'init_a'}"
        made = []
        if like == "a":
            # Of a gradient, or of a layer, the input has the shape.
            open_sizes = [i for i, size in enumerate(self.types[like][7:].split("x")[:-1]) if size == "?"]
            made = [f"%n{i} = arith.constant {i} : index\n  %s{i} = tensor.dim %a, %n{i} : {self.types[like]}"
                    for i in open_sizes]
            made.append(f"%init_a = tensor.empty({', '.join(f'%s{i}' for i in open_sizes)}) : {self.types[like]}")
        arguments = ", ".join(f"%{prefix}_{name}: {stored}" for name, (_, _, stored) in outer.items())
        parallel = ", ".join(['"parallel"'] * rank)
        return made + [
            f"%{result} = linalg.generic {{indexing_maps = [{', '.join(maps.values())}], iterator_types = [{parallel}]}} "
            f"ins({', '.join(v for v, _, _ in outer.values())} : {', '.join(t for _, t, _ in outer.values())}) "
            f"outs({init} : {self.types[like]}) {{\n  ^bb0({arguments}, %{prefix}_init: {element}):",
            *lines, f"linalg.yield {last} : {element}\n  }} -> {self.types[like]}"]


def evaluate(c, call, values):
    """What the function gives: for each output the value and its tolerance."""
    if call.before:
        element = call.operands["a"][0]
        # One operation, rounded once or not at all.
        exact = call.before.function(values["a"], values.get("other"))
        values = {**values, call.source: TYPES[element].decode(TYPES[element].encode(exact))}
    expected = expect(c, values)
    if call.after:
        y, tolerance = expected["y"]
        w = values.get("w")
        if w is not None:
            w = w.reshape([-1 if i == call.channel else 1 for i in range(len(c["shape"]))]).astype(np.longdouble)
        r = values["res"].astype(np.longdouble) if "res" in values else None
        z = call.after.function(y, r, w)
        unit = TYPES["f64" if c["y"] == "f64" else "f32"].epsilon
        slope = call.after.slope if w is None else np.abs(w)
        rounding = 12 * unit * (np.abs(y) * slope + np.abs(z) + (np.abs(r) if r is not None else 0))
        # What is rounded last may lie beyond a power of two that the exact value lies below.
        before = slope * tolerance + rounding
        expected["z"] = z, before + half_unit(get_output_type(c, "y"), np.abs(z) + before)
    return expected


def prepare(c, before, after, form, also, mean):
    """The function, its arrays filled, and the values of these."""
    call = FusedCall(c, before, after, form, also)
    for name, array in call.arrays.items():
        values = make_data(rng, array.shape)
        array.set(np.abs(values) if name in ("v", "rv") else values)
    call.arrays["a" if before and not is_gradient(c) else "x"].set(make_data(rng, c["shape"], mean, 1.0))
    if is_gradient(c):
        set_statistics(c, call, False, rng)
    values = call.get_values()
    if before:
        del call.arrays[call.source]
    return call, values


def run(c, before, after, form, also, options, mean):
    call, values = prepare(c, before, after, form, also, mean)
    expected = evaluate(c, call, values)
    for name, actual in call.run(compile_kernel(call.text, options)).items():
        report.compare(f"{c['op']} {name}", actual, *expected[name])


def run_threads(c, before, after, form, also, options, mean):
    call, _ = prepare(c, before, after, form, also, mean)
    seen = [call.run(compile_kernel(call.text, f"threads={threads} pipeline={{parallel-bytes=0 {options}}}"))
            for threads in (1, 2, 3, 2)]
    for name, actual in itertools.chain(*(results.items() for results in seen[1:])):
        assert np.array_equal(actual, seen[0][name]), f"other bits of {name}"


LAYERS = [
    ("batch_norm_inference", lambda shape, channel: dict(features=[channel])),
    ("batch_norm_training", lambda shape, channel: dict(features=[channel])),
    ("group_norm", lambda shape, channel: dict(batch=[0], channel=channel, groups=2)),
    ("layer_norm", lambda shape, channel: dict(axes=[len(shape) - 1])),
    ("rms_norm", lambda shape, channel: dict(axes=[len(shape) - 1])),
    ("batch_norm_grad", lambda shape, channel: dict(features=[channel])),
    ("group_norm_grad", lambda shape, channel: dict(batch=[0], channel=channel, groups=2)),
    ("layer_norm_grad", lambda shape, channel: dict(axes=[len(shape) - 1])),
]
# Shapes and the axis of channels: second, innermost, and no other; slabs, parts, and several chunks; one part.
SHAPES = [((3, 16, 5, 7), 1), ((2, 4, 270, 261), 1), ((3, 9, 5, 12), 3), ((40, 20, 30, 16), 3), ((50, 6), 1), ((4, 2), 1),
          ((8, 128, 7, 7), 1), ((9, 8, 14, 14), 1), ((3, 8, 40), 1)]
count = itertools.count()


def case(op, axes, shape, channel, before, after, options="", element="f32", dynamic=False, mean=1.0, run=run, **more):
    number = next(count)
    also = number % 3 == 0 and after is not None
    form = "generic" if dynamic or number % 2 else "arith"
    c = {**DEFAULTS, "op": op, "shape": shape, "axes": axes(shape, channel), "x": element, "y": element, "d": element,
         "p": "f64" if element == "f64" else "f32", "s": "f64" if element == "f64" else "f32", "dynamic": dynamic,
         "running": op == "batch_norm_training", "statistics": op != "batch_norm_training", **more}
    title = f"{op} {shape} {channel} {before} {after} {form} {also} {options} {element} {dynamic}"
    report.case(title, lambda: run(c, before, after, form, also, options, mean))


for (op, axes), (shape, channel) in itertools.product(LAYERS, SHAPES):
    pairs = list(itertools.product([*BEFORE, None], [*AFTER, None]))
    for i in rng.choice(len(pairs), 4, replace=False):
        case(op, axes, shape, channel, *pairs[i])
for (op, axes), element in itertools.product(LAYERS, ("f64", "bf16", "f16")):
    for after in ("add_relu", "silu"):
        case(op, axes, (2, 8, 40, 41), 1, "sum" if after == "silu" else None, after, element=element)
for (op, axes), dynamic in itertools.product(LAYERS, (True, False)):
    for shape in ((0, 4, 5), (3, 4, 0), (1, 2, 1), (1, 4, 33), (17, 4, 1)):
        case(op, axes, shape, 1, "mask", "add_relu", dynamic=dynamic)
    case(op, axes, (3, 16, 35), 1, "sum", "gelu", dynamic=True)
    case(op, axes, (90, 31, 16), 2, "sum", "scale_add", dynamic=True)
    case(op, axes, (90, 31, 16), 2, "sum", "scale_add", "pipeline={stack-bytes=64}", dynamic=True)
for op, axes in LAYERS[:3]:
    case(op, axes, (2, 4, 70, 61), 1, None, "add_relu", mean=1e4)
    case(op, axes, (2, 4, 70, 61), 1, "sum", "gelu_tanh", mean=1e4)
for op, axes in LAYERS:
    for options in ("pipeline={fuse=false}", "pipeline={vector-bits=128 part-size=64 chunk-size=16}", "threads=2 pipeline={stream-threshold=0 parallel-bytes=0}"):
        case(op, axes, (4, 8, 9, 11), 1, "mask", "add_relu", options)
        case(op, axes, (4, 9, 11, 8), 3, "sum", "silu", options, sums=4)
# The same bits for each number of threads.
for (op, axes), (shape, channel) in itertools.product(LAYERS, SHAPES[:4]):
    case(op, axes, shape, channel, "sum", "add_relu", "part-size=1024 stream-threshold=0", run=run_threads)
report.finish(at_least=430)
