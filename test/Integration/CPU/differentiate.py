# RUN: %python %s
"""Gradients and Jacobian products of whole functions, compiled, against central
differences of a model in extended precision."""

import itertools

from norm_derivatives import *


def first(kind, shape, axes, constants=(), **options):
    def run():
        function = Function(kind, shape, axes, **options)
        check(function.text, function.model, function.arguments, constants)

    report.case(f"{kind} {shape} {axes} {options} {constants}", run)


for i, layer in enumerate(LAYERS):
    for dynamic in (False, True):
        first(*layer, dynamic=dynamic)
    for j in range(2):
        first(*layer, after=list(AFTER)[(i + 3 * j) % len(AFTER)])
    first(*layer, scale=False, bias=False, after="residual")
    first(*layer, bias=False, after="tanh", constants=(1,))
    if layer[0] != "inference":
        first(*layer, saves=True, after="tanh")
for layer, correction in itertools.product(LAYERS[:3], (0, 1)):
    first(*layer, running=correction, saves=True, dynamic=correction == 0)
MASKED = [
    (LAYERS[0], dict(axes=(0, 2))),
    (LAYERS[1], dict(axes=(0,), sequence=2)),
    (LAYERS[3], dict(axes=(0, 2))),
    (LAYERS[5], dict(axes=(0,), sequence=2)),
    (LAYERS[6], dict(axes=(0, 1, 2))),
    (LAYERS[11], dict(axes=(2,))),
    (LAYERS[14], dict(axes=(0,), sequence=1)),
    (LAYERS[15], dict(axes=(0, 2))),
]
for (layer, mask), rule in itertools.product(MASKED, ("zero", "normalize")):
    first(*layer, mask={**mask, "unselected": rule}, after="tanh", dynamic=rule == "zero")
first(*LAYERS[0], mask=MASKED[0][1], running=1, saves=True)
for i, (shape, axes) in enumerate((((4, 3, 5), dict(features=(1,), ghost=2)), ((6, 2, 3), dict(features=(2,), ghost=2)),
                                   ((3, 2, 4), dict(features=(1,), ghost=1)), ((3, 2, 4), dict(features=(1,), ghost=3)))):
    first("batch", shape, axes, after="tanh", dynamic=i == 1)
    first("batch", shape, axes, running=i % 2, saves=True, dynamic=i == 0)
for layer in LAYERS[3:5]:
    first(*layer, constants=(1, 2), after="tanh", dynamic=True)  # As a layer with constant statistics.

# ===----------------------------------------------------------------------===#
# Element types
# ===----------------------------------------------------------------------===#


def typed(kind, shape, axes, element):
    """Derivatives in another type are those in f64 of the same numbers, rounded
    as often as there are results on the way."""

    def run():
        function = Function(kind, shape, axes, after="tanh")
        stored = TYPES[element]
        values = [stored.encode(a) for a in function.arguments]
        values.append(stored.encode(make_data(rng, shape)))
        exact = [stored.decode(v) for v in values]
        shapes = [a.shape for a in function.arguments]
        module = differentiate(function.text, "function=f")
        expected = call(module, "f_gradient", exact, shapes)
        got = [stored.encode(np.zeros(s)) for s in shapes]
        module = differentiate(function.text.replace("f64", element), "function=f")
        compile_kernel(module, entry="f_gradient")([(element, v) for v in values], [(element, g) for g in got])
        compare(f"gradient {element}", [stored.decode(g) for g in got], expected, 16 * stored.epsilon)

    report.case(f"{kind} {shape} {axes} {element}", run)


for layer, element in itertools.product(LAYERS[::3], ("f32", "f16", "bf16")):
    typed(*layer, element)


def frozen():
    """Scale and bias of a frozen layer get zeros, the input its gradient."""
    shape, axes = LAYERS[3][1:]
    free = Function("inference", shape, axes)
    still = Function("inference", shape, axes, frozen=True)
    cotangents = [make_data(rng, shape)]
    got = [call(differentiate(f.text, "function=f"), "f_gradient", [*free.arguments, *cotangents],
                [a.shape for a in free.arguments]) for f in (free, still)]
    for name, a, b in zip(free.names, *got):
        assert np.array_equal(b, np.zeros_like(b) if name in "gb" else a), name
        assert np.any(a), name


report.case("frozen", frozen)
report.finish(at_least=137)
