# requires: jax==0.10.2 iree-base-compiler==3.13.0 iree-base-runtime==3.13.0
"""IREE: the layer's formula as StableHLO, as JAX makes it, compiled for this
processor. It stores into outputs that it is given."""

import functools
import os
import re
from importlib.metadata import version

import iree.compiler
import iree.runtime
import jax
import numpy as np

from . import Kernel
from .jax_jit import get_function

SPIN_US = 1000  # For so long, workers that wait do not sleep.
OPTIONS = ["--iree-llvmcpu-target-cpu=host", "--iree-opt-level=O3"]


def make_module(cell, shapes):
    """Returns the StableHLO of the op, whose first arguments store its results."""
    function, _ = get_function(cell)
    results = jax.eval_shape(function, *shapes)
    jitted = jax.jit(
        lambda old, *inputs: list(function(*inputs)), donate_argnums=0, keep_unused=True
    )
    text = jitted.lower(list(results), *shapes).as_text()
    return re.sub(r"tf.aliasing_output = (\d+) : i32", r"iree.abi.output = \1 : index", text), results


class Peer:
    name = "IREE"
    version = version("iree-base-runtime")

    def __init__(self):
        cores = len(os.sched_getaffinity(0))
        iree.runtime.flags.parse_flags(
            f"--task_topology_group_count={cores}", f"--task_worker_spin_us={SPIN_US}"
        )
        self.config = iree.runtime.Config("local-task")

    def prepare(self, cell, arrays):
        _, names = get_function(cell)
        inputs = [getattr(arrays, name) for name in names]
        text, results = make_module(cell, [jax.ShapeDtypeStruct(a.shape, a.dtype) for a in inputs])
        binary = iree.compiler.compile_str(
            text, input_type="stablehlo", target_backends=["llvm-cpu"], extra_args=OPTIONS
        )
        context = iree.runtime.VmContext(self.config.vm_instance, modules=[
            *self.config.default_vm_modules,
            module := iree.runtime.VmModule.copy_buffer(self.config.vm_instance, binary),
        ])
        function = module.lookup_function("main")
        outputs = [np.zeros(result.shape, result.dtype) for result in results]
        put = functools.partial(iree.runtime.asdevicearray, self.config.device)
        device = [put(array) for array in (*outputs, *inputs)]
        arguments = iree.runtime.VmVariantList(len(device))
        for array in device:
            arguments.push_ref(array._buffer_view)

        def run():
            context.invoke(function, arguments, iree.runtime.VmVariantList(len(outputs)))

        def get(_):
            return [a.to_host().view(r.dtype) for a, r in zip(device, results)]

        return Kernel(run, get)
