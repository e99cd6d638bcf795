"""Calls the C interface, whose library is the argument, and prints what
happens."""

import ctypes
import sys

import numpy as np

library = ctypes.CDLL(sys.argv[1])
module = open(sys.argv[2], "rb").read()


class NormArray(ctypes.Structure):
    _fields_ = [
        ("data", ctypes.c_void_p),
        ("type", ctypes.c_int32),
        ("rank", ctypes.c_int32),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
    ]


library.normKernelCreate.restype = ctypes.c_void_p
library.normGetLastError.restype = ctypes.c_char_p
library.normKernelDestroy.argtypes = [ctypes.c_void_p]
library.normKernelInvoke.argtypes = [
    ctypes.c_void_p,
    ctypes.POINTER(NormArray),
    ctypes.c_size_t,
    ctypes.POINTER(NormArray),
    ctypes.c_size_t,
]


def wrap(arrays):
    """Describes NumPy arrays; ctypes keeps the shapes and strides alive."""
    return (NormArray * len(arrays))(
        *(
            NormArray(
                array.ctypes.data,
                {"float64": 0, "float32": 1, "float16": 2}[array.dtype.name],
                array.ndim,
                (ctypes.c_int64 * array.ndim)(*array.shape),
                (ctypes.c_int64 * array.ndim)(
                    *(stride // array.itemsize for stride in array.strides)
                ),
            )
            for array in arrays
        )
    )


def create(name, text, entry, options):
    kernel = library.normKernelCreate(text, entry, options)
    print(f"{name}: {library.normGetLastError().decode() or 'ok'}")
    return kernel


def invoke(name, kernel, arguments, results):
    status = library.normKernelInvoke(
        kernel, wrap(arguments), len(arguments), wrap(results), len(results)
    )
    message = library.normGetLastError().decode()
    print(f"{name}: {status} {message or 'ok'}")


random = np.random.default_rng(0)
x = random.standard_normal((3, 8, 5)).astype(np.float32)
scale, bias = random.standard_normal((2, 8)).astype(np.float32)
y, z = np.zeros_like(x), np.zeros_like(x)

group = create("group", module, b"group", b"threads=2 pipeline={unroll=2}")
reference = create("reference", module, b"group", b"target=reference")
invoke("run group", group, [x, scale, bias], [y])
invoke("run reference", reference, [x, scale, bias], [z])
print("close", np.allclose(y, z, rtol=0, atol=1e-5) and abs(z).max() > 1)
invoke("groups", group, [x[:, :7].copy(), scale[:7], bias[:7]], [y[:, :7].copy()])
invoke("strides", group, [x[:, ::2], scale, bias], [y])
invoke("count", group, [x, scale], [y])
invoke("type", group, [x, scale.astype(np.float64), bias], [y])
invoke("result", group, [x, scale, bias], [np.zeros((3, 8, 4), np.float32)])

train = create("train", module, b"train", None)
mean, variance = np.zeros(8, np.float32), np.ones(8, np.float32)
invoke("run train", train, [x, y, mean, variance], [])
print("updated", np.allclose(mean, 0.25 * x.mean((0, 2)), atol=1e-6))

create("module", b"foo", None, None)
create("entry", module, b"nothing", None)
create("target", module, b"group", b"target=tpu")
create("threads", module, b"group", b"threads=-")
create("pipeline", module, b"group", b"pipeline={nonsense=1}")
create("key", module, b"group", b"speed=9")
for kernel in (group, reference, train):
    library.normKernelDestroy(kernel)
