# RUN: %python %s
"""The gradients of instance, layer and RMS norm against a reference, over shapes,
axes, element types, and what is wanted and given."""

from norm_gradients import *

layers = [("instance_norm_grad", shape, dict(channel=channel)) for shape, channel in (
    ((2, 6, 5, 7), 1), ((9, 40, 8), 2), ((5, 20, 33, 31), 1), ((4, 3), 1), ((20, 7, 1), 1), ((0, 3, 4), 1))]
layers += [(op, shape, dict(axes=axes)) for op in ("layer_norm_grad", "rms_norm_grad") for shape, axes in (
    ((5, 33), (1,)), ((3, 17, 70), (2,)), ((4, 5, 6, 7), (1, 2, 3)), ((40, 769), (1,)), ((8, 3, 9), (1,)),
    ((6, 5, 4), (0, 2)), ((7, 300), (0,)), ((3, 4), (0, 1)), ((3, 1), (1,)), ((0, 5), (1,)), ((5, 0), (1,)))]
layers += [
    ("instance_norm_grad", (4, 3, 9), dict(channel=1, parameters=(0, 1))),
    ("layer_norm_grad", (12, 3, 9, 5), dict(axes=(1, 2, 3), parameters=(1,))),
    ("layer_norm_grad", (12, 3, 9), dict(axes=(2,), parameters=(0, 2))),
    ("layer_norm_grad", (12, 5, 7), dict(axes=(1,), parameters=(0, 1))),
    ("rms_norm_grad", (12, 3, 9), dict(axes=(1, 2), parameters=(1,))),
]
vary_shapes(layers)
vary_options([layers[0], layers[1], layers[6], layers[8], layers[-3]])
vary_options([layer for layer in layers if layer[0] == "rms_norm_grad"][:2])
vary_types("rms_norm_grad", (3, 4, 37), dict(axes=(2,)))
report.finish(at_least=250)
