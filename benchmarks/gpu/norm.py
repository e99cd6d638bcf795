"""Norm, compiled ahead of time by `compile`, called on memory of the GPU."""

import ctypes

from modules import get_operands


def describe(tensor):
    """Returns MLIR's descriptor of the memory of `tensor`."""
    rank = tensor.dim()

    class Descriptor(ctypes.Structure):
        _fields_ = [
            ("allocated", ctypes.c_void_p),
            ("aligned", ctypes.c_void_p),
            ("offset", ctypes.c_int64),
            ("sizes", ctypes.c_int64 * rank),
            ("strides", ctypes.c_int64 * rank),
        ]

    sizes = ctypes.c_int64 * rank
    data = tensor.data_ptr()
    return Descriptor(data, data, 0, sizes(*tensor.shape), sizes(*tensor.stride()))


class Norm:
    name = "Norm"

    def __init__(self, folder, stream):
        self.folder, self.stream = folder, stream

    def prepare(self, cell, library, arrays):
        """Returns a function that runs the cell on `arrays`."""
        code = ctypes.CDLL(str(self.folder / library))
        code.normCudaGetProblem.restype = ctypes.c_char_p
        if problem := code.normCudaGetProblem():
            raise RuntimeError(problem.decode())
        code.normCudaSetStream(ctypes.c_void_p(self.stream))
        descriptors = [describe(tensor) for tensor in get_operands(cell, arrays)]
        pointers = [ctypes.byref(descriptor) for descriptor in descriptors]
        function = code._mlir_ciface_f

        def run():
            function(*pointers)

        run.keep = descriptors, arrays
        return run
