# RUN: %python %s
"""The gradient of group norm against a reference, over shapes, layouts, groups,
affine forms, element types, and what is wanted and given."""

from norm_gradients import *

OP = "group_norm_grad"
SHAPES = [
    # Shape, channel, groups, batch axes.
    ((2, 6, 5, 7), 1, 3, (0,)), ((4, 32, 31, 33), 1, 8, (0,)), ((3, 33, 12), 2, 3, (0,)),
    ((5, 19, 23, 64), 3, 16, (0,)), ((9, 40), 1, 5, (0,)), ((300, 96), 1, 1, (0,)), ((7, 33), 1, 33, (0,)),
    ((2, 16, 3, 3), 1, 1, (0,)), ((2, 16, 3, 3), 1, 16, (0,)), ((6, 4, 9, 67), 2, 3, (0, 1)),
    ((6, 8, 9), 1, 2, ()), ((6, 8, 9), 2, 3, ()), ((1, 4, 1), 1, 2, (0,)), ((0, 4, 3), 1, 2, (0,)),
    ((2, 4, 0), 1, 2, (0,)), ((3, 12, 11), 1, 4, (0, 2)),
]
layers = [(OP, shape, dict(channel=channel, groups=groups, batch=batch))
          for shape, channel, groups, batch in SHAPES]
vary_options([layer for layer in layers if 0 < np.prod(layer[1]) < 2000])
layers += [(OP, (4, 6, 7), dict(channel=1, groups=3, parameters=parameters))
           for parameters in ((), (2,), (0, 1), (1, 2))]
for shape, channel, groups in (((4, 6, 7), 1, 3), ((4, 7, 6), 2, 3), ((9, 6), 1, 2), ((4, 6, 7), 1, 1),
                               ((4, 7, 6), 2, 6), ((12, 3, 5, 8), 3, 2)):
    for affine, parameters in itertools.product(
            ("per_group", "per_member"), (None, (0, channel), tuple(range(1, len(shape))))):
        axes = dict(channel=channel, groups=groups, affine=affine, parameters=parameters)
        layers.append((OP, shape, axes))
        case(OP, shape, axes, per_sample=True)
vary_shapes(layers)
vary_shapes([(OP, shape, {**axes, "by": "group_size"}) for _, shape, axes in layers[:4]])
vary_types(OP, (3, 4, 37), dict(channel=1, groups=2))
report.finish(at_least=400)
