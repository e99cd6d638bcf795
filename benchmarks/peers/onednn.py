# requires: onednn==2026.1.0 onednn-devel==2026.1.0
"""oneDNN, in the plain layouts and in its own blocked one, through onednn.cpp.

The library's newest package schedules on TBB below SYCL, which finds the
processor through the OpenCL library that comes along.
"""

import ctypes
import os
import pathlib
import subprocess
import sys
import weakref

from cells import EPSILON, MOMENTUM

from . import Kernel, get_results

ROOM = pathlib.Path(sys.prefix)
SOURCE = pathlib.Path(__file__).with_name("onednn.cpp")
TYPES = {"f32": 3, "bf16": 2}  # Of dnnl_data_type_t.


def build(library, name):
    """Compiles onednn.cpp for the library, into a file of this name beside it."""
    built = library.with_name(name)
    command = ["clang++-22", "-std=c++17", "-O2", "-fPIC", "-shared", SOURCE, library, "-o", built]
    # An rpath of the old kind is also that of the library's own dependencies.
    link = f"-Wl,-rpath,{library.parent},--disable-new-dtags"
    subprocess.run([*command, f"-I{ROOM / 'include'}", link], check=True)
    return built


class Peer:
    name = "oneDNN"
    layouts = ("NCHW", "NHWC", "NCHW16c")

    def __init__(self):
        os.environ.setdefault("OCL_ICD_FILENAMES", str(ROOM / "lib" / "libintelocl.so"))
        os.environ.setdefault("ONEDNN_VERBOSE", "none")
        self.load(build(ROOM / "lib" / "libdnnl.so.3", "norm-onednn.so"))

    def load(self, built):
        self.library = ctypes.CDLL(str(built))
        self.library.create.restype = ctypes.c_void_p
        version = self.library.getVersion()
        self.version = f"{version // 10000}.{version // 100 % 100}.{version % 100}"

    def prepare(self, cell, arrays):
        if cell.groups and cell.layout == "NCHW16c":
            return None  # Only reference code, 30 times slower than in NCHW.
        if cell.fused:
            return None  # Processors have no batch norm with an addition.
        names = "x y scale bias mean variance dy scale_gradient bias_gradient".split()
        used = [getattr(arrays, name) for name in names]
        if not cell.gradient:
            used[6:] = [None] * 3
        handle = self.library.create(
            cell.op.encode(),
            TYPES[cell.type],
            {"NC": "NHWC"}.get(cell.layout, cell.layout).encode(),
            (ctypes.c_int64 * 4)(*cell.sizes),
            ctypes.c_int64(cell.groups),
            ctypes.c_float(EPSILON),
            ctypes.c_float(MOMENTUM),
            (ctypes.c_void_p * 9)(*(a.ctypes.data if a is not None else None for a in used)),
        )
        if not handle:
            return None
        bound, call = ctypes.c_void_p(handle), self.library.run

        def run(arrays=arrays):  # Keeps the arrays.
            if call(bound):
                raise RuntimeError("oneDNN failed")

        weakref.finalize(run, self.library.destroy, bound).atexit = False
        return Kernel(run, lambda _: get_results(cell, arrays))
