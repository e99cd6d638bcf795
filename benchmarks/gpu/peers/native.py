"""PyTorch in eager mode with its own kernels instead of cuDNN's."""

import torch

from . import pytorch


class Peer(pytorch.Peer):
    name = "PyTorch without cuDNN"

    def wrap(self, function):
        def run(*tensors):
            with torch.backends.cudnn.flags(enabled=False):
                return function(*tensors)

        return run
