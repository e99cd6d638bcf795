"""Norm's ops as the adapters of peers describe them, and how they are run.

An operation knows which axes it reduces and where its parameters stand; the
reference needs no more. It also knows the text of its op and of that op's
gradient. Both are compiled for memrefs of static sizes.

Arrays go by name: x, scale, bias, running_mean, running_variance and dy, the
gradient of y, go in; y, mean, variance (of the batch or the group),
running_mean, running_variance, dx, dscale and dbias come out.
"""

import dataclasses
import functools
import os

import ml_dtypes
import norm_runner
import numpy as np

NUMPY_TYPES = {
    "f64": np.dtype(np.float64),
    "f32": np.dtype(np.float32),
    "f16": np.dtype(np.float16),
    "bf16": np.dtype(ml_dtypes.bfloat16),
}
MLIR_TYPES = {dtype: name for name, dtype in NUMPY_TYPES.items()}


class MissingOp(Exception):
    """The compiler at hand lacks an op, or one form of it, which the message
    names."""


@functools.cache
def load_library():
    return norm_runner.Library(os.environ["NORM_RUNNER_LIBRARY"])


@functools.lru_cache(maxsize=256)
def compile_kernel(text, op, form):
    """Compiles a module. Raises MissingOp if `op` is unknown or, where it stands in
    a `form` that not each release has, does not parse; and norm_runner.Error for
    all else."""
    try:
        return load_library().compile(text)
    except norm_runner.Error as error:
        if f"custom op '{op}' is unknown" in str(error):
            raise MissingOp(op) from None
        if form and "cannot be parsed" in str(error):
            raise MissingOp(f"{op} ({form})") from None
        raise norm_runner.Error(f"{error}\n{text}") from None


def call(op, clauses, attributes, arrays, form=""):
    """Compiles one op and calls it on `arrays`; it writes its results into them.

    A clause is its word and the names of its operands, and is left out where
    `arrays` lacks them. Raises MissingOp, or norm_runner.Error."""
    clauses = [clause for clause in clauses if all(n in arrays for n in clause[1:])]
    names = [name for _, *names in clauses for name in names]
    types = {
        name: f"memref<{'x'.join(map(str, [*array.shape, MLIR_TYPES[array.dtype]]))}>"
        for name in names for array in [arrays[name]]
    }
    line = op
    for word, *operands in clauses:
        values = ", ".join(f"%{name}" for name in operands)
        line += f" {word}({values} : {', '.join(types[name] for name in operands)})"
    arguments = ", ".join(f"%{name}: {type}" for name, type in types.items())
    text = f"func.func @f({arguments}) {{\n  {line} {attributes}\n  return\n}}\n"
    kernel = compile_kernel(text, op, form)
    kernel([(MLIR_TYPES[arrays[n].dtype], stored(arrays[n])) for n in names])


def stored(array):
    """The array as numpy and ctypes know it: bf16 as uint16."""
    return array.view(np.uint16) if array.dtype == NUMPY_TYPES["bf16"] else array


@dataclasses.dataclass(frozen=True, kw_only=True)
class Operation:
    """A normalization of an input of `shape`. `output` is the element type of
    the output, by default the input's."""

    shape: tuple
    epsilon: float = 1e-5
    scale: bool = True
    bias: bool = True
    output: str | None = None

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
    def inputs(self):
        """The shapes of what the op reads, by name."""
        shapes = {"x": self.shape}
        shapes |= {"scale": self.parameter_shape} if self.scale else {}
        shapes |= {"bias": self.parameter_shape} if self.bias else {}
        if self.running or self.given_statistics:
            names = ("running_mean", "running_variance")
            shapes |= dict.fromkeys(names, self.statistics_shape)
        return shapes

    def run(self, arrays):
        """Returns y, the batch's or groups' mean and variance if they are
        computed, and the updated running statistics if there are some."""
        x = arrays["x"]
        results = {"y": np.empty(x.shape, NUMPY_TYPES.get(self.output, x.dtype))}
        if not self.given_statistics:
            statistics = np.result_type(np.float32, x.dtype)
            for name in ("mean", "variance") if self.centred else ("variance",):
                results[name] = np.empty(self.statistics_shape, statistics)
        if self.running:
            for name in ("running_mean", "running_variance"):
                results[name] = arrays[name].copy()
        self._spoil(results)
        clauses = [("ins", "x"), *self.clauses, ("scale", "scale"), ("bias", "bias"),
                   ("outs", "y")]
        clauses += [("running", "running_mean", "running_variance")] * self.running
        clauses += [self.saved]
        operands = {name: arrays[name] for name in self.inputs} | results
        call(self.name, clauses, f"{self.axes} {self.attributes}", operands, self.form)
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
        operands = {n: arrays[n] for n in ("dy", "x", "scale") if n in arrays}
        if not self.scale:
            operands.pop("scale", None)
        call(self.gradient,
             [("ins", "dy", "x"), ("mean", "mean"), ("variance", "variance"),
              ("scale", "scale"), ("outs", "dx"), ("scale_gradient", "dscale"),
              ("bias_gradient", "dbias")],
             self.axes, operands | statistics | results, self.form)
        return results

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
    """One statistic for each index of the axes `features`. Unless `training`,
    the running statistics are those that are used; if `track`, training updates
    them."""

    features: tuple
    training: bool = True
    track: bool = True
    momentum: float = 0.9
    running_var_correction: int = 1

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

    @property
    def axes(self):
        return f"features = {list(self.features)} epsilon = {number(self.epsilon)}"

    @property
    def attributes(self):
        if not self.running:
            return ""
        return (f"momentum = {number(self.momentum)}"
                f" running_var_correction = {self.running_var_correction}")

    @property
    def reduced(self):
        return tuple(i for i in range(len(self.shape)) if i not in self.features)

    @property
    def parameter_axes(self):
        return self.features


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
        return f"{text} epsilon = {number(self.epsilon)}"

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
        return (f"batch = {list(self.batch)} channel = {self.channel}"
                f" epsilon = {number(self.epsilon)}")

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
        return f"{text} epsilon = {number(self.epsilon)}"

    @property
    def parameter_axes(self):
        return self.parameters or self.reduced


class RMSNorm(LayerNorm):
    """As LayerNorm, but of the mean of the squares alone; it is the variance."""

    name = "norm.rms_norm"
    gradient = "norm.rms_norm_grad"
    centred = False
    saved = ("mean_square", "variance")
