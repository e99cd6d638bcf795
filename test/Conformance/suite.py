"""What an adapter of a peer is made of, and how one case of it is checked."""

import dataclasses
import itertools
import zlib
from collections.abc import Callable

import ml_dtypes
import numpy as np

from kernels import MLIR_TYPES, NUMPY_TYPES, MissingOp
from masks import Mask
from reference import Reference

# Norm's largest error may be SHARE times the peer's and a floor, and at most a
# cap, in units in the last place of the magnitude: (floor, cap) below. An error of
# the mean shows in each element. A 16-bit result is computed in f32, so that only
# its own rounding is left.
SHARE = 2.0
LIMITS = {"f64": (8.0, 16.0), "f32": (8.0, 16.0), "f16": (1.0, 1.0), "bf16": (1.0, 1.0)}
# The float64 results of a peer are the definition's, but for this many
# roundings, times those of an unstable variance.
ROUNDINGS = 256
# A peer that has no float64 has to come this close on centred data.
NEAR = 1000.0

GROUPS = {
    "output": ("y",),
    "statistics": ("mean", "variance", "running_mean", "running_variance"),
    "gradients": ("dx", "dscale", "dbias"),
}


class Mismatch(Exception):
    """A case that does not conform; the message says what and where."""


@dataclasses.dataclass(frozen=True)
class Data:
    """Values of the input: `mean` + `std` * a normal distribution."""

    mean: float
    std: float

    @property
    def centred(self):
        return self.mean == 0

    def __str__(self):
        return f"mean {self.mean:g} std {self.std:g}" if self.std else f"constant {self.mean:g}"


CENTRED = Data(0.0, 1.0)
DATA = (CENTRED, Data(1e4, 1.0), Data(1e4, 0.1), Data(1e4 / 3, 0.0))


