"""Libraries that have the ops.

To add a peer, add a file with a class that has a `name`, a `version`, and
`prepare(cell, arrays)`, which returns a Kernel, or None where the library lacks
the op, and put the class into PEERS.
"""

import dataclasses
from collections.abc import Callable


@dataclasses.dataclass
class Kernel:
    """One op of a library, bound to arrays.

    `run` computes it once. `output` turns what `run` returned into an array of
    the cell's shape; it is not timed.
    """

    run: Callable
    output: Callable


from .norm import Norm  # noqa: E402
from .pytorch import PyTorch  # noqa: E402

PEERS = [PyTorch]
