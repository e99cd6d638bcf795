# RUN: %python %s
"""The gradients of batch norm against a reference, over shapes, layouts, element
types, which gradients are wanted and how the statistics are given."""

from norm_gradients import *

OPS = ("batch_norm_grad", "batch_norm_inference_grad")
SHAPES = [
    ((2, 3, 5, 7), (1,)), ((32, 40, 33), (1,)), ((5, 20, 56, 57), (1,)), ((33, 129, 65), (2,)),
    ((3000, 77), (1,)), ((6, 4, 9, 67), (0, 2)), ((9, 5, 40), (0,)), ((3, 1, 65537), (1,)),
    ((200, 300, 3), (2,)), ((1, 1), (1,)), ((1, 5, 1, 1), (1,)), ((0, 3, 4), (1,)), ((2, 0, 4), (1,)),
    ((16, 17), (0, 1)),
]
layers = [(op, shape, dict(features=features)) for op in OPS for shape, features in SHAPES]
# Parameters on other axes than the features.
layers += [
    (OPS[0], (4, 6, 5), dict(features=(1,), parameters=(0, 1))),
    (OPS[0], (4, 6, 50), dict(features=(1,), parameters=(2,))),
    (OPS[0], (16, 6, 5), dict(features=(1,), parameters=())),
    (OPS[0], (9, 5, 6), dict(features=(2,), parameters=(1,))),
    (OPS[1], (4, 6, 5), dict(features=(1,), parameters=(0, 1))),
    (OPS[1], (30, 6, 5), dict(features=(2,), parameters=(0,))),
]
vary_shapes(layers)
vary_options([layer for layer in layers if 0 < np.prod(layer[1]) < 2000])
vary_types(OPS[0], (3, 4, 37), dict(features=(1,)))
vary_types(OPS[1], (30, 4, 7), dict(features=(2,)))
report.finish(at_least=400)
