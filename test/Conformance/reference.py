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
    """All results of an `operation` on `arrays`, by name."""

    def __init__(self, operation, arrays):
        self.operation = o = operation
        wide = {n: np.asarray(a, np.longdouble) for n, a in arrays.items()}
        self.operands = wide
        self.x = wide["x"].reshape(o.split_shape)
        self.count = int(np.prod([o.split_shape[i] for i in o.reduced], dtype=np.int64))
        statistics = [1 if i in o.reduced else s for i, s in enumerate(o.split_shape)]
        parameters = [
            s if i in o.parameter_axes else 1 for i, s in enumerate(o.split_shape)]
        self.scale = wide["scale"].reshape(parameters) if o.scale else np.longdouble(1)
        self.bias = wide["bias"].reshape(parameters) if o.bias else np.longdouble(0)
        if o.given_statistics:
            self.mean = wide["running_mean"].reshape(statistics)
            self.variance = wide["running_variance"].reshape(statistics)
        else:
            self.mean = self.average(self.x) if o.centred else np.zeros(statistics)
            self.variance = self.average((self.x - self.mean) ** 2)
        self.rstd = 1 / np.sqrt(self.variance + np.longdouble(o.epsilon))
        self.normal = (self.x - self.mean) * self.rstd

        self.results = self.forward()
        if o.running:
            self.results |= self.update(wide["running_mean"], wide["running_variance"])
        if "dy" in wide:
            self.results |= self.backward(wide["dy"].reshape(o.split_shape))

    def average(self, values):
        """The mean over the reduced axes; exact where all values are equal."""
        first = values[tuple(
            slice(0, 1) if i in self.operation.reduced else slice(None)
            for i in range(values.ndim))]
        return first + (values - first).mean(self.operation.reduced, keepdims=True)

    def forward(self):
        o = self.operation
        typical = 0 if o.given_statistics else o.centred * self.average(np.abs(self.normal))
        y = Exact(
            self.normal * self.scale + self.bias,
            (np.abs(self.normal) + typical) * np.abs(self.scale) + np.abs(self.bias))
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
        """The running statistics; what has too few values stays as it is."""
        o, keep = self.operation, np.longdouble(self.operation.momentum)
        results = {}
        for name, old, batch, least, factor in [
            ("mean", running_mean, self.results["mean"], 0, 1),
            ("variance", running_variance, self.results["variance"],
             o.running_var_correction,
             np.longdouble(self.count) / max(self.count - o.running_var_correction, 1)),
        ]:
            if self.count > least:
                new = Exact(
                    keep * old + (1 - keep) * factor * batch.value,
                    keep * np.abs(old) + (1 - keep) * factor * batch.magnitude)
            else:
                new = Exact(old, np.abs(old))
            results["running_" + name] = new
        return results

    def backward(self, dy):
        """The gradients of sum(y * dy). The statistics that go into a gradient
        are rounded: `shifted` is what a unit of the mean is, seen in `normal`."""
        o = self.operation
        scaled, size = dy * self.scale, np.abs(dy * self.scale)
        normal = np.abs(self.normal)
        if o.given_statistics:
            shifted = 0
            dx = Exact(scaled * self.rstd, size * self.rstd)
        else:
            shifted = np.abs(self.mean) * self.rstd
            slope = self.average(scaled * self.normal)
            offset = self.average(scaled) if o.centred else 0
            steep = self.average(size * normal)
            dx = Exact(
                self.rstd * (scaled - offset - self.normal * slope),
                self.rstd * (size + o.centred * self.average(size)
                             + normal * (steep + shifted * np.abs(self.average(scaled)))
                             + shifted * np.abs(slope)))
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
