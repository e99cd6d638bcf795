"""What the tests of compiled kernels share: arrays, calls and comparisons.

The expected numbers come from numpy in extended precision; nothing of Norm is
used but the kernels under test.
"""

import functools
import os
import sys
import zlib

import norm_runner
import numpy as np

# ===----------------------------------------------------------------------===#
# Element types
# ===----------------------------------------------------------------------===#


class ElementType:
    """An element type of MLIR and how numpy stores it."""

    def __init__(self, storage, precision, min_exponent):
        self.storage = np.dtype(storage)
        self.precision = precision
        self.min_exponent = min_exponent

    @property
    def epsilon(self):
        """The largest relative error of rounding."""
        return 2.0**-self.precision

    def spacing(self, values):
        """The distance of neighbours in this type, at each value."""
        exponents = np.frexp(np.abs(values))[1] - 1
        exponents = np.maximum(exponents, self.min_exponent)
        return np.ldexp(np.longdouble(1), exponents - (self.precision - 1))

    @property
    def largest(self):
        return float(np.finfo(self.storage).max) if self.storage != np.uint16 else (2 - 2.0**-7) * 2.0**127

    def encode(self, values):
        """Rounds to nearest, ties to even; returns the stored form."""
        values = np.asarray(values, np.float64)
        if self.storage != np.uint16:
            return values.astype(self.storage)
        unit = self.spacing(values).astype(np.float64)
        rounded = (np.rint(values / unit) * unit).astype(np.float32)
        return (rounded.view(np.uint32) >> 16).astype(np.uint16)

    def decode(self, stored):
        if self.storage != np.uint16:
            return stored.astype(np.float64)
        bits = np.ascontiguousarray(stored).astype(np.uint32) << 16
        return bits.view(np.float32).astype(np.float64).reshape(stored.shape)


class IntegerType:
    """An element type of masks and lengths."""

    def __init__(self, storage):
        self.storage = np.dtype(storage)

    def encode(self, values):
        return np.asarray(values).astype(self.storage)

    def decode(self, stored):
        return stored.copy()


TYPES = {
    "f64": ElementType(np.float64, 53, -1022),
    "f32": ElementType(np.float32, 24, -126),
    "f16": ElementType(np.float16, 11, -14),
    "bf16": ElementType(np.uint16, 8, -126),
}
ALL_TYPES = {**TYPES, "i1": IntegerType(bool), "i32": IntegerType(np.int32), "i64": IntegerType(np.int64)}

# ===----------------------------------------------------------------------===#
# Kernels
# ===----------------------------------------------------------------------===#


library = norm_runner.Library(os.environ["NORM_RUNNER_LIBRARY"])
KernelError = norm_runner.Error


@functools.lru_cache(maxsize=None)
def compile_kernel(text, options="", entry=""):
    """Compiles `entry`, or the only function, of a module, or returns what was compiled from the same text. Without
    options, every second module runs on several threads however small its arrays are.
    Options are those of the CPU; another target has those of the environment."""
    target = os.environ.get("NORM_TEST_TARGET")
    if target:
        options = f"target={target} {os.environ.get('NORM_TEST_OPTIONS', '')}"
    elif not options and zlib.crc32(text.encode()) % 2:
        options = "pipeline={parallel-bytes=0}"
    try:
        return library.compile(text, entry, f"verify-each=true {options}")
    except KernelError as error:
        raise KernelError(f"{error}\n{text}") from None


# ===----------------------------------------------------------------------===#
# Arrays in guarded memory
# ===----------------------------------------------------------------------===#


