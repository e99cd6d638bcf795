"""Norm, through its C library: compiled in process, called on numpy's memory."""

import ctypes

from arrays import EPSILON, MOMENTUM

from . import Kernel

# x and y are memrefs of the cell's type; p stands for the type of the others.
MODULES = {
    "batch_norm_training": """
func.func @f(%x: {x}, %scale: {p}, %bias: {p}, %mean: {p}, %variance: {p}, %y: {x}) {{
  norm.batch_norm_training ins(%x : {x}) scale(%scale : {p}) bias(%bias : {p})
      outs(%y : {x}) running(%mean, %variance : {p}, {p})
      features = [{cell.channel}] epsilon = {epsilon} momentum = {momentum}
  return
}}""",
    "batch_norm_inference": """
func.func @f(%x: {x}, %scale: {p}, %bias: {p}, %mean: {p}, %variance: {p}, %y: {x}) {{
  norm.batch_norm_inference ins(%x : {x}) statistics(%mean, %variance : {p}, {p})
      scale(%scale : {p}) bias(%bias : {p}) outs(%y : {x})
      features = [{cell.channel}] epsilon = {epsilon}
  return
}}""",
    "group_norm": """
func.func @f(%x: {x}, %scale: {p}, %bias: {p}, %y: {x}) {{
  norm.group_norm ins(%x : {x}) scale(%scale : {p}) bias(%bias : {p}) outs(%y : {x})
      channel = {cell.channel} num_groups = {cell.groups} epsilon = {epsilon}
  return
}}""",
}

ELEMENT_TYPES = {"float64": 0, "float32": 1, "float16": 2, "bfloat16": 3}


class NormArray(ctypes.Structure):
    """An array in our memory, in row-major order."""

    _fields_ = [
        ("data", ctypes.c_void_p),
        ("type", ctypes.c_int32),
        ("rank", ctypes.c_int32),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
    ]

    def __init__(self, array):
        shape = (ctypes.c_int64 * array.ndim)(*array.shape)
        element = ELEMENT_TYPES[array.dtype.name]
        super().__init__(array.ctypes.data, element, array.ndim, shape, None)


def module(cell):
    """Returns the op of `cell` as MLIR."""

    def memref(shape, element):
        return f"memref<{'x'.join(map(str, shape))}x{element}>"

    return MODULES[cell.op].format(
        cell=cell,
        x=memref(cell.shape, cell.type),
        p=memref((cell.channels,), "f32"),
        epsilon=f"{EPSILON:.17e}",
        momentum=f"{MOMENTUM:.17e}",
    )


class Norm:
    """The library NormRunnerC; include/Norm/Runner/CAPI.h describes it."""

    name = "Norm"

    def __init__(self, build):
        self.library = ctypes.CDLL(str(build / "lib" / "libNormRunnerC.so"))
        self.library.normKernelCreate.restype = ctypes.c_void_p
        self.library.normGetLastError.restype = ctypes.c_char_p

    def compile(self, cell):
        """Returns a compiled kernel and the seconds that its phases took: to the
        LLVM dialect, to LLVM IR, optimization, machine code."""
        create = self.library.normKernelCreate
        kernel = ctypes.c_void_p(create(module(cell).encode(), b"f", None))
        if not kernel:
            raise RuntimeError(f"{cell}: {self.library.normGetLastError().decode()}")
        times = (ctypes.c_double * 4)()
        self.library.normKernelGetCompileTimes(kernel, times)
        return kernel, list(times)

    def destroy(self, kernel):
        self.library.normKernelDestroy(kernel)

    def prepare(self, cell, arrays):
        kernel, _ = self.compile(cell)
        inputs = [arrays.x, arrays.scale, arrays.bias]
        if cell.op != "group_norm":
            inputs += [arrays.mean, arrays.variance]
        operands = [*inputs, arrays.y]
        arguments = (NormArray * len(operands))(*map(NormArray, operands))
        count, none = ctypes.c_size_t(len(operands)), ctypes.c_size_t(0)
        invoke = self.library.normKernelInvoke

        def run():
            if invoke(kernel, arguments, count, None, none):
                raise RuntimeError(self.library.normGetLastError().decode())

        return Kernel(run, lambda _: arrays.y)
