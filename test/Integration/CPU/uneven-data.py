# RUN: %python %s
"""Statistics where some values are far from the others: the first ones, of
which shifts and guesses are made, one chunk or every second one, and where each
chunk is further away. They are as accurate as where values are alike."""

import itertools

from norm_testing import *

rng = np.random.default_rng(20261)
report = Report()

SAMPLES, FEATURES = 48, 2
EPSILON = 2.0**-24
# What sums of some hundred values in f32 lose, in units of rounding; more where
# all of them are small beside one, and rounded to its spacing.
TOLERANCE = 20
LOOSE = {"first_value": 128, "further_away": 64}
PIPELINES = {
    "default": "",
    "chunks": "pipeline={chunk-size=64 chunk-rows=8}",
    "parts": "pipeline={chunk-size=64 chunk-rows=8 part-size=512 min-slabs=1000000}",
}


def first_values(x):
    x.reshape(-1)[:16] += 1e4


def first_value(x):
    x.reshape(-1)[0] += 1e6


def first_samples(x):
    x[:2] += 1e4


def last_value(x):
    x.reshape(-1)[-1] -= 1e6


def one_sample(x):
    x[SAMPLES // 2] += 1e4


def every_second(x):
    x[::2] += 1e4


def further_away(x):
    x += 2.0 ** np.linspace(0, 24, SAMPLES)[:, None]


PATTERNS = [first_values, first_value, first_samples, last_value, one_sample, every_second, further_away]


def run(spread, values, features_last, mean, options, dynamic):
    """Compares the statistics of `values` for each sample and feature."""
    x = np.empty((SAMPLES, FEATURES, values), np.float32)
    for feature in range(FEATURES):
        data = rng.normal(mean, 1, (SAMPLES, values))
        spread(data)
        x[:, feature] = data
    exact = x.astype(np.longdouble)
    if features_last:
        x = np.ascontiguousarray(np.moveaxis(x, 1, 2))
    type = make_type("memref", "f32", x.shape, dynamic)
    kernel = compile_kernel(
        f"""func.func @f(%x: {type}, %y: {type}, %mean: memref<2xf32>, %variance: memref<2xf32>) {{
  norm.batch_norm_training ins(%x : {type}) outs(%y : {type}) batch(%mean, %variance : memref<2xf32>, memref<2xf32>)
      features = [{2 if features_last else 1}]
  return
}}
""", options)
    got = [np.zeros(FEATURES, np.float32) for _ in range(2)]
    kernel([x, np.empty_like(x), *got])
    variance = exact.var(axis=(0, 2))
    tolerance = EPSILON * LOOSE.get(spread.__name__, TOLERANCE)
    report.compare("variance", got[1], variance, tolerance * variance)
    # Means are held by their distance from the first values.
    expected = exact.mean(axis=(0, 2))
    report.compare("mean", got[0], expected, tolerance * np.sqrt(variance) + 2 * EPSILON * abs(exact).max(axis=(0, 2)))


for spread, values, last, mean, name, dynamic in itertools.product(
        PATTERNS, (1, 7, 170, 20001), (False, True), (0, 1e3), PIPELINES, (False, True)):
    title = f"{spread.__name__} {values} features last: {last} mean {mean} {name} dynamic: {dynamic}"
    report.case(title, lambda: run(spread, values, last, mean, PIPELINES[name], dynamic))
report.finish(600)
