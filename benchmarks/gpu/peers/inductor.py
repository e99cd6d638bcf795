"""PyTorch compiled by Inductor, to Triton."""

import torch

from . import pytorch


class Peer(pytorch.Peer):
    name = "Inductor"

    def wrap(self, function):
        torch._dynamo.reset()
        return torch.compile(function, fullgraph=True, dynamic=False, mode="max-autotune-no-cudagraphs")
