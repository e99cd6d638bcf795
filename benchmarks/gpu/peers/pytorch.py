"""PyTorch in eager mode: contiguous or channels last, as the layout of the cell
says, by cuDNN where PyTorch chooses it."""

import torch

from arrays import get_results, to_nchw
from cells import EPSILON, MOMENTUM

MASK = [True, True, True]  # The gradients that are wanted.


def forward(cell, x, y, scale, bias, mean, variance, residual=None):
    if cell.groups:
        out = torch.nn.functional.group_norm(x, cell.groups, scale, bias, EPSILON)
    else:
        training = cell.op == "batch_norm_training"
        out = torch.nn.functional.batch_norm(x, mean, variance, scale, bias, training, 1 - MOMENTUM, EPSILON)
    return torch.relu(out + residual) if cell.fused else out


def backward(cell, x, dy, scale, mean, variance):
    rstd = torch.rsqrt(variance + EPSILON)
    if cell.groups:
        sizes = (x.shape[0], x.shape[1], x[0, 0].numel(), cell.groups)
        return torch.ops.aten.native_group_norm_backward(dy, x, mean, rstd, scale, *sizes, MASK)
    return torch.ops.aten.native_batch_norm_backward(
        dy, x, scale, None, None, mean, rstd, True, EPSILON, MASK
    )


class Peer:
    name = "PyTorch"
    version = torch.__version__

    def wrap(self, function):
        return function

    def prepare(self, cell, arrays):
        large = lambda tensor: None if tensor is None else to_nchw(tensor, cell)
        x, dy, residual = map(large, (arrays.x, arrays.dy, arrays.residual))
        scale, bias, mean, variance = arrays.scale, arrays.bias, arrays.mean, arrays.variance
        if cell.gradient:
            function = self.wrap(lambda *tensors: backward(cell, *tensors))
            return lambda: function(x, dy, scale, mean, variance), lambda out: list(out)
        function = self.wrap(lambda *tensors: forward(cell, *tensors))
        run = lambda: function(x, None, scale, bias, mean, variance, residual)
        return run, lambda out: [out, *get_results(cell, arrays)[1:]]
