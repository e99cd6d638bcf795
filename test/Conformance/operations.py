"""Norm's ops as the adapters of peers describe them, and how they are run.

An operation knows which axes it reduces and where its parameters stand; the
reference needs no more. It also knows the text of its op and of that op's
gradient.

Arrays go by name: x, scale, bias, mask or lengths, running_mean,
running_variance and dy, the gradient of y, go in; y, mean, variance (of the
batch or the group), running_mean, running_variance, dx, dscale and dbias come
out.
"""

import dataclasses

import numpy as np

from kernels import NUMPY_TYPES, call
from masks import Mask


@dataclasses.dataclass(frozen=True, kw_only=True)
class Operation:
    """A normalization of an input of `shape`. `output` is the element type of
    the output, by default the input's; with `wide`, the accumulator is f64."""

    shape: tuple
    epsilon: float = 1e-5
    epsilon_mode: str = "add"
    scale: bool = True
    bias: bool = True
    mask: Mask | None = None
    output: str | None = None
    fast: bool = False
    wide: bool = False

    centred = True  # Whether the mean is subtracted.
    given_statistics = False  # Whether running statistics are what is used,
    running = False  # or are updated.

    # A subclass has: `name` and `gradient`, its ops; `clauses`, for the operands
    # that only its op has; `saved`, for the statistics that it returns; `axes` and
    # `attributes`, for its op and gradient and for its op alone; `form`, see
    # compile_kernel; `reduced` and `parameter_axes`, axes of the split shape.
    clauses = ()
    saved = ("statistics", "mean", "variance")
    attributes = ""
    form = ""

    @property
    def split_shape(self):
        """The shape in which an operation reduces whole axes."""
        return self.shape

    @property
    def parameter_shape(self):
        return tuple(self.split_shape[i] for i in self.parameter_axes)

    @property
    def statistics_shape(self):
        return tuple(
            s for i, s in enumerate(self.split_shape) if i not in self.reduced)

    @property
    def running_shape(self):
        return self.statistics_shape

    @property
    def inputs(self):
        """The shapes of what the op reads, by name."""
        shapes = {"x": self.shape}
        shapes |= {"scale": self.parameter_shape} if self.scale else {}
        shapes |= {"bias": self.parameter_shape} if self.bias else {}
        if self.running or self.given_statistics:
            names = ("running_mean", "running_variance")
            shapes |= dict.fromkeys(names, self.running_shape)
        return shapes

    def get_constants(self):
        """Operands that are not drawn."""
        return {}

    def write_attributes(self, own=""):
        """The attributes of the op, where `own` are those that its gradient lacks,
        in the order of the syntax."""
        parts = [self.axes, self.mask.attributes if self.mask else "",
                 f"epsilon = {number(self.epsilon)} epsilon_mode = {self.epsilon_mode}",
                 own, "accumulator = f64" * self.wide]
        return " ".join(filter(None, parts))

    def run(self, arrays):
        """Returns y, the batch's or groups' mean and variance if they are
        computed, and the updated running statistics if there are some."""
        x = arrays["x"]
        results = {"y": np.empty(x.shape, NUMPY_TYPES.get(self.output, x.dtype))}
        if not self.given_statistics:
            statistics = np.result_type(np.float64 if self.wide else np.float32, x.dtype)
            for name in ("mean", "variance") if self.centred else ("variance",):
                results[name] = np.empty(self.statistics_shape, statistics)
        if self.running:
            for name in ("running_mean", "running_variance"):
                results[name] = arrays[name].copy()
        self._spoil(results)
        clauses = [("ins", "x"), *self.clauses, ("scale", "scale"), ("bias", "bias"),
                   ("batches", "batches"), ("mask", "mask"), ("lengths", "lengths"),
                   ("outs", "y")]
        clauses += [("running", "running_mean", "running_variance")] * self.running
        clauses += [self.saved]
        names = [*self.inputs, *([self.mask.operand] if self.mask else [])]
        operands = {n: arrays[n] for n in names} | self.get_constants() | results
        own = self.attributes + " variance = fast" * (self.fast and "mean" in results)
        call(self.name, clauses, self.write_attributes(own), operands, self.form)
        return results

    def run_gradient(self, arrays):
        """Returns dx, and dscale and dbias if there are parameters. The
        statistics are those that the op returns, or is given."""
        if self.given_statistics:
            statistics = {n: arrays["running_" + n] for n in ("mean", "variance")}
        else:
            forward = self.run(arrays)
            statistics = {n: forward[n] for n in ("mean", "variance") if n in forward}
        results = {"dx": np.empty_like(arrays["x"])}
        for parameter in [n for n in ("scale", "bias") if getattr(self, n)]:
            results["d" + parameter] = np.empty_like(arrays[parameter])
        self._spoil(results)
        names = ["dy", "x", *["scale"] * self.scale]
        names += [self.mask.operand] if self.mask else []
        call(self.gradient,
             [("ins", "dy", "x"), ("mean", "mean"), ("variance", "variance"),
              ("scale", "scale"), ("mask", "mask"), ("lengths", "lengths"),
              ("outs", "dx"), ("scale_gradient", "dscale"), ("bias_gradient", "dbias")],
             self.write_attributes(),
             {n: arrays[n] for n in names} | statistics | results, self.form)
        return results

    def select(self, arrays):
        """Which values the mask selects: of the input's rank, or None."""
        return self.mask and self.mask.select(arrays[self.mask.operand], self.shape)

    @staticmethod
    def _spoil(results):
        """What an op does not write must not look right."""
        for name, array in results.items():
            if not name.startswith("running"):
                array.fill(np.nan)


