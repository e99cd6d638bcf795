"""The definition of an operation in extended precision, and how large an error
of its results may look.

Beside each value stands its magnitude: the sum of the absolute values of the
terms that it is the sum of. A rounding of one of these terms changes the result
by one unit in the last place of the magnitude, so errors are counted in these.
"""

import dataclasses

import numpy as np


@dataclasses.dataclass
class Exact:
    """A result of the definition, `value`, and its `magnitude`; of one shape."""

    value: np.ndarray
    magnitude: np.ndarray

    def reshape(self, shape):
        return Exact(self.value.reshape(shape), self.magnitude.reshape(shape))


class Reference:
    """All results of an `operation` on `arrays`, by name.

    Statistics are sums of values times `weights`, an array of the input's shape
    whose default is 1 / count for each selected value."""

    def __init__(self, operation, arrays, weights=None):
        self.operation = o = operation
        wide = {n: np.asarray(a, np.longdouble) for n, a in arrays.items()}
        self.arrays, self.operands = arrays, wide
        self.x = wide["x"].reshape(o.split_shape)
        statistics = [1 if i in o.reduced else s for i, s in enumerate(o.split_shape)]
        parameters = [
            s if i in o.parameter_axes else 1 for i, s in enumerate(o.split_shape)]
        self.scale = wide["scale"].reshape(parameters) if o.scale else np.longdouble(1)
        self.bias = wide["bias"].reshape(parameters) if o.bias else np.longdouble(0)
        self.select(arrays, weights)
        if o.given_statistics:
            self.mean = wide["running_mean"].reshape(statistics)
            self.variance = wide["running_variance"].reshape(statistics)
        else:
            self.mean = self.average(self.x) if o.centred else np.zeros(statistics)
            self.variance = self.average((self.x - self.mean) ** 2)
        self.rstd, self.damping = self.invert(self.variance)
        self.normal = (self.x - self.mean) * self.rstd

        self.results = self.forward()
        if o.running:
            self.results |= self.update(wide["running_mean"], wide["running_variance"])
        if "dy" in wide:
            self.results |= self.backward(wide["dy"].reshape(o.split_shape))

    def select(self, arrays, weights):
        """Sets `selected`; `count`, the number of selected values; `weights`; and
        `shown`: which outputs are not 0 whatever the input is."""
        o = self.operation
        selected = o.select(arrays)
        selected = np.broadcast_to(True if selected is None else selected, o.shape)
        self.selected = selected.reshape(o.split_shape)
        self.count = self.selected.sum(o.reduced, keepdims=True).astype(np.longdouble)
        self.weights = self.selected / np.maximum(self.count, 1)
        if weights is not None:
            self.weights = np.asarray(weights, np.longdouble).reshape(o.split_shape)
        self.shown = self.selected | bool(o.mask and o.mask.unselected == "normalize")

    def invert(self, variance):
        """The reciprocal of the standard deviation with epsilon, and how many times
        the derivative by the variance is that without an epsilon mode."""
        mode, epsilon = self.operation.epsilon_mode, np.longdouble(self.operation.epsilon)
        if mode == "max":
            return 1 / np.sqrt(np.maximum(variance, epsilon)), variance > epsilon
        if mode == "add":
            return 1 / np.sqrt(variance + epsilon), 1
        deviation = np.sqrt(variance)
        ratio = epsilon / np.where(deviation > 0, deviation, np.inf)
        return 1 / (deviation + epsilon), np.where(deviation > 0, 1 + ratio, 0)

    def sum(self, values):
        return values.sum(self.operation.reduced, keepdims=True)

    def average(self, values):
        """The mean of the selected values that share a statistic; exact where all of
        them are equal, and 0 where there are none."""
        start = np.max(values, self.operation.reduced, keepdims=True,
                       initial=-np.inf, where=self.selected)
        start = np.where(self.count > 0, start, 0)
        return start + self.sum((values - start) * self.weights)

    def forward(self):
        o = self.operation
        typical = 0 if o.given_statistics else o.centred * self.average(np.abs(self.normal))
        y = Exact(
            self.shown * (self.normal * self.scale + self.bias),
            self.shown * ((np.abs(self.normal) + typical) * np.abs(self.scale)
                          + np.abs(self.bias)))
        results = {"y": y.reshape(o.shape)}
        if not o.given_statistics:
            spread = self.average(np.abs(self.x - self.mean))
            mean = Exact(self.mean, np.abs(self.mean) + spread)
            if o.centred:
                results["mean"] = mean.reshape(o.statistics_shape)
            variance = Exact(self.variance, self.variance)
            results["variance"] = variance.reshape(o.statistics_shape)
        return results

    def update(self, running_mean, running_variance):
        """The running statistics; what has too few values stays as it is. The
        batch is one of sub-batches, of which each updates what the former ones left
        or, to be averaged, what was there."""
        o = self.operation
        batches = (-1, *o.running_shape)
        counts = self.count.reshape(batches)
        correction = o.running_var_correction
        unbiased = np.where(counts > correction,
                            counts / np.maximum(counts - correction, 1), 1)
        few = {"keep": lambda old: old, "nan": lambda old: old * np.nan,
               "biased": None}[o.single]
        results = {}
        for name, old, factors, rule in [
            ("mean", running_mean, np.ones_like(counts), None),
            ("variance", running_variance, unbiased, few),
        ]:
            batch = self.results[name].reshape(batches)
            start = exact = Exact(old, np.abs(old))
            updated = []
            for i, (count, factor) in enumerate(zip(counts, factors)):
                keep = np.longdouble(o.momentum)
                is_average = o.ghost_update == "average"
                if o.batches is not None:
                    seen = np.longdouble(o.batches + (0 if is_average else i))
                    keep = seen / (seen + 1)
                before = start if is_average else exact
                new = Exact(
                    keep * before.value + (1 - keep) * factor * batch.value[i],
                    keep * before.magnitude + (1 - keep) * factor * batch.magnitude[i])
                if rule:
                    new = choose(count > correction, new,
                                 Exact(rule(before.value), before.magnitude))
                exact = choose(count > 0, new, before)
                updated.append(exact)
            if updated and o.ghost_update == "average":
                exact = Exact(*(np.mean([getattr(u, f) for u in updated], 0)
                                for f in ("value", "magnitude")))
            results["running_" + name] = exact
        return results

    def backward(self, dy):
        """The gradients of sum(y * dy). The statistics that go into a gradient
        are rounded: `shifted` is what a unit of the mean is, seen in `normal`."""
        o = self.operation
        dy = self.shown * dy
        scaled, size = dy * self.scale, np.abs(dy * self.scale)
        normal = np.abs(self.normal)
        if o.given_statistics:
            shifted = 0
            dx = Exact(scaled * self.rstd, size * self.rstd)
        else:
            shifted = np.abs(self.mean) * self.rstd
            slope = self.damping * self.sum(scaled * self.normal)
            offset = self.sum(scaled) if o.centred else 0
            steep = self.damping * self.sum(size * normal)
            weights = self.weights
            dx = Exact(
                self.rstd * (scaled - weights * (offset + self.normal * slope)),
                self.rstd * (size + weights * (
                    o.centred * self.sum(size)
                    + normal * (steep + shifted * np.abs(self.sum(scaled)))
                    + shifted * np.abs(slope))))
        summed = tuple(i for i in range(self.x.ndim) if i not in o.parameter_axes)
        shared = tuple(i for i in summed if i in o.reduced)  # One statistic.
        shift = np.abs(dy.sum(shared, keepdims=True) * shifted)
        dscale = Exact(
            (dy * self.normal).sum(summed),
            (np.abs(dy) * normal).sum(summed) + shift.sum(summed))
        dbias = Exact(dy.sum(summed), np.abs(dy).sum(summed))
        results = {"dx": dx.reshape(o.shape)}
        if o.scale:
            results["dscale"] = dscale.reshape(o.parameter_shape)
        if o.bias:
            results["dbias"] = dbias.reshape(o.parameter_shape)
        return results

    @property
    def condition(self):
        """How many times larger than one rounding the error of a variance
        E[x^2] - E[x]^2 may be."""
        return float(np.max((1 + np.abs(self.mean) * self.rstd) ** 2, initial=1))


def choose(condition, exact, other):
    """`exact` where the condition holds, and `other` elsewhere."""
    return Exact(np.where(condition, exact.value, other.value),
                 np.where(condition, exact.magnitude, other.magnitude))
