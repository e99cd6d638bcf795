"""Calls the C interface over a transport that pretends: the other devices send what this
one sends. Arguments: the library, a module."""

import ctypes
import sys

import norm_runner
import numpy as np

Pointer, Integer = ctypes.c_void_p, ctypes.c_int64
FUNCTIONS = {
    "makeGroup": ctypes.CFUNCTYPE(ctypes.c_char_p, Pointer, ctypes.POINTER(Integer), Integer, ctypes.POINTER(Pointer)),
    "allGather": ctypes.CFUNCTYPE(ctypes.c_char_p, Pointer, Pointer, Pointer, Pointer, Integer),
    "freeGroup": ctypes.CFUNCTYPE(None, Pointer, Pointer),
    "clear": ctypes.CFUNCTYPE(ctypes.c_char_p, Pointer, Pointer, Integer),
    "poll": ctypes.CFUNCTYPE(ctypes.c_char_p, Pointer),
}


class Transport(ctypes.Structure):
    _fields_ = [("context", Pointer), ("index", Integer), ("count", Integer), *FUNCTIONS.items()]


calls, problem = [], None


def make_group(context, members, count, group):
    calls.append(members[:count])
    group[0] = 17


def all_gather(context, group, send, receive, count):
    assert (context, group) == (5, 17)
    for i in range(4):
        ctypes.memmove(receive + i * count, send, count)
    return problem


def free_group(context, group):
    calls.append(group)


transport = Transport(
    5, 2, 4, *(FUNCTIONS[name](function) for name, function in
               (("makeGroup", make_group), ("allGather", all_gather), ("freeGroup", free_group)))
)
library = norm_runner.Library(sys.argv[1])
kernel = library.compile(open(sys.argv[2]).read(), "gather")
received = np.zeros(20, np.int64)
arguments = [np.full((3, 5), 9), received]
library.c.normDevicesSetTransport(ctypes.byref(transport))
kernel(arguments)
kernel(arguments)
assert received.reshape(4, 5).tolist() == [[0, 9, 3, 5, 2]] * 4, received
problem = b"as asked"
try:
    kernel(arguments)
except norm_runner.Error as error:
    assert str(error) == "device 2: as asked", error
library.c.normDevicesSetTransport(None)
assert calls == [[0, 1, 2, 3], 17], calls
