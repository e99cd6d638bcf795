"""What is measured: one line for each shape, and the goals of each row."""

import dataclasses
import math

TRAINING, INFERENCE, GROUP = "batch_norm_training", "batch_norm_inference", "group_norm"
BATCH_GRADIENT, GROUP_GRADIENT = "batch_norm_grad", "group_norm_grad"
BLOCK = 16  # Channels of a block, in the layout NCHW16c.
EPSILON = 1e-5
MOMENTUM = 0.9  # What the running statistics keep of their old values.


@dataclasses.dataclass(frozen=True)
class Cell:
    """One op on one shape: `sizes` are those of N, C, H and W, whatever the
    layout. If it is `fused`, a residual of the output's shape is added, and the
    ReLU of the sum is the output. If it is `dynamic`, ours is compiled for all
    sizes."""

    op: str
    layout: str
    sizes: tuple
    groups: int = 0
    type: str = "f32"
    fused: bool = False
    dynamic: bool = False

    @property
    def shape(self):
        """The shape of the array in memory, in row-major order."""
        n, c, h, w = self.sizes
        return {
            "NC": (n, c),
            "NCHW": (n, c, h, w),
            "NHWC": (n, h, w, c),
            "NCHW16c": (n, c // BLOCK, h, w, BLOCK),
        }[self.layout]

    @property
    def channel(self):
        """The position of the channel axis in `shape`."""
        return self.layout.index("C")

    @property
    def channels(self):
        return self.sizes[1]

    @property
    def elements(self):
        return math.prod(self.sizes)

    @property
    def gradient(self):
        return self.op.endswith("_grad")

    @property
    def statistics(self):
        """The shape of the mean and of the variance."""
        return (self.sizes[0], self.groups) if self.groups else (self.channels,)

    @property
    def bytes(self):
        """What no op can avoid to read or write: its large inputs and output."""
        arrays = 3 if self.gradient or self.fused else 2
        return self.elements * (4 if self.type == "f32" else 2) * arrays

    def __str__(self):
        groups = f" / {self.groups}" if self.groups else ""
        fused = " + add + relu" * self.fused
        shape = "x".join(map(str, self.shape))
        dynamic = " dynamic" * self.dynamic
        return f"{self.op}{fused} {self.layout} {shape}{groups} {self.type}{dynamic}"


# N, C, H, W of ResNets, transformers, diffusion models and of single images; a
# flat spatial axis is HxW = Lx1, and no spatial axis is the layout NC.
BATCH_SHAPES = [
    (32, 64, 112, 112),
    (32, 64, 56, 56),
    (32, 256, 56, 56),
    (32, 512, 28, 28),
    (32, 2048, 7, 7),
    (4096, 1024, 1, 1),
    (64, 256, 1000, 1),
    (1, 64, 56, 56),
    (1, 32, 16, 16),
]
GROUP_SHAPES = [  # And the number of groups.
    ((8, 320, 64, 64), 32),
    ((2, 512, 128, 128), 32),
    ((4, 1280, 16, 16), 32),
    ((32, 256, 56, 56), 32),
    ((1, 64, 56, 56), 32),
    ((1, 32, 16, 16), 8),
]
# At the end of a ResNet's block.
FUSED_SHAPES = [(32, 256, 56, 56), (32, 512, 28, 28), (32, 1024, 14, 14)]
SMALL = 1 << 18  # elements; these are measured in f32 only.


def make_cells():
    """Returns all cells; those that differ in the layout only are neighbors."""
    shapes = {op: [(sizes, 0) for sizes in BATCH_SHAPES] for op in (TRAINING, INFERENCE, BATCH_GRADIENT)}
    shapes |= {op: GROUP_SHAPES for op in (GROUP, GROUP_GRADIENT)}
    return [
        Cell(op, layout, sizes, groups, type)
        for type in ("f32", "bf16")
        for op in (INFERENCE, TRAINING, BATCH_GRADIENT, GROUP, GROUP_GRADIENT)
        for sizes, groups in shapes[op]
        if type == "f32" or math.prod(sizes) >= SMALL
        for layout in (("NC",) if sizes[2:] == (1, 1) else ("NCHW", "NHWC"))
    ] + [
        Cell(op, layout, sizes, type=type, fused=True)
        for type in ("f32", "bf16")
        for op in (INFERENCE, TRAINING)
        for sizes in FUSED_SHAPES
        for layout in ("NCHW", "NHWC")
    ]


CELLS = make_cells()

# What --quick measures, and whose errors --accuracy measures.
QUICK_SIZES = [(32, 64, 56, 56), (8, 320, 64, 64), (1, 32, 16, 16)]
QUICK = [cell for cell in CELLS if cell.sizes in QUICK_SIZES and cell.type == "f32"]
ACCURACY = [cell for cell in QUICK if cell.elements >= SMALL and not cell.gradient]


@dataclasses.dataclass(frozen=True)
class Row:
    """Cells whose medians have goals: the share of the roof's bandwidth, and how
    many times as fast as the fastest peer in the same layout, and in any."""

    name: str
    ops: tuple
    layouts: tuple
    share: float | None
    same: float | None
    any: float | None
    type: str = "f32"
    small: bool = False
    fused: bool = False

    def has(self, cell):
        return (
            cell.op in self.ops
            and cell.layout in self.layouts
            and cell.type == self.type
            and (cell.elements < SMALL) == self.small
            and cell.fused == self.fused
        )


# NC has the channels innermost, as NHWC.
FIRST, LAST = ("NCHW",), ("NHWC", "NC")
ROWS = [
    Row("batch norm inference NCHW", (INFERENCE,), FIRST, 0.95, 1.35, 1.0),
    Row("batch norm inference NHWC", (INFERENCE,), LAST, 0.95, 1.05, 1.0),
    Row("batch norm training NCHW", (TRAINING,), FIRST, 0.85, 2.0, 1.25),
    Row("batch norm training NHWC", (TRAINING,), LAST, 0.65, 1.3, 1.3),
    Row("batch norm gradient NCHW", (BATCH_GRADIENT,), FIRST, 0.85, 1.4, 1.2),
    Row("batch norm gradient NHWC", (BATCH_GRADIENT,), LAST, 0.6, 1.1, 1.1),
    Row("group norm NCHW", (GROUP,), FIRST, 0.9, 1.3, 1.3),
    Row("group norm NHWC", (GROUP,), LAST, 0.75, 1.35, 1.35),
    Row("group norm gradient NCHW", (GROUP_GRADIENT,), FIRST, 0.88, 1.6, 1.6),
    Row("group norm gradient NHWC", (GROUP_GRADIENT,), LAST, 0.7, 1.35, 1.35),
]
EVERY = (TRAINING, INFERENCE, BATCH_GRADIENT, GROUP, GROUP_GRADIENT)
ROWS += [
    Row("small inputs", EVERY, FIRST + LAST, None, 2.0, 1.3, small=True),
    *(
        dataclasses.replace(
            row, name=f"{row.name} bf16", share=None, same=1.3, any=None, type="bf16"
        )
        for row in ROWS
    ),
]
# Inference and training with an addition and a ReLU have no goals of their own.
ROWS += [
    Row(f"{name} + add + relu {layouts[0]}{suffix}", (op,), layouts, None, None, None, type, fused=True)
    for type, suffix in (("f32", ""), ("bf16", " bf16"))
    for op, name in ((INFERENCE, "batch norm inference"), (TRAINING, "batch norm training"))
    for layouts in (FIRST, LAST)
]
SLOWER = 1.05  # No cell may take this many times the time of the fastest peer in its layout.
