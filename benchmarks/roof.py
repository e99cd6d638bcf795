"""The roof: a kernel that moves the bytes no op can avoid, and nothing else."""

import ctypes
import functools
import itertools
import os
import pathlib
import subprocess
import time

SOURCE = pathlib.Path(__file__).with_name("roof.c")
LINE = 64  # bytes
AHEAD = (0, 8, 32, 128)  # lines
TRIALS = 7
CONTENDERS = 2


class Roof:
    """Of normal and streaming stores, prefetch distances, and one or all threads,
    the fastest two in a few trials are measured beside the ops; the faster one
    counts."""

    def __init__(self, build):
        library = build / "benchmarks" / "roof.so"
        library.parent.mkdir(exist_ok=True)
        command = ["clang-22", "-O3", "-march=native", "-fopenmp", "-fPIC", "-shared"]
        subprocess.run([*command, SOURCE, "-o", library], check=True)
        self.library = ctypes.CDLL(str(library))
        self.cores = len(os.sched_getaffinity(0))

    def repeat(self, source, target, calls, kind):
        """Goes over arrays again and again; roof.c has the kinds."""
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in (source, target)]
        sizes = ctypes.c_size_t(source.nbytes // LINE), ctypes.c_size_t(calls)
        self.library.repeat(*pointers, *sizes, self.cores, kind)

    def prepare(self, arrays, calls):
        """Returns the functions of the contenders by their names."""
        second = arrays.dy if arrays.dy is not None else arrays.residual
        used = [arrays.x, second, arrays.y]
        pointers = [ctypes.c_void_p(a.ctypes.data if a is not None else None) for a in used]
        count = ctypes.c_size_t(arrays.x.nbytes // LINE)
        variants = {}
        for threads, streaming, ahead in itertools.product({1, self.cores}, (0, 1), AHEAD):
            stores = "streaming" if streaming else "normal"
            variants[f"{stores} stores, prefetch {ahead * LINE}, {threads} threads"] = functools.partial(
                self.library.stream, *pointers, count, threads, streaming, ctypes.c_size_t(ahead)
            )

        def trial(run):
            start = time.perf_counter()
            for _ in range(calls):
                run()
            return time.perf_counter() - start

        best = {name: min(trial(run) for _ in range(TRIALS)) for name, run in variants.items()}
        return {name: variants[name] for name in sorted(variants, key=best.get)[:CONTENDERS]}
