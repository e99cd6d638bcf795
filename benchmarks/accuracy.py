"""Errors of the output against float64, for inputs of several distributions."""

import dataclasses

from arrays import Arrays, to_nchw
from cells import ACCURACY
from reference import max_error, max_ulp, reference

DISTRIBUTIONS = [(0.0, 1.0), (1e4, 1.0), (100.0, 0.1)]  # Mean, standard deviation.
ERROR_FLOOR = 2.0  # times PyTorch's
ULP_FLOOR = 2


def list_cells(only):
    """Returns the cells and distributions whose name has `only` in it."""
    return [
        (typed, distribution)
        for cell in ACCURACY
        for type in ("f32", "f16", "bf16")
        for typed in [dataclasses.replace(cell, type=type)]
        if only in str(typed)
        for distribution in DISTRIBUTIONS
    ]


def measure_accuracy(cell, distribution, norm, peers):
    """Returns one row of the table of errors: the largest absolute error of the
    output. PyTorch runs on the same values with the channels second."""
    arrays = Arrays.random(cell, *distribution)
    kernel = norm.prepare(cell, own := arrays.fork())
    expected = reference(cell, arrays)["output"]
    output = to_nchw(kernel.results(kernel.run())[0], cell)
    row = {
        "cell": str(cell),
        "mean": distribution[0],
        "std": distribution[1],
        "ours": max_error(output, expected),
    }
    if cell.type != "f32":
        row["ulp"] = max_ulp(output, expected)
        return row | {"passed": row["ulp"] <= ULP_FLOOR}
    row["peers"] = {}
    for peer in peers:
        if peer.name == "PyTorch":
            moved, own = arrays.convert(cell, "NCHW")
            kernel = peer.prepare(moved, own)
            output = kernel.results(kernel.run())[0]
            row["peers"][peer.name] = max_error(to_nchw(output, moved), expected)
    best = min(row["peers"].values(), default=float("inf"))
    return row | {"passed": row["ours"] <= ERROR_FLOOR * best}
