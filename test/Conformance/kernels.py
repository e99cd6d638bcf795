"""Compiles ops and calls them on arrays.

Each op is compiled for memrefs of static sizes.
"""

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
    "i1": np.dtype(bool),
    "i32": np.dtype(np.int32),
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
