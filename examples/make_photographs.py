#!/usr/bin/env python3
"""Makes photographs.npy again, from the photographs in scikit-image's wheel.

    python3 -m venv VENV
    VENV/bin/pip install scikit-image==0.26.0
    VENV/bin/python examples/make_photographs.py

README.md beside this script names each photograph's author and licence.
"""

import pathlib

import numpy as np
import PIL.Image
import PIL.ImageOps
import skimage.data

# Each has three colours and is in the public domain or under CC0.
NAMES = [
    "astronaut.png",
    "chelsea.png",
    "coffee.png",
    "hubble_deep_field.jpg",
    "retina.jpg",
    "rocket.jpg",
]
HEIGHT, WIDTH = 160, 240


def load(path):
    """Returns the middle of a photograph, HEIGHT x WIDTH, as CHW from 0 to 1."""
    photograph = PIL.Image.open(path).convert("RGB")
    fitted = PIL.ImageOps.fit(photograph, (WIDTH, HEIGHT), PIL.Image.LANCZOS)
    return np.asarray(fitted, np.float32).transpose(2, 0, 1) / np.float32(255)


folder = pathlib.Path(skimage.data.__file__).parent
batch = np.stack([load(folder / name) for name in NAMES])
np.save(pathlib.Path(__file__).with_name("photographs.npy"), batch)
print(batch.shape, batch.dtype, batch.nbytes, "bytes")
