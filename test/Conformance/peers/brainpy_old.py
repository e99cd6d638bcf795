"""BrainPy's group norm of the former node API, as its documentation defines it, in
numpy: the release that is installed has another one."""

import numpy as np

from operations import GroupNorm
from suite import DATA, Case, Layer, grid


def group_norm(x, scale, bias, *, num_groups, axis, epsilon):
    """Returns y. x, y: (N, d1, ..., dk, C); scale, bias, which may be None: (d1, ...,
    dk, C / num_groups). `axis` are those of the data, besides the group's, that are
    reduced."""
    groups = x.reshape(*x.shape[:-1], num_groups, -1)
    reduced = (*axis, groups.ndim - 1)
    mean = groups.mean(reduced, keepdims=True)
    variance = groups.var(reduced, keepdims=True)
    y = (groups - mean) / np.sqrt(variance + x.dtype.type(epsilon))
    y = y if scale is None else y * scale[..., None, :]
    y = y if bias is None else y + bias[..., None, :]
    return y.reshape(x.shape)


class OldGroupNorm(Layer):
    system = "BrainPy (old)"
    name = "GroupNorm"
    varied = "num_groups, group_size, axis, epsilon, use_bias, use_scale"
    left_out = "gradients: the documentation defines none"
    note = "the documented formula of the former node API in numpy"
    gradients = False

    def cases(self, quick):
        for shape, groups, axes in [
            ((2, 5, 7, 6), [3, 1, 6], [(1, 2), (1,), (2,)]),
            ((3, 13, 8), [4], [(1,), ()]), ((5, 12), [3], [()]),
            ((2, 3, 4, 5, 4), [2], [(1, 2, 3), (2, 3)]),
        ]:
            for arguments in grid(
                {}, quick, groups=groups, by=["num_groups", "group_size"], axis=axes,
                use_bias=[True, False], use_scale=[True, False], epsilon=[1e-5, 1e-3],
            ):
                for data in DATA:
                    yield Case(shape, arguments, data)

    def run(self, case, arrays):
        y = group_norm(arrays["x"], arrays.get("scale"), arrays.get("bias"),
                       num_groups=case.groups, axis=case.axis, epsilon=case.epsilon)
        return {"y": y}

    def describe(self, case):
        channel = len(case.shape) - 1
        return GroupNorm(
            shape=case.shape, channel=channel, groups=case.groups, by=case.by,
            batch=tuple(a for a in range(channel) if a not in case.axis),
            affine="per_member", parameters=tuple(range(1, channel + 1)),
            epsilon=case.epsilon, scale=case.use_scale, bias=case.use_bias)


LAYERS = [OldGroupNorm()]
