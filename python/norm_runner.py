"""Compiles and runs MLIR functions through the C library NormRunnerC, whose
header include/Norm/Runner/CAPI.h describes what happens and what can fail.

    kernel = Library("libNormRunnerC.so").compile(text)
    kernel([x, y])            # for func.func @f(%x: memref<...>, %y: memref<...>)

An array is a numpy array, or a pair of the name of an element type and the
numpy array that stores it: bf16 is stored as uint16, i1 as bool.
"""

import ctypes
import os

# The names of MLIR, in the order of the C enumeration, and of numpy.
_DTYPES = {
    "float64": "f64",
    "float32": "f32",
    "float16": "f16",
    "bfloat16": "bf16",
    "bool": "i1",
    "int8": "i8",
    "int32": "i32",
    "int64": "i64",
}
ELEMENT_TYPES = {element: i for i, element in enumerate(_DTYPES.values())}


class Error(Exception):
    """What the library said."""


class _Array(ctypes.Structure):
    _fields_ = [
        ("data", ctypes.c_void_p),
        ("type", ctypes.c_int32),
        ("rank", ctypes.c_int32),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
    ]

    def __init__(self, array):
        if isinstance(array, tuple):
            element, array = array
        else:
            element = _DTYPES[array.dtype.name]
        sizes = ctypes.c_int64 * max(array.ndim, 1)
        strides = [stride // array.itemsize for stride in array.strides]
        super().__init__(
            array.ctypes.data,
            ELEMENT_TYPES[element],
            array.ndim,
            sizes(*array.shape),
            sizes(*strides),
        )


class Library:
    """The shared library at `path`."""

    def __init__(self, path):
        # Its own MLIR comes first: TensorFlow, for one, shows an older one to all.
        self.c = ctypes.CDLL(str(path), mode=os.RTLD_DEEPBIND)
        self.c.normGetLastError.restype = ctypes.c_char_p
        self.c.normKernelCreate.restype = ctypes.c_void_p
        self.c.normKernelCreate.argtypes = [ctypes.c_char_p] * 3
        self.c.normKernelDestroy.argtypes = [ctypes.c_void_p]
        self.c.normKernelGetCompileTimes.argtypes = [
            ctypes.c_void_p,
            ctypes.POINTER(ctypes.c_double),
        ]
        arrays = [ctypes.POINTER(_Array), ctypes.c_size_t]
        self.c.normKernelInvoke.argtypes = [ctypes.c_void_p, *arrays, *arrays]

    def compile(self, text, entry="", options=""):
        """Compiles the function `entry`, or the only one, of a module."""
        handle = self.c.normKernelCreate(text.encode(), entry.encode(), options.encode())
        if not handle:
            raise Error(self.get_last_error())
        return Kernel(self, handle)

    def get_last_error(self):
        return self.c.normGetLastError().decode()


class Kernel:
    """A compiled function; Library.compile makes it."""

    def __init__(self, library, handle):
        self._library = library
        self._handle = ctypes.c_void_p(handle)

    def __del__(self):
        self._library.c.normKernelDestroy(self._handle)

    def bind(self, arguments, results=()):
        """Returns a function without arguments that calls the kernel on arrays,
        which stay in memory as long as it does."""
        arguments, results = list(arguments), list(results)
        described = [(_Array * len(arrays))(*map(_Array, arrays)) for arrays in (arguments, results)]
        sizes = [ctypes.c_size_t(len(arrays)) for arrays in (arguments, results)]
        invoke, handle = self._library.c.normKernelInvoke, self._handle

        def call(kernel=self, arrays=(arguments, results)):
            if invoke(handle, described[0], sizes[0], described[1], sizes[1]):
                raise Error(kernel._library.get_last_error())

        return call

    def __call__(self, arguments, results=()):
        """Calls the function, which updates arrays in place."""
        self.bind(arguments, results)()

    def get_compile_times(self):
        """Returns the seconds that it took to get to the LLVM dialect, to LLVM
        IR, through the optimization and to machine code."""
        times = (ctypes.c_double * 4)()
        self._library.c.normKernelGetCompileTimes(self._handle, times)
        return list(times)
