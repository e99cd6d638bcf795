"""A model of the layers for tests: which axes have a statistic each, which have
parameters, and how an op says it.

The channel axis of a group norm is split in two, groups and members, and the first
axis of a batch norm in sub-batches and their members, so that all of it is a matter of
axes.
"""

import numpy as np


def list_axes(axes):
    return f"[{', '.join(map(str, axes))}]"


class Layer:
    """One layer on an input of shape `shape`.

    `kind` is batch (with `features`, and `ghost` members of a sub-batch), group (`channel`, `groups`, `batch`, `by`),
    instance (`channel`, `batch`), layer or rms (`axes`). `parameters` are the axes of
    scale and bias, if they are not those of the layer by default, and `affine` what
    has a parameter along the channel axis of a group norm.
    """

    def __init__(self, kind, shape, parameters=None, affine=None, **axes):
        self.kind, self.whole = kind, tuple(shape)
        rank = len(shape)
        channel, groups = axes.get("channel"), axes.get("groups")
        ghost, divided = axes.get("ghost"), {}
        if kind == "batch":
            statistics = default = axes["features"]
            text = f"features = {list_axes(statistics)}"
            if ghost:
                statistics, divided = [0, *statistics], {0: (shape[0] // ghost, ghost)}
        elif kind in ("group", "instance"):
            batch = axes.get("batch", (0,))
            statistics, default = sorted([*batch, channel]), (channel,)
            text = f"batch = {list_axes(batch)} channel = {channel}"
        else:
            default = axes["axes"]
            statistics = [a for a in range(rank) if a not in default]
            text = f"axes = {list_axes(default)}"
        if kind == "group":
            by = axes.get("by", "num_groups")
            text += f" {by} = {groups if by == 'num_groups' else shape[channel] // groups}"
            divided = {channel: (groups, shape[channel] // groups)}
        if parameters is not None:
            text += f" parameters = {list_axes(parameters)}"
        if affine:
            text += f" affine = {affine}"
        if ghost:
            text += f" ghost_size = {ghost}"
        self.attributes = text
        parameters = default if parameters is None else parameters

        # Each axis as those that it becomes, and its parts.
        self.shape, parts = [], {}
        for axis, size in enumerate(shape):
            first = len(self.shape)
            if axis in divided:
                self.shape += divided[axis]
                parts[axis] = dict(statistics=[first], per_channel=[first, first + 1],
                                   per_group=[first], per_member=[first + 1])
            else:
                self.shape.append(size)
                parts[axis] = {}
            parts[axis].setdefault("statistics", [first])
            parts[axis].setdefault("parameters", parts[axis].get(affine or "per_channel", [first]))
        self._statistics = [parts[a]["statistics"] for a in statistics]
        self._features = [parts[a]["statistics"] for a in statistics if a not in divided]
        self._parameters = [parts[a]["parameters"] for a in parameters]
        both = [*self._parameters, *(parts[a]["statistics"] for a in statistics if a not in parameters)]
        self._both = sorted(both)
        self.reduced = self._others(self._statistics)

    # Sizes of operands.

    def _sizes(self, dims):
        return [int(np.prod([self.shape[a] for a in dim], dtype=np.int64)) for dim in dims]

    @property
    def statistics_sizes(self):
        return self._sizes(self._statistics)

    @property
    def feature_sizes(self):
        """The sizes of statistics but for groups."""
        return self._sizes(self._features)

    @property
    def parameter_sizes(self):
        return self._sizes(self._parameters)

    def gradient_sizes(self, per_sample=False):
        return self._sizes(self._both if per_sample else self._parameters)

    # Operands in the axes of the model, and back.

    def _others(self, dims):
        return tuple(a for a in range(len(self.shape)) if not any(a in dim for dim in dims))

    def _spread(self, values, dims):
        others = self._others(dims)
        sizes = [1 if a in others else s for a, s in enumerate(self.shape)]
        return values.astype(np.longdouble).reshape(sizes)

    def split(self, values):
        return values.reshape(self.shape)

    def merge(self, values):
        return values.reshape(self.whole)

    def select(self, limits, axes, sequence=None):
        """Which elements a mask selects that has the axes `axes`; or lengths along the
        axis `sequence`."""
        sizes = [size if axis in axes else 1 for axis, size in enumerate(self.whole)]
        # An element of a mask is 0 or 1: without a sequence, all are at its start.
        positions = 0 if sequence is None else np.indices(self.whole, sparse=True)[sequence]
        return self.split(np.broadcast_to(positions < limits.reshape(sizes), self.whole))

    def spread_statistics(self, values):
        return self._spread(values, self._statistics)

    def spread_parameters(self, values):
        return self._spread(values, self._parameters)

    def sum_parameters(self, values, per_sample=False):
        """Sums elements over all axes that a parameter does not have."""
        dims = self._both if per_sample else self._parameters
        return values.sum(self._others(dims)).reshape(self._sizes(dims))


def rstd_of(variance, epsilon, mode="add"):
    """The reciprocal of what an input is divided by, and 0 where that is 0."""
    variance, epsilon = variance.astype(np.longdouble), np.longdouble(epsilon)
    divisor = {"add": lambda: np.sqrt(variance + epsilon), "max": lambda: np.sqrt(np.maximum(variance, epsilon)),
               "outside": lambda: np.sqrt(variance) + epsilon}[mode]()
    return np.where(divisor == 0, 0, 1 / np.where(divisor == 0, 1, divisor))


def slope_of(variance, rstd, epsilon, mode="add"):
    """-2 / rstd times the derivative of rstd in the variance."""
    if mode == "add":
        return rstd**2
    if mode == "max":
        return np.where(variance > epsilon, rstd**2, 0)
    return np.where(variance == 0, 0, rstd / np.sqrt(np.where(variance == 0, 1, variance)))
