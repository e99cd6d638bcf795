# requires: torch==2.15.0
"""PyTorch in eager mode.

Batch norm writes to the given output. Group norm and the gradients have no kernel
that does (their `out` overloads copy), so that they allocate their outputs on
every call; the heap keeps these pages, see `run`.
"""

import os

import torch

from cells import EPSILON, MOMENTUM

from . import Kernel, get_results

MASK = [True, True, True]  # The gradients that are wanted.


def tensor(array, channel=1):
    """Returns a tensor on the memory of `array` whose second axis is the channel;
    with the channels innermost in memory it is of the channels_last format."""
    if array.dtype.name == "bfloat16":
        shared = torch.from_numpy(array.view("int16")).view(torch.bfloat16)
    else:
        shared = torch.from_numpy(array)
    return shared.movedim(channel, 1) if array.ndim > 1 else shared


def array(tensor, like, channel):
    """Returns the memory of `tensor` as an array of the axes and type of `like`."""
    bits = torch.int16 if like.itemsize == 2 else tensor.dtype
    return tensor.movedim(1, channel).contiguous().view(bits).numpy().view(like.dtype)


class Peer:
    name = "PyTorch"
    version = torch.__version__
    layouts = ("NCHW", "NHWC")

    def __init__(self):
        torch.set_num_threads(len(os.sched_getaffinity(0)))
        torch.set_grad_enabled(False)

    def prepare(self, cell, arrays):
        x, y = tensor(arrays.x, cell.channel), tensor(arrays.y, cell.channel)
        scale, bias, mean, variance = map(
            tensor, (arrays.scale, arrays.bias, arrays.mean, arrays.variance)
        )
        sizes = (x.shape[0], x.shape[1], x[0, 0].numel(), cell.groups)
        if cell.gradient:
            dy = tensor(arrays.dy, cell.channel)
            rstd = torch.rsqrt(variance + EPSILON)
            if cell.groups:
                run = lambda: torch.ops.aten.native_group_norm_backward(
                    dy, x, mean, rstd, scale, *sizes, MASK
                )
            else:
                run = lambda: torch.ops.aten.native_batch_norm_backward(
                    dy, x, scale, None, None, mean, rstd, True, EPSILON, MASK
                )

            def results(returned):
                dx, *sums = returned
                return [array(dx, arrays.x, cell.channel), *(s.numpy() for s in sums)]

            return Kernel(run, results)
        if cell.groups:
            run = lambda: torch.native_group_norm(x, scale, bias, *sizes, EPSILON)
            return Kernel(run, lambda out: [array(out[0], arrays.x, cell.channel)])

        training = cell.op == "batch_norm_training"
        saved = [torch.empty(cell.channels if training else 0) for _ in range(2)]
        arguments = (x, scale, bias, mean, variance, training, 1 - MOMENTUM, EPSILON)
        if cell.fused:
            residual = tensor(arrays.residual, cell.channel)

            def run():
                torch.native_batch_norm(*arguments, out=(y, *saved))
                y.add_(residual).relu_()

            return Kernel(run, lambda _: get_results(cell, arrays))
        return Kernel(
            lambda: torch.native_batch_norm(*arguments, out=(y, *saved)),
            lambda _: get_results(cell, arrays),
            lambda: torch.native_batch_norm(*arguments),
        )
