# RUN: %python %s
"""Moments that follow others, with and without a shift, a guess and a mask, of
every type; a bad guess costs accuracy only where no values came before."""

import itertools

from norm_testing import *

rng = np.random.default_rng(20262)
report = Report()

SHAPES = [((4, 700), (1,)), ((700, 5), (0,)), ((6, 3, 49), (0, 2)), ((1, 1), (1,)), ((3, 0), (1,))]
MEAN, SHIFT = 100.0, 100.5
GUESSES = {None: None, "near": 99.5, "far": 103.0}
# In units of rounding. Three standard deviations away, squares are ten times M2.
TOLERANCE = 160


def run(shape, axes, x_type, sum_type, dynamic, shift, guess, masked):
    kept = [axis for axis in range(len(shape)) if axis not in axes]
    sizes = tuple(shape[axis] for axis in kept)
    types = {"x": make_type("memref", x_type, shape, dynamic), "mask": make_type("memref", "i1", (shape[axes[-1]],), dynamic)}
    for name in ("k", "g", "n", "m", "q"):
        types[name] = make_type("memref", sum_type, sizes, dynamic)
    clauses = [f"shift(%k : {types['k']})"] * bool(shift) + [f"mask(%mask : {types['mask']})"] * masked
    clauses += [f"guess(%g : {types['g']})"] * (guess is not None)
    kernel = compile_kernel(f"""func.func @f({", ".join(f"%{n}: {t}" for n, t in types.items())}) {{
  norm.moments ins(%x : {types['x']}) {" ".join(clauses)}
      outs(%n, %m, %q : {types['n']}, {types['m']}, {types['q']})
      axes = {list(axes)} {f"mask_axes = [{axes[-1]}]" * masked}
  return
}}
""")
    storage = TYPES[sum_type].storage
    n, m, q = (np.zeros(sizes, storage) for _ in range(3))
    values = []
    for chunk in range(2):
        x = TYPES[x_type].encode(rng.normal(MEAN, 1, shape))
        mask = rng.random(shape[axes[-1]]) < 0.6 if masked else np.ones(shape[axes[-1]], bool)
        kernel([x, mask, np.full(sizes, SHIFT, storage), np.full(sizes, guess or 0, storage), n, m, q])
        chosen = np.compress(mask, TYPES[x_type].decode(x), axes[-1]).astype(np.longdouble)
        values.append(np.moveaxis(chosen, kept, range(len(kept))).reshape(*sizes, -1))
    values = np.concatenate(values, axis=-1)
    count = values.shape[-1]
    mean = values.mean(axis=-1) if count else np.zeros(sizes)
    squares = ((values - mean[..., None]) ** 2).sum(axis=-1)
    epsilon = TYPES[sum_type].epsilon
    report.compare("count", n, np.full(sizes, count), 0)
    # Without a shift, means are as large as the values.
    offset = SHIFT if shift and count else 0
    scale = 1 if shift else MEAN
    report.compare("mean", m, mean - offset, TOLERANCE * epsilon * scale)
    report.compare("m2", q, squares, TOLERANCE * epsilon * (squares + count * scale**2 * epsilon * scale))


for (shape, axes), (x_type, sum_type), dynamic, shift, guess, masked in itertools.product(
        SHAPES, (("f32", "f32"), ("f16", "f32"), ("f64", "f64")),
        (False, True), (False, True), GUESSES, (False, True)):
    title = f"{shape} {axes} {x_type} {sum_type} dynamic: {dynamic} shift: {shift} guess: {guess} masked: {masked}"
    report.case(title, lambda: run(shape, axes, x_type, sum_type, dynamic, shift, GUESSES[guess], masked))
report.finish(360)
