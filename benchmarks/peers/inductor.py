# requires: torch==2.15.0
"""PyTorch compiled by Inductor, which stores into the given outputs.

Its code is compiled by g++, as it does by default: clang 22 compiles its bf16
batch norm in training, channels last, to code with wrong results.
"""

import torch
import torch._inductor.config

from cells import EPSILON, MOMENTUM

from . import Kernel, get_results
from .pytorch import MASK, tensor

LARGE = "x", "y", "dy", "residual"

torch._inductor.config.compile_threads = 1  # No processes that wait beside the measured one.


def forward(cell, x, y, scale, bias, mean, variance, residual=None):
    if cell.groups:
        y.copy_(torch.nn.functional.group_norm(x, cell.groups, scale, bias, EPSILON))
        return
    training = cell.op == "batch_norm_training"
    out = torch.nn.functional.batch_norm(
        x, mean, variance, scale, bias, training, 1 - MOMENTUM, EPSILON
    )
    y.copy_(torch.relu(out + residual) if cell.fused else out)


def backward(cell, x, dy, dx, scale, mean, variance, scale_gradient, bias_gradient):
    rstd = torch.rsqrt(variance + EPSILON)
    if cell.groups:
        sizes = (x.shape[0], x.shape[1], x[0, 0].numel(), cell.groups)
        out = torch.ops.aten.native_group_norm_backward(dy, x, mean, rstd, scale, *sizes, MASK)
    else:
        out = torch.ops.aten.native_batch_norm_backward(
            dy, x, scale, None, None, mean, rstd, True, EPSILON, MASK
        )
    for given, result in zip((dx, scale_gradient, bias_gradient), out):
        given.copy_(result)


class Peer:
    name = "Inductor"
    version = torch.__version__

    def prepare(self, cell, arrays):
        names = "x dy y scale mean variance scale_gradient bias_gradient"
        if not cell.gradient:
            names = "x y scale bias mean variance" + " residual" * cell.fused
        tensors = [
            tensor(getattr(arrays, name), cell.channel if name in LARGE else 1)
            for name in names.split()
        ]
        torch._dynamo.reset()
        function = backward if cell.gradient else forward
        compiled = torch.compile(lambda *t: function(cell, *t), fullgraph=True, dynamic=False)

        @torch.no_grad()
        def run():
            compiled(*tensors)

        return Kernel(run, lambda _: get_results(cell, arrays))
