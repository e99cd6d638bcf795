# RUN: %python %s
"""Batch norm of sub-batches against a reference: statistics, outputs, gradients, and
running statistics that all of them update."""

from norm_gradients import *

LAYERS = [
    ((6, 5, 7), dict(features=(1,), ghost=2)),
    ((6, 7, 5), dict(features=(2,), ghost=3)),
    ((4, 3, 2, 37), dict(features=(1,), ghost=1)),
    ((8, 40), dict(features=(1,), ghost=2)),
    ((9, 4, 5), dict(features=(1, 2), ghost=3, parameters=(1,))),
    ((5, 4, 5), dict(features=(1,), ghost=5)),
    ((64, 17, 30), dict(features=(1,), ghost=16)),
    ((32, 60, 33), dict(features=(2,), ghost=8)),
    ((0, 3, 4), dict(features=(1,), ghost=2)),
    ((4, 0, 3), dict(features=(1,), ghost=2)),
    ((4, 3, 0), dict(features=(1,), ghost=2)),
]


def run_layer(c, options):
    call = make_call(c, rng)
    for name, array in call.arrays.items():
        values = make_data(rng, array.shape)
        array.set(np.abs(values) if name in ("v", "rv") else values)
    if c["batches"]:
        call.arrays["k"].set(7)
    call.arrays["x"].set(make_data(rng, c["shape"], c["mean"], c["std"]))
    set_selected(c, call, 0.5, rng)
    values = call.get_values()
    with np.errstate(all="ignore"):
        expected = expect(c, values)
    got = call.run(compile_kernel(call.text, options))
    for name in call.outputs:
        value, tolerance = expected[name]
        is_nan = np.isnan(value)
        assert np.array_equal(np.isnan(got[name]), is_nan), f"{name}: NaN in other places than expected"
        report.compare(f"{options} {name}", *(np.where(is_nan, 0, part) for part in (got[name], value, tolerance)))


def layer(shape, axes, **changes):
    c = {**OPTIONS, "op": "batch_norm_training", "shape": shape, "axes": axes, "running": True, **changes}
    for options in ("", "target=reference"):
        report.case(f"{shape} {axes} {changes} {options}", lambda: run_layer(c, options))


for (shape, axes), update in itertools.product(LAYERS, ("sequential", "average")):
    for dynamic in (False, True):
        layer(shape, axes, update=update, dynamic=dynamic)
    layer(shape, axes, update=update, mean=1e4, std=0.1, batches=True)
for (shape, axes), update in itertools.product(LAYERS[:5], ("sequential", "average")):
    for kind in ("tensor", "view", "step", "inplace"):
        layer(shape, axes, update=update, kind=kind)
    layer(shape, axes, update=update, correction=0, variance="fast")
    layer(shape, axes, update=update, running=False, statistics=False)
    for empty, single in itertools.product(("keep", "nan"), ("keep", "nan", "biased")):
        layer(shape, axes, update=update, empty=empty, single=single, mask=(0,))
    layer(shape, axes, update=update, mask=(0,), sequence=len(shape) - 1, unselected="normalize")
    layer(shape, axes, update=update, mask=tuple(range(len(shape))), batches=True, nonfinite="skip_update")
vary_shapes([("batch_norm_grad", *each) for each in LAYERS])
for each in LAYERS[:2]:
    vary_options([("batch_norm_grad", *each)])
report.finish(at_least=250)
