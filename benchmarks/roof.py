"""The roof: a copy of the input to the output, the bytes no op can avoid."""

import ctypes
import functools
import pathlib
import subprocess

SOURCE = pathlib.Path(__file__).with_name("roof.c")
LINE = 64  # bytes


class Roof:
    """The copy with normal and with streaming stores; the faster one counts."""

    variants = ("copy_plain", "copy_streaming")

    def __init__(self, build):
        library = build / "benchmarks" / "roof.so"
        library.parent.mkdir(exist_ok=True)
        command = ["clang-22", "-O3", "-march=native", "-fopenmp", "-fPIC", "-shared"]
        subprocess.run([*command, SOURCE, "-o", library], check=True)
        self.library = ctypes.CDLL(str(library))

    def prepare(self, arrays):
        """Returns the function of each variant."""
        pointers = (ctypes.c_void_p(a.ctypes.data) for a in (arrays.x, arrays.y))
        arguments = (*pointers, ctypes.c_size_t(arrays.x.nbytes // LINE))
        return {
            name: functools.partial(getattr(self.library, name), *arguments)
            for name in self.variants
        }
