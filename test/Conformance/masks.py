"""Which values of an input are selected, and the masks that cases draw."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Mask:
    """One element for each index of `axes` or, with `sequence`, a length along
    that axis. `drawn` is how, see draw; `unselected` is what the op is told."""

    axes: tuple
    sequence: int | None = None
    drawn: str = "most"
    unselected: str = "normalize"

    def __str__(self):
        sequence = "" if self.sequence is None else f" lengths along {self.sequence}"
        return f"mask {self.drawn} of {list(self.axes)}{sequence} {self.unselected}"

    @property
    def operand(self):
        return "mask" if self.sequence is None else "lengths"

    @property
    def attributes(self):
        sequence = "" if self.sequence is None else f" sequence_axis = {self.sequence}"
        return f"mask_axes = {list(self.axes)}{sequence} unselected = {self.unselected}"

    def draw(self, rng, shape):
        """The operand for an input of `shape`: `most` values, `few`, which leaves
        statistics of no value or of one, or `no` value."""
        sizes = tuple(shape[axis] for axis in self.axes)
        share = {"most": 0.7, "few": 0.1, "no": 0.0}[self.drawn]
        if self.sequence is None:
            return rng.random(sizes) < share
        # Beyond the size, too, and below 0.
        size = shape[self.sequence]
        lengths = rng.binomial(size + 2, share, sizes) - (self.drawn != "most")
        return lengths.astype(np.int32)

    def select(self, operand, shape):
        """The mask as other systems take it: of the input's rank, with 1 for the
        axes that it does not have."""
        rank = len(shape)
        kept = operand.reshape([shape[i] if i in self.axes else 1 for i in range(rank)])
        if self.sequence is None:
            return kept
        places = np.arange(shape[self.sequence]).reshape(
            [-1 if i == self.sequence else 1 for i in range(rank)])
        return places < kept


def make_masks(rank):
    """Masks of inputs of `rank`: of all elements, of samples, and of sequences."""
    every = tuple(range(rank))
    masks = [Mask(every), Mask(every, drawn="few"), Mask((0,)), Mask((0,), 1),
             Mask(every, unselected="zero"), Mask((0,), 1, unselected="zero"),
             Mask(every, drawn="few", unselected="zero"), Mask((rank - 1,)),
             Mask((0,), drawn="no")]
    if rank > 2:
        masks += [Mask((0, 1)), Mask((1, rank - 1), unselected="zero"),
                  Mask((0, rank - 1), 1, "few")]
    return masks
