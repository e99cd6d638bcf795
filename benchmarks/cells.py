"""What is measured: one line for each cell."""

import dataclasses
import math


@dataclasses.dataclass(frozen=True)
class Cell:
    """One op on one shape.

    The shape is that of the array in memory, in row-major order, and `layout`
    names its axes. `floor` is the share of the streaming copy's bandwidth that
    ours has to reach; every cell has to be faster than the peers, too. If it is
    `dynamic`, ours is compiled for all sizes.
    """

    op: str
    layout: str
    shape: tuple
    groups: int = 0
    floor: float = 0.0
    type: str = "f32"
    dynamic: bool = False

    @property
    def channel(self):
        """The position of the channel axis."""
        return self.layout.index("C")

    @property
    def channels(self):
        return self.shape[self.channel]

    @property
    def elements(self):
        return math.prod(self.shape)

    def __str__(self):
        groups = f" / {self.groups}" if self.groups else ""
        shape = "x".join(map(str, self.shape))
        dynamic = " dynamic" * self.dynamic
        return f"{self.op} {self.layout} {shape}{groups} {self.type}{dynamic}"


TRAINING, INFERENCE, GROUP = "batch_norm_training", "batch_norm_inference", "group_norm"

CELLS = [
    Cell(TRAINING, "NCHW", (32, 64, 56, 56), floor=0.6),
    Cell(TRAINING, "NCHW", (32, 256, 56, 56), floor=0.6),
    Cell(TRAINING, "NHWC", (8, 64, 64, 320)),
    Cell(INFERENCE, "NCHW", (32, 64, 56, 56), floor=0.7),
    Cell(INFERENCE, "NCHW", (32, 256, 56, 56), floor=0.7),
    Cell(INFERENCE, "NHWC", (8, 64, 64, 320), floor=0.7),
    Cell(GROUP, "NCHW", (32, 64, 56, 56), groups=32, floor=0.7),
    Cell(GROUP, "NCHW", (32, 256, 56, 56), groups=32, floor=0.7),
    Cell(GROUP, "NHWC", (8, 64, 64, 320), groups=32),
]

# Shapes of ResNets, transformers, diffusion models and of single images; no
# floors but to be faster than the peers. A flat spatial axis is HxW = Lx1.
MORE_CELLS = [
    Cell(TRAINING, "NCHW", (32, 64, 112, 112)),
    Cell(TRAINING, "NCHW", (32, 512, 28, 28)),
    Cell(TRAINING, "NCHW", (32, 2048, 7, 7)),
    Cell(TRAINING, "NC", (4096, 1024)),
    Cell(TRAINING, "NCHW", (64, 256, 1000, 1)),
    Cell(TRAINING, "NCHW", (1, 64, 56, 56)),
    Cell(TRAINING, "NCHW", (1, 32, 16, 16)),
    Cell(TRAINING, "NHWC", (32, 112, 112, 64)),
    Cell(TRAINING, "NHWC", (32, 56, 56, 256)),
    Cell(TRAINING, "NHWC", (32, 28, 28, 512)),
    Cell(TRAINING, "NHWC", (32, 7, 7, 2048)),
    Cell(TRAINING, "NHWC", (1, 56, 56, 64)),
    Cell(TRAINING, "NCHW", (32, 256, 56, 56), type="bf16"),
    Cell(TRAINING, "NHWC", (32, 56, 56, 256), type="bf16"),
    Cell(INFERENCE, "NCHW", (32, 64, 112, 112)),
    Cell(INFERENCE, "NCHW", (32, 512, 28, 28)),
    Cell(INFERENCE, "NCHW", (32, 2048, 7, 7)),
    Cell(INFERENCE, "NC", (4096, 1024)),
    Cell(INFERENCE, "NCHW", (1, 64, 56, 56)),
    Cell(INFERENCE, "NHWC", (32, 56, 56, 256)),
    Cell(INFERENCE, "NHWC", (32, 7, 7, 2048)),
    Cell(INFERENCE, "NHWC", (1, 56, 56, 64)),
    Cell(INFERENCE, "NCHW", (32, 256, 56, 56), type="bf16"),
    Cell(INFERENCE, "NHWC", (32, 56, 56, 256), type="bf16"),
    Cell(GROUP, "NCHW", (8, 320, 64, 64), groups=32),
    Cell(GROUP, "NCHW", (2, 512, 128, 128), groups=32),
    Cell(GROUP, "NCHW", (4, 1280, 16, 16), groups=32),
    Cell(GROUP, "NCHW", (1, 64, 56, 56), groups=32),
    Cell(GROUP, "NCHW", (1, 32, 16, 16), groups=8),
    Cell(GROUP, "NHWC", (2, 128, 128, 512), groups=32),
    Cell(GROUP, "NHWC", (4, 16, 16, 1280), groups=32),
    Cell(GROUP, "NHWC", (32, 56, 56, 256), groups=32),
    Cell(GROUP, "NHWC", (1, 56, 56, 64), groups=32),
    Cell(GROUP, "NCHW", (32, 256, 56, 56), groups=32, type="bf16"),
    Cell(GROUP, "NHWC", (32, 56, 56, 256), groups=32, type="bf16"),
]
