"""Norm, through its C library: compiled in process, called on numpy's memory."""

import norm_runner
import numpy as np

from modules import get_operands, module

from . import Kernel, get_results


class Norm:
    """The library NormRunnerC; include/Norm/Runner/CAPI.h describes it."""

    name = "Norm"

    def __init__(self, build):
        self.library = norm_runner.Library(build / "lib" / "libNormRunnerC.so")

    def compile(self, cell):
        return self.library.compile(module(cell))

    def prepare(self, cell, arrays):
        *inputs, output = get_operands(cell, arrays)
        kernel = self.compile(cell)

        def fresh():
            y = self.library.empty(arrays.y.shape, arrays.y.dtype)
            kernel([*inputs, y])
            return y

        run = kernel.bind([*inputs, output])
        return Kernel(run, lambda _: get_results(cell, arrays), fresh)