def number(value):
    return f"{value:.17e}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class BatchNorm(Operation):
    """One statistic for each index of the axes `features` and, with `ghost_size`,
    for each sub-batch of as many indices of axis 0. Unless `training`, the running
    statistics are those that are used; if `track`, training updates them. With
    `batches`, as many came before, and they are the averages of all."""

    features: tuple
    training: bool = True
    track: bool = True
    momentum: float = 0.9
    batches: int | None = None
    running_var_correction: int = 1
    single: str = "keep"
    ghost_size: int | None = None
    ghost_update: str = "sequential"

    saved = ("batch", "mean", "variance")

    @property
    def name(self):
        return "norm.batch_norm_" + ("training" if self.training else "inference")

    @property
    def gradient(self):
        return "norm.batch_norm_grad" if self.training else "norm.batch_norm_inference_grad"

    @property
    def given_statistics(self):
        return not self.training

    @property
    def running(self):
        return self.training and self.track

    @property
    def clauses(self):
        return [("statistics", "running_mean", "running_variance")] * self.given_statistics

    def get_constants(self):
        if self.batches is None or not self.running:
            return {}
        return {"batches": np.array(self.batches, np.float32)}

    @property
    def axes(self):
        ghosts = f" ghost_size = {self.ghost_size}" if self.ghost_size else ""
        return f"features = {list(self.features)}{ghosts}"

    @property
    def attributes(self):
        if not self.running:
            return ""
        ghosts = f" ghost_update = {self.ghost_update}" if self.ghost_size else ""
        return (f"momentum = {number(self.momentum)}"
                f" running_var_correction = {self.running_var_correction}"
                f"{ghosts} single = {self.single}")

    @property
    def split_shape(self):
        if not self.ghost_size:
            return self.shape
        batch, *others = self.shape
        return (batch // self.ghost_size, self.ghost_size, *others)

    @property
    def running_shape(self):
        return self.parameter_shape

    @property
    def reduced(self):
        kept = {*self.parameter_axes, *([0] if self.ghost_size else [])}
        return tuple(i for i in range(len(self.split_shape)) if i not in kept)

    @property
    def parameter_axes(self):
        return tuple(axis + bool(self.ghost_size) for axis in self.features)


@dataclasses.dataclass(frozen=True, kw_only=True)
class GroupNorm(Operation):
    """One statistic for each index of the `batch` axes and each of the `groups`
    of the axis `channel`. `by` is how the op is told: num_groups or group_size.

    Parameters are for each channel, or as `affine` says: per_group, or per_member
    of all groups; and for each index of the axes `parameters`, which then has the
    channel axis."""

    channel: int
    groups: int
    batch: tuple = (0,)
    by: str = "num_groups"
    affine: str = "per_channel"
    parameters: tuple | None = None

    name = "norm.group_norm"
    gradient = "norm.group_norm_grad"

    @property
    def form(self):
        forms = ["parameters"] * bool(self.parameters)
        return ", ".join(forms + [self.affine] * (self.affine != "per_channel"))

    @property
    def axes(self):
        size = self.shape[self.channel] // self.groups
        text = (f"batch = {list(self.batch)} channel = {self.channel} {self.by} ="
                f" {self.groups if self.by == 'num_groups' else size}")
        if self.parameters:
            text += f" parameters = {list(self.parameters)}"
        if self.affine != "per_channel":
            text += f" affine = {self.affine}"
        return text

    def split(self, axis):
        """The axis of the split shape that an axis of the shape becomes."""
        return axis + (axis > self.channel)

    @property
    def split_shape(self):
        c = self.channel
        size = self.shape[c] // self.groups
        return (*self.shape[:c], self.groups, size, *self.shape[c + 1 :])

    @property
    def reduced(self):
        kept = {self.channel, *map(self.split, self.batch)}
        return tuple(i for i in range(len(self.split_shape)) if i not in kept)

    @property
    def parameter_axes(self):
        parts = {"per_channel": (0, 1), "per_group": (0,), "per_member": (1,)}
        axes = set(map(self.split, self.parameters or ())) - {self.channel}
        return tuple(sorted(axes | {self.channel + i for i in parts[self.affine]}))

    @property
    def parameter_shape(self):
        if self.affine != "per_channel":
            return super().parameter_shape
        return tuple(self.shape[i] for i in self.parameters or (self.channel,))


@dataclasses.dataclass(frozen=True, kw_only=True)
class InstanceNorm(Operation):
    """One statistic for each index of the `batch` axes and of `channel`."""

    channel: int
    batch: tuple = (0,)

    name = "norm.instance_norm"
    gradient = "norm.instance_norm_grad"

    @property
    def axes(self):
        return f"batch = {list(self.batch)} channel = {self.channel}"

    @property
    def reduced(self):
        kept = {*self.batch, self.channel}
        return tuple(i for i in range(len(self.shape)) if i not in kept)

    @property
    def parameter_axes(self):
        return (self.channel,)


@dataclasses.dataclass(frozen=True, kw_only=True)
class LayerNorm(Operation):
    """Statistics over the axes `reduced`. Parameters are for each index of these,
    or of the axes `parameters`."""

    reduced: tuple
    parameters: tuple | None = None

    name = "norm.layer_norm"
    gradient = "norm.layer_norm_grad"

    @property
    def form(self):
        return "parameters" * bool(self.parameters)

    @property
    def axes(self):
        text = f"axes = {list(self.reduced)}"
        if self.parameters:
            text += f" parameters = {list(self.parameters)}"
        return text

    @property
    def parameter_axes(self):
        return self.parameters or self.reduced


class RMSNorm(LayerNorm):
    """As LayerNorm, but of the mean of the squares alone; it is the variance."""

    name = "norm.rms_norm"
    gradient = "norm.rms_norm_grad"
    centred = False
    saved = ("mean_square", "variance")
