"""PyTorch in eager mode.

Batch norm writes to the given output. Group norm has no kernel that does (its
`out` overload copies), so that it allocates its output on every call; the heap
keeps these pages, see `run`.
"""

import os

import torch

from arrays import EPSILON, MOMENTUM

from . import Kernel


def tensor(array, channel):
    """Returns a tensor on the memory of `array` whose second axis is the channel;
    with the channels innermost in memory it is of the channels_last format."""
    if array.dtype.name == "bfloat16":
        shared = torch.from_numpy(array.view("int16")).view(torch.bfloat16)
    else:
        shared = torch.from_numpy(array)
    return shared.movedim(channel, 1)


def array(tensor, like, channel):
    """Returns the memory of `tensor` as an array of the axes and type of `like`."""
    bits = torch.int16 if like.itemsize == 2 else tensor.dtype
    return tensor.movedim(1, channel).view(bits).numpy().view(like.dtype)


class PyTorch:
    name = "PyTorch"
    version = torch.__version__

    def __init__(self):
        torch.set_num_threads(len(os.sched_getaffinity(0)))
        torch.set_grad_enabled(False)

    def prepare(self, cell, arrays):
        x, y = tensor(arrays.x, cell.channel), tensor(arrays.y, cell.channel)
        parameters = [torch.from_numpy(a) for a in (arrays.scale, arrays.bias)]
        if cell.op == "group_norm":
            sizes = (x.shape[0], x.shape[1], x[0, 0].numel(), cell.groups)

            def run():
                return torch.native_group_norm(x, *parameters, *sizes, EPSILON)[0]

            return Kernel(run, lambda out: array(out, arrays.x, cell.channel))

        training = cell.op == "batch_norm_training"
        parameters += [torch.from_numpy(a) for a in (arrays.mean, arrays.variance)]
        saved = [torch.empty(cell.channels if training else 0) for _ in range(2)]

        def run():
            torch.native_batch_norm(
                x, *parameters, training, 1 - MOMENTUM, EPSILON, out=(y, *saved)
            )

        return Kernel(run, lambda _: arrays.y)
