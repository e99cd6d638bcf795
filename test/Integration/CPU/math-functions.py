# RUN: %python %s
"""Functions of the math dialect, in units in the last place of what Python's math module gives."""

import math

import numpy as np

from norm_testing import *

rng = np.random.default_rng(20267)
report = Report()
# How far f32 and f64 may be off. What is computed in f32 for f16 and bf16 is rounded once.
FUNCTIONS = {
    "exp": (math.exp, 5, 2), "expm1": (math.expm1, 5, 2), "log": (math.log, 2, 2), "log1p": (math.log1p, 3, 2),
    "log2": (math.log2, 3, 2), "tanh": (math.tanh, 5, 4), "erf": (math.erf, 5, 2), "erfc": (math.erfc, 4, 4),
    "sin": (math.sin, 1, 1), "cos": (math.cos, 1, 1), "sqrt": (math.sqrt, 1, 1), "cbrt": (math.cbrt, 1, 4), "absf": (abs, 0, 0),
}
# Of NaN, 0, and the infinities.
nan, inf = np.nan, np.inf
SPECIAL = {
    "exp": [nan, 1, inf, 0], "expm1": [nan, 0, inf, -1], "log": [nan, -inf, inf, nan], "log1p": [nan, 0, inf, nan],
    "log2": [nan, -inf, inf, nan], "tanh": [nan, 0, 1, -1], "erf": [nan, 0, 1, -1],
}


def run(name, element):
    function, *limits = FUNCTIONS[name]
    kind = TYPES[element]
    values = np.concatenate([scale * rng.standard_normal(1001) for scale in (1e-4, 0.1, 1, 4, 30)])
    if name.startswith("log") or name == "sqrt":
        values = np.abs(values) + (-0.99 if name == "log1p" else 1e-4)
    x = kind.encode(values)
    y = np.empty(x.shape, kind.storage)
    text = f"func.func @f(%x: tensor<?x{element}>) -> tensor<?x{element}> {{\n"
    text += f"  %y = math.{name} %x : tensor<?x{element}>\n  return %y : tensor<?x{element}>\n}}\n"
    compile_kernel(text)([(element, x)], [(element, y)])
    exact = np.array([function(v) for v in kind.decode(x).tolist()])
    # Subnormal results may be 0, and some do not fit.
    normal = (np.abs(exact) < kind.largest) & ((np.abs(exact) >= 2.0**kind.min_exponent) | (exact == 0))
    units = {"f32": limits[0], "f64": limits[1]}.get(element, 0.51)
    tolerance = units * kind.spacing(exact[normal])
    report.compare(f"{name} of {element}", kind.decode(y)[normal], exact[normal], tolerance)
    if element != "bf16" and name in SPECIAL:
        x = np.array([np.nan, 0, np.inf, -np.inf], kind.storage)
        y = np.empty(x.shape, kind.storage)
        compile_kernel(text)([(element, x)], [(element, y)])
        assert np.array_equal(y, np.array(SPECIAL[name], kind.storage), equal_nan=True), f"{name} of {x} is not {y}"


for name in FUNCTIONS:
    for element in TYPES:
        report.case(f"{name} of {element}", lambda: run(name, element))
report.finish(at_least=52)