class Guarded:
    """An array amid cells that must stay as they are: before it and after it,
    and around and between its elements if `kind` is view or step."""

    MARGIN = 64

    def __init__(self, kind, name, shape, rng):
        self.name = name
        self.type = ALL_TYPES[name]
        self.shape = tuple(shape)
        self.low = int(kind in ("view", "step"))
        self.steps = [1] * len(shape)
        if kind == "step" and shape:
            self.steps[-1] = 2
        self.whole = [
            size * step + 3 * self.low for size, step in zip(shape, self.steps)
        ]
        count = int(np.prod(self.whole, dtype=np.int64))
        self.memory = self.type.encode(
            rng.standard_normal(count + 2 * self.MARGIN)
        )
        self.array = self._select(self.memory)
        inside = np.zeros(self.memory.shape, bool)
        self._select(inside)[...] = True
        self.outside = ~inside

    def _select(self, memory):
        inner = memory[self.MARGIN : len(memory) - self.MARGIN]
        return inner.reshape(self.whole)[
            # The ellipsis makes an array of rank 0 one, and not a number.
            (
                ...,
                *(
                    slice(self.low, self.low + size * step, step)
                    for size, step in zip(self.shape, self.steps)
                ),
            )
        ]

    def set(self, values):
        self.array[...] = self.type.encode(values)
        return self

    def get(self):
        return self.type.decode(self.array)

    def argument(self):
        return (self.name, self.array)

    def remember(self):
        self.before = self.memory.copy()

    def check_guards(self, title):
        assert np.array_equal(
            self._bits(self.memory)[self.outside],
            self._bits(self.before)[self.outside],
        ), f"{title}: cells around the array have changed"

    def check_unchanged(self, title):
        assert np.array_equal(
            self._bits(self.memory), self._bits(self.before)
        ), f"{title}: the input has changed"

    @staticmethod
    def _bits(memory):
        return memory.view(f"u{memory.itemsize}")


def make_type(kind, name, shape, dynamic):
    """The MLIR type of an array: `kind` is tensor, memref, view or step; `dynamic`
    says for each size, or for all, whether the type leaves it open."""
    if isinstance(dynamic, bool):
        dynamic = [dynamic] * len(shape)
    sizes = "".join(f"{'?' if d else s}x" for d, s in zip(dynamic, shape)) + name
    if kind == "tensor":
        return f"tensor<{sizes}>"
    if kind == "memref":
        return f"memref<{sizes}>"
    strides = ["?"] * len(shape)
    if shape and kind == "view":
        strides[-1] = "1"
    return f"memref<{sizes}, strided<[{', '.join(strides)}], offset: ?>>"


# ===----------------------------------------------------------------------===#
# One op in a function of its own
# ===----------------------------------------------------------------------===#


class OpCall:
    """A function of one op and the arrays it is called on.

    `kind` says what all operands are: tensor, memref, view (a part of a larger
    memref), step (a view of every second element of the last axis), or inplace
    (memrefs, with the input as the output). `dynamic` is as for make_type, or a
    function that gives it for a shape.
    """

    def __init__(self, op, clauses, attributes, operands, outputs, kind,
                 dynamic, rng):
        self.kind = kind
        self.inplace = kind == "inplace"
        array_kind = "memref" if self.inplace else kind
        self.operands = {
            name: spec for name, spec in operands.items()
            if not (self.inplace and name == "y")
        }
        self.outputs = outputs
        self.types = {
            name: make_type(array_kind, element, shape,
                            dynamic(shape) if callable(dynamic) else dynamic)
            for name, (element, shape) in self.operands.items()
        }
        self.text = self.write(op, clauses, attributes)
        self.arrays = {
            name: Guarded(array_kind, element, shape, rng)
            for name, (element, shape) in self.operands.items()
        }
        self.rng = rng

    def _get_operand(self, name):
        return "x" if self.inplace and name == "y" else name

    def write(self, op, clauses, attributes):
        """The text of the function."""
        line = op
        for word, *names in clauses:
            names = [self._get_operand(name) for name in names]
            if all(name in self.types for name in names):
                values = ", ".join("%" + name for name in names)
                types = ", ".join(self.types[name] for name in names)
                line += f" {word}({values} : {types})"
        line += " " + attributes
        arguments = ", ".join(f"%{n}: {t}" for n, t in self.types.items())
        if self.kind != "tensor":
            return f"func.func @f({arguments}) {{\n  {line}\n  return\n}}\n"
        types = ", ".join(self.types[name] for name in self.outputs)
        values = ", ".join(f"%r{i}" for i in range(len(self.outputs)))
        return (
            f"func.func @f({arguments}) -> ({types}) {{\n  {values} = {line}\n"
            f"  return {values} : {types}\n}}\n"
        )

    def get_values(self):
        """The operands as they are, floats as float64."""
        return {name: array.get() for name, array in self.arrays.items()}

    def run(self, kernel):
        """Calls the function; returns the outputs, as float64. Checks that it
        writes to nothing else."""
        arguments = [array.argument() for array in self.arrays.values()]
        for array in self.arrays.values():
            array.remember()
        if self.kind == "tensor":
            got = {
                name: Guarded("tensor", *self.operands[name], self.rng)
                for name in self.outputs
            }
            for array in got.values():
                array.remember()
            kernel(arguments, [array.argument() for array in got.values()])
        else:
            got = {n: self.arrays[self._get_operand(n)] for n in self.outputs}
            kernel(arguments)
        for name, array in self.arrays.items():
            if not any(array is output for output in got.values()):
                array.check_unchanged(name)
        for name, array in got.items():
            array.check_guards(name)
        return {name: array.get() for name, array in got.items()}