@dataclasses.dataclass(frozen=True)
class Case:
    """Arguments of a layer, and what it is called on: `type` is that of the
    input, `parameters` that of all else. `mask` is an argument of the call."""

    shape: tuple
    arguments: dict
    data: Data = CENTRED
    type: str = "f32"
    parameters: str = "f32"
    mask: Mask | None = None

    def __getattr__(self, name):
        try:
            return self.__dict__["arguments"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __str__(self):
        arguments = ", ".join(f"{n}={v}" for n, v in self.arguments.items())
        text = f"{'x'.join(map(str, self.shape))} {self.type} {self.data} ({arguments})"
        return f"{text}, {self.mask}" if self.mask else text

    def make_arrays(self, operation):
        """The operands of `operation`, and dy; the same in each run."""
        rng = np.random.default_rng(zlib.crc32(str(self).encode()))
        data = self.data
        arrays = {}
        for name, shape in {**operation.inputs, "dy": self.shape}.items():
            values = rng.standard_normal(shape)
            if name in ("x", "running_mean"):
                values = data.mean + data.std * values
            elif name == "running_variance":
                values = (data.std or 1) ** 2 * (0.5 + rng.random(shape))
            elif name == "scale":
                values = 1 + 0.5 * values
            type = self.type if name in ("x", "dy") else self.parameters
            arrays[name] = values.astype(NUMPY_TYPES[type])
        if self.mask:
            arrays[self.mask.operand] = self.mask.draw(rng, self.shape)
        return arrays


def grid(defaults, quick=False, **choices):
    """Combinations of `choices` as arguments, of which at most two, or one if
    `quick`, are not the first of their choices."""
    names = list(choices)
    for chosen in itertools.product(*choices.values()):
        changed = sum(c != choices[n][0] for n, c in zip(names, chosen))
        if changed <= (1 if quick else 2):
            yield {**defaults, **dict(zip(names, chosen))}


@dataclasses.dataclass(frozen=True)
class Difference:
    """Where a peer is different by design, and why; `text` is printed.

    `applies` says for which cases. There, the peer raises `raises`, or its
    results are those that `peer` returns for a Reference, by name; if it returns
    none, there is no difference."""

    text: str
    applies: Callable
    peer: Callable = lambda reference: {}
    raises: type | None = None


class Layer:
    """A layer of a peer.

    A subclass has `name`, `cases(quick)`, `describe(case)`, which is an Operation,
    and `run(case, arrays)`, which returns the peer's results by name, for arrays
    of float32, of the case's types or, unless `float64` is false, of float64."""

    system = ""
    varied = ""  # Parameters that the cases cover.
    left_out = ""  # Parameters that they do not, and why.
    note = ""
    differences = ()
    defaults = {}  # Documented ones, of the constructor: it is not passed these.
    float64 = True
    gradients = True  # Whether the peer has them.


def omit_defaults(arguments, defaults):
    """The arguments that a peer has to be passed if its defaults are these."""
    return {n: v for n, v in arguments.items() if n not in defaults or v != defaults[n]}


def is_fast(case):
    """Whether Norm takes the variance as the peer does: only where that has digits, of
    enough values around 0."""
    few = case.mask and case.mask.drawn == "few"
    return case.use_fast_variance and case.data.centred and not few


def round_attribute(value):
    """What a format keeps of a number that it stores as a float32."""
    return float(np.float32(value))


def make_float64(arrays):
    """Widens all arrays but a mask or lengths."""
    return {name: array if array.dtype.kind in "bi" else array.astype(np.float64)
            for name, array in arrays.items()}


def count_units(result, exact):
    """The largest error in units in the last place of the magnitude, in the type
    of `result`; infinite where there is NaN."""
    if result.shape != exact.value.shape:
        raise Mismatch(f"the shape is {result.shape}, and not {exact.value.shape}")
    if result.size == 0:
        return 0.0
    info = ml_dtypes.finfo(result.dtype)
    least = float(info.smallest_normal)
    exponents = np.frexp(np.maximum(exact.magnitude, least).astype(np.float64))[1] - 1
    units = np.ldexp(1.0, exponents - info.nmant)
    wide = result.astype(np.longdouble)
    errors = np.abs(wide - exact.value) / units
    errors[np.isnan(wide) & np.isnan(exact.value)] = 0
    return float(np.where(np.isnan(errors), np.inf, errors).max())


def check_definition(layer, case, arrays, reference, said):
    """Checks that the peer in float64 is what the definition, or a difference,
    says."""
    for name, result in layer.run(case, make_float64(arrays)).items():
        exact = reference.results[name]
        expected = said.get(name, exact.value)
        if result.shape != expected.shape:
            raise Mismatch(f"{name}: the peer's shape is {result.shape}, and not {expected.shape}")
        # A constant input leaves terms of the size of one rounding of the mean.
        scale = max(1.0, float(exact.magnitude.max(initial=0)))
        tolerance = ROUNDINGS * 2.0**-53 * reference.condition * scale
        error = np.where(
            np.isnan(result) & np.isnan(expected), 0, np.abs(result - expected))
        error = float(error.max(initial=0))
        if not error <= tolerance:
            raise Mismatch(f"{name}: the peer in float64 is {error:g} from the definition,"
                           f" and the tolerance is {tolerance:g}")


@dataclasses.dataclass
class Outcome:
    """Largest errors of one result of one case, in units."""

    name: str
    ours: float
    peers: float | None  # None if the peer is different, or raises.
    limit: float


def run_norm(layer, operation, arrays):
    """Norm's results, and the op that it lacks for the gradients, if so. Raises
    MissingOp if it lacks the op itself."""
    results = operation.run(arrays)
    if layer.gradients:
        try:
            results |= operation.run_gradient(arrays)
        except MissingOp as error:
            return results, str(error)
    return results, None


def run_peer(layer, case, arrays, reference, differences, said):
    """The peer's results by name, or None for each if it raises as a difference
    says."""
    for raises in [d.raises for d in differences if d.raises]:
        try:
            layer.run(case, arrays)
        except raises:
            return dict.fromkeys(reference.results)
        raise Mismatch(f"the peer does not raise {raises.__name__}")
    if layer.float64:
        check_definition(layer, case, arrays, reference, said)
    return layer.run(case, arrays)


def check(layer, case):
    """Checks one case; returns Outcomes, the texts of differences, and the op that
    Norm lacks for the gradients, or None. Raises Mismatch, or MissingOp."""
    operation = layer.describe(case)
    arrays = case.make_arrays(operation)
    ours, missing = run_norm(layer, operation, arrays)
    reference = Reference(operation, arrays)
    differences, said = [], {}
    for difference in [d for d in layer.differences if d.applies(case)]:
        results = difference.peer(reference)
        said |= results
        if results or difference.raises:
            differences.append(difference)
    for name, value in said.items():
        if np.array_equal(value, reference.results[name].value):
            raise Mismatch(f"{name}: no difference, but one is named")
    peers = run_peer(layer, case, arrays, reference, differences, said)
    outcomes = []
    for name in [n for n in ours if n in peers]:
        exact = reference.results[name]
        peer = None
        if peers[name] is not None and name not in said:
            peer = count_units(np.asarray(peers[name]), exact)
            if not layer.float64 and case.data.centred and not peer <= NEAR:
                raise Mismatch(f"{name}: the peer is {peer:.0f} units from the definition")
        floor, cap = LIMITS[MLIR_TYPES[ours[name].dtype]]
        limit = cap if peer is None else min(cap, floor + SHARE * peer)
        outcome = Outcome(name, count_units(ours[name], exact), peer, limit)
        if not outcome.ours <= limit:
            raise Mismatch(f"{name}: {outcome.ours:.2f} units, and the limit is {limit:.2f}"
                           f" (peer: {peer})")
        outcomes.append(outcome)
    if not outcomes:
        raise Mismatch("nothing was compared")
    return outcomes, [d.text for d in differences], missing
