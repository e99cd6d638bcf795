"""Compiles and runs MLIR functions through the C library NormRunnerC, whose
header include/Norm/Runner/CAPI.h describes what happens and what can fail.

    kernel = Library("libNormRunnerC.so").compile(text)
    kernel([x, y])            # for func.func @f(%x: memref<...>, %y: memref<...>)

An array is a numpy array, or a pair of the name of an element type and the
numpy array that stores it: bf16 is stored as uint16, i1 as bool.
"""

import contextlib
import ctypes
import os
import weakref

import numpy as np

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
_STORAGE = {element: dtype for dtype, element in _DTYPES.items()} | {"bf16": "uint16", "i1": "bool"}
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

    def __init__(self, element, shape, data=None, strides=None):
        sizes = ctypes.c_int64 * max(len(shape), 1)
        strides = None if strides is None else sizes(*strides)
        super().__init__(data, ELEMENT_TYPES[element], len(shape), sizes(*shape), strides)

    @classmethod
    def of(cls, array):
        if isinstance(array, tuple):
            element, array = array
        else:
            element = _DTYPES[array.dtype.name]
        strides = [stride // array.itemsize for stride in array.strides]
        return cls(element, array.shape, array.ctypes.data, strides)


class _Statistics(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in ("used", "kept", "limit")] + [
        (name, ctypes.c_uint64) for name in ("num_mapped", "num_reused")
    ]


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
        self.c.normCallCreate.restype = ctypes.c_void_p
        self.c.normCallCreate.argtypes = [ctypes.c_void_p, *arrays, *arrays]
        self.c.normCallInvoke.argtypes = [ctypes.c_void_p]
        self.c.normCallDestroy.argtypes = [ctypes.c_void_p]
        pointer = ctypes.POINTER(ctypes.c_int64)
        self.c.normDevicesStart.argtypes = [ctypes.c_char_p, ctypes.c_int, pointer, pointer]
        self.c.normMemoryAllocate.restype = ctypes.c_void_p
        self.c.normMemoryAllocate.argtypes = [ctypes.c_size_t]
        self.c.normMemoryFree.argtypes = [ctypes.c_void_p]
        self.c.normMemorySetLimit.argtypes = [ctypes.c_size_t]
        self.c.normMemoryTrim.argtypes = [ctypes.c_size_t]
        self.c.normMemoryGetStatistics.restype = _Statistics

    def compile(self, text, entry="", options=""):
        """Compiles the function `entry`, or the only one, of a module."""
        handle = self.c.normKernelCreate(text.encode(), entry.encode(), options.encode())
        if not handle:
            raise Error(self.get_last_error())
        return Kernel(self, handle)

    @contextlib.contextmanager
    def devices(self, mpi="auto", on_gpu=False):
        """Connects this process with those that mpirun has started with it:

            with library.devices() as (index, count):

        An exception that leaves it is to end the process, and so the others."""
        index, count = ctypes.c_int64(), ctypes.c_int64()
        if self.c.normDevicesStart(mpi.encode(), on_gpu, index, count):
            raise Error(self.get_last_error())
        yield index.value, count.value
        self.c.normDevicesStop()

    def get_last_error(self):
        return self.c.normGetLastError().decode()

    def empty(self, shape, dtype):
        """Returns an array like numpy.empty, in memory of the library, which takes
        it back with the array's end and keeps it for the next."""
        size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
        data = self.c.normMemoryAllocate(size)
        if not data:
            raise MemoryError(f"expected {size} bytes of memory to be available")
        return self._adopt(data, shape, dtype)

    def _adopt(self, data, shape, dtype):
        """Returns the array at the address `data`, which it frees at its end."""
        size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
        memory = (ctypes.c_char * size).from_address(data)
        weakref.finalize(memory, self.c.normMemoryFree, data).atexit = False
        return np.ndarray(shape, dtype, memory)

    def get_memory(self):
        """Returns what is known of the library's memory."""
        return self.c.normMemoryGetStatistics()


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
        described = [(_Array * len(arrays))(*map(_Array.of, arrays)) for arrays in (arguments, results)]
        c = self._library.c
        handle = c.normCallCreate(
            self._handle, described[0], len(arguments), described[1], len(results)
        )
        if not handle:
            raise Error(self._library.get_last_error())
        bound, invoke = ctypes.c_void_p(handle), c.normCallInvoke

        def call(kernel=self, arrays=(arguments, results)):
            if invoke(bound):
                raise Error(kernel._library.get_last_error())

        weakref.finalize(call, c.normCallDestroy, bound).atexit = False
        return call

    def __call__(self, arguments, results=()):
        """Calls the function, which updates arrays in place."""
        self.bind(arguments, results)()

    def evaluate(self, arguments, results):
        """Calls the function, and returns its results, whose memory the library
        allocates and takes back; `results` are their element types and shapes."""
        arguments = list(arguments)
        given = (_Array * len(arguments))(*map(_Array.of, arguments))
        returned = (_Array * len(results))(*(_Array(element, shape) for element, shape in results))
        if self._library.c.normKernelInvoke(self._handle, given, len(given), returned, len(returned)):
            raise Error(self._library.get_last_error())
        return [
            self._library._adopt(array.data, shape, _STORAGE[element])
            for array, (element, shape) in zip(returned, results)
        ]

    def get_compile_times(self):
        """Returns the seconds that it took to get to the LLVM dialect, to LLVM
        IR, through the optimization and to machine code."""
        times = (ctypes.c_double * 4)()
        self._library.c.normKernelGetCompileTimes(self._handle, times)
        return list(times)