# ===----------------------------------------------------------------------===#
# Data and comparisons
# ===----------------------------------------------------------------------===#


def make_data(rng, shape, mean=0.0, std=1.0):
    """Random data whose mean and spread differ along every axis."""
    values = rng.standard_normal(shape)
    for axis, size in enumerate(shape):
        offsets = rng.standard_normal(size) * 0.5
        values = values + offsets.reshape(
            [-1 if i == axis else 1 for i in range(len(shape))]
        )
    return mean + std * values


class Report:
    """Counts cases and prints what fails."""

    def __init__(self):
        self.cases = self.failures = 0
        self.worst = {}

    def case(self, title, run):
        self.cases += 1
        # Slow targets take a part of the cases: every one of so many.
        if self.cases % int(os.environ.get("NORM_TEST_EVERY", 1)):
            return
        try:
            run()
        except (AssertionError, KernelError) as error:
            self.failures += 1
            print(f"FAILED {title}: {error}", flush=True)

    def finish(self, at_least):
        """Ends the script; a grid that has lost its cases fails too."""
        for name, used in sorted(self.worst.items()):
            print(f"{name}: at most {used:.2f} of the tolerance")
        print(f"{self.cases} cases, {self.failures} failed")
        sys.exit(bool(self.failures) or self.cases < at_least)

    def compare(self, name, actual, expected, tolerance):
        """Fails unless every element is within its tolerance; NaN is not."""
        assert np.all(np.isfinite(expected.astype(np.float64))), "no reference"
        error = np.abs(actual.astype(np.longdouble) - expected)
        tolerance = np.broadcast_to(tolerance, error.shape)
        good = error <= tolerance
        if error.size:
            counts = (tolerance > 0) & np.isfinite(tolerance)
            used = np.where(counts, error, 0) / np.where(counts, tolerance, 1)
            if np.all(good):
                self.worst[name] = max(self.worst.get(name, 0.0), float(used.max()))
        if not np.all(good):
            index = np.unravel_index(
                np.argmax(np.where(good, -1, np.nan_to_num(error.astype(np.float64), nan=np.inf))), error.shape
            )
            raise AssertionError(
                f"{name}: {np.count_nonzero(~good)} of {good.size} wrong, at "
                f"{tuple(int(i) for i in index)} expected "
                f"{float(expected[index])!r} +- {float(tolerance[index])!r}, "
                f"got {float(actual[index])!r}"
            )


def half_unit(name, expected):
    """The error of the last rounding; to f16 and bf16, it may go through f32."""
    return (TYPES[name].spacing(expected) * np.longdouble(0.5)
            + (np.abs(expected) * 2.0**-24 if name in ("f16", "bf16") else 0))


def moments(values, axes, selected=None):
    """The mean and the biased variance over `axes`, which stay as size 1, and 0
    where there are no values; and the number of values, for each statistic if
    `selected` tells which values count."""
    values = values.astype(np.longdouble)
    if selected is None:
        selected, count = True, int(np.prod([values.shape[axis] for axis in axes], dtype=np.int64))
    else:
        count = selected.sum(axes, keepdims=True)
    options = dict(axis=axes, keepdims=True, where=selected)
    # Relative to one of the values, so that those of constants are exact.
    one = np.where(count == 0, 0, values.max(initial=-np.inf, **options))
    distances = values - one
    mean = distances.sum(**options) / np.maximum(count, 1)
    variance = ((distances - mean) ** 2).sum(**options) / np.maximum(count, 1)
    return one + mean, variance, count


def spread(values, axes, selected=True):
    """The largest distance of two values over `axes`, 0 where there are none."""
    options = dict(axis=axes, keepdims=True, where=selected)
    return np.maximum(values.max(initial=-np.inf, **options) - values.min(initial=np.inf, **options), 0)


def sum_growth(count):
    """How much larger than one rounding the error of a sum of `count` terms may
    be, against that of its largest term: some terms are taken one after the
    other, which may all be rounded to the same side, and the errors of such
    sums add up like a random walk."""
    return 2 + np.minimum(count / 2, 16 + 0.25 * np.sqrt(np.minimum(count, 8192)))
