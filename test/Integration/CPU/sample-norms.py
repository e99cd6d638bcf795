# RUN: %python %s
"""Instance, layer and RMS norm, and the affine forms of group and batch norm,
against a reference, over shapes, axes, element types and operands."""

from layer_models import *
from norm_testing import *
import itertools

import numpy as np

rng = np.random.default_rng(20246)
report = Report()



def run(c):
    call = make_call(c, rng)
    for array in call.arrays.values():
        array.set(make_data(rng, array.shape))
    x = make_data(rng, c["shape"], c["mean"], c["std"])
    if c["data"] is not None:
        x[...] = c["data"]
    call.arrays["x"].set(x)
    values = call.get_values()
    got = call.run(compile_kernel(call.text))
    expected = expect(c, values)
    for name in call.outputs:
        report.compare(f"{c['op']} {name} {get_output_type(c, name)}", got[name], *expected[name])


def case(op, shape, axes, **options):
    c = {**DEFAULTS, "mean": 0.0, "std": 1.0, "data": None, "op": op, "shape": tuple(shape), "axes": axes, **options}
    report.case(f"{op} {tuple(shape)} {axes} {options}", lambda: run(c))


layers = [("instance_norm", shape, dict(channel=channel)) for shape, channel in (
    ((2, 6, 5, 7), 1), ((9, 40, 8), 2), ((5, 20, 33, 31), 1), ((4, 3), 1), ((20, 7, 1), 1), ((0, 3, 4), 1))]
layers += [(op, shape, dict(axes=axes)) for op in ("layer_norm", "rms_norm") for shape, axes in (
    ((5, 33), (1,)), ((3, 17, 70), (2,)), ((4, 5, 6, 7), (1, 2, 3)), ((40, 769), (1,)), ((8, 3, 9), (1,)),
    ((6, 5, 4), (0, 2)), ((7, 300), (0,)), ((3, 4), (0, 1)), ((3, 1), (1,)), ((0, 5), (1,)), ((5, 0), (1,)),
    ((2, 70000), (1,)))]
layers += [
    ("instance_norm", (4, 3, 9), dict(channel=1, parameters=(0, 1))),
    ("layer_norm", (12, 3, 9, 5), dict(axes=(1, 2, 3), parameters=(1,))),
    ("layer_norm", (12, 3, 9), dict(axes=(2,), parameters=(0, 2))),
    ("rms_norm", (12, 3, 9), dict(axes=(1, 2), parameters=(1,))),
    ("batch_norm_training", (4, 6, 5), dict(features=(1,), parameters=(0, 1))),
    ("batch_norm_training", (4, 6, 50), dict(features=(1,), parameters=(2,))),
    ("batch_norm_training", (16, 6, 5), dict(features=(1,), parameters=())),
    ("batch_norm_training", (9, 5, 6), dict(features=(2,), parameters=(1,))),
]
layers += [("group_norm", (4, 6, 7), dict(channel=1, groups=3, parameters=parameters))
           for parameters in ((), (2,), (0, 1), (1, 2))]
for shape, channel, groups in (((4, 6, 7), 1, 3), ((4, 7, 6), 2, 3), ((9, 6), 1, 2), ((4, 6, 7), 1, 1),
                               ((4, 7, 6), 2, 6), ((12, 3, 5, 8), 3, 2)):
    for affine, parameters in itertools.product(
            ("per_group", "per_member"), (None, (0, channel), tuple(range(1, len(shape))))):
        layers.append(("group_norm", shape, dict(channel=channel, groups=groups, affine=affine,
                                                 parameters=parameters)))

for (op, shape, axes), dynamic in itertools.product(layers, (False, True)):
    case(op, shape, axes, dynamic=dynamic)
    case(op, shape, axes, dynamic=dynamic, mean=1e4, std=0.1)
for op, shape, axes in (layers[0], layers[1], layers[6], layers[8], layers[18], layers[20], layers[31], layers[36]):
    for kind, dynamic in itertools.product(("tensor", "view", "step", "inplace"), (False, True)):
        case(op, shape, axes, kind=kind, dynamic=dynamic)
    for scale, bias, statistics in itertools.product((False, True), repeat=3):
        case(op, shape, axes, scale=scale, bias=bias, statistics=statistics, kind="tensor")
    case(op, shape, axes, data=1e6)
    case(op, shape, axes, data=1e6, epsilon=0)
    case(op, shape, axes, mean=1.0, std=1e-5)
    case(op, shape, axes, mean=100, accumulator="f64")
    if op != "rms_norm":
        case(op, shape, axes, mean=3, variance="fast")
for op, shape, axes in layers[::5]:
    for mode, zero_centered, epsilon in itertools.product(("add", "max", "outside"), (False, True), (1e-5, 0.9)):
        case(op, shape, axes, mode=mode, zero_centered=zero_centered, epsilon=epsilon)
    case(op, shape, axes, mode="outside", epsilon=0, data=3.0)
    case(op, shape, axes, mode="max", epsilon=0, data=3.0)
for x, y, p in itertools.product(TYPES, TYPES, TYPES):
    case("layer_norm", (3, 4, 37), dict(axes=(2,)), x=x, y=y, p=p, s="f64" if x == "f64" else "f32")
    case("rms_norm", (3, 4, 37), dict(axes=(1, 2)), x=x, y=y, p=p, s="f64" if x == "f64" else "f32")
report.finish(at_least=400)
