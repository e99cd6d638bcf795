#!/usr/bin/env python3
"""Makes and shows .npy files of f32, with nothing but Python.

    npy.py fill FILE VALUE...      saves the values
    npy.py repeat FROM TO COUNT    saves COUNT copies along the first axis
    npy.py show FILE...            prints the numbers
    npy.py error FILE EXPECTED     prints the largest error against an array of
                                   f64 in units in the last place of f32, of
                                   numbers below 1 in those of 1
"""

import array
import ast
import math
import struct
import sys

MAGIC = b"\x93NUMPY\x01\x00"


def save(path, shape, data):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(MAGIC) + 2 + len(header) + 1) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(MAGIC + struct.pack("<H", len(header)) + header.encode())
        for piece in data:
            file.write(piece)


def load(path, descr="<f4"):
    """Returns the shape and the bytes."""
    with open(path, "rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            sys.exit(f"npy.py: {path} is not an .npy file of version 1.0")
        (size,) = struct.unpack("<H", file.read(2))
        header = ast.literal_eval(file.read(size).decode())
        if header["descr"] != descr or header["fortran_order"]:
            sys.exit(f"npy.py: {path}: expected {descr} in C order, but got {header}")
        return header["shape"], file.read()


def show(path):
    shape, data = load(path)
    values = array.array("f", data)
    row = shape[-1] if shape else 1
    rows = math.prod(shape[:-1])
    texts = [
        " ".join(f"{value:.6g}" for value in values[i * row : (i + 1) * row])
        for i in range(rows)
    ]
    print(f"{path}: {'  '.join(texts)}")


def error(path, expected_path):
    shape, data = load(path)
    expected_shape, expected = load(expected_path, "<f8")
    if shape != expected_shape:
        sys.exit(f"npy.py: expected the shape {expected_shape}, but got {shape}")
    # The unit of f32 is 2^29 times that of f64.
    ulp = max(
        abs(x - y) / math.ulp(max(abs(y), 1.0))
        for x, y in zip(array.array("f", data), array.array("d", expected))
    )
    print(f"{ulp / 2**29:.2f}")


def main(command, *arguments):
    if command == "fill":
        path, *values = arguments
        data = array.array("f", map(float, values))
        save(path, (len(data),), [data.tobytes()])
    elif command == "repeat":
        source, path, count = arguments
        shape, data = load(source)
        save(path, (shape[0] * int(count), *shape[1:]), [data] * int(count))
    elif command == "show":
        for path in arguments:
            show(path)
    elif command == "error":
        error(*arguments)
    else:
        sys.exit(f"npy.py: expected fill, repeat, show or error, but got {command}")


if len(sys.argv) < 3 or sys.argv[1] == "--help":
    sys.exit(__doc__)
main(*sys.argv[1:])
