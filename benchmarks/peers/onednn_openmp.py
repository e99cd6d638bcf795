# requires: onednn-devel==2026.1.0
# requires: --prefix={prefix}/onednn-openmp onednn-cpu-gomp==2023.2.0
"""oneDNN on OpenMP: the last version that PyPI has of it, without group norm. It
costs less to call than the newest one, and has other kernels of batch norm."""

from .onednn import ROOM, Peer as OneDNN, build

NAME = b"libdnnl.so."


def copy(library):
    """Returns a copy of another name, inside too: a process loads a library of the
    same name only once."""
    renamed = library.with_name("libdnnl.so.o")
    content = library.read_bytes()
    renamed.write_bytes(content.replace(NAME + b"3\0", NAME + b"o\0"))
    return renamed


class Peer(OneDNN):
    name = "oneDNN OpenMP"

    def __init__(self):
        folder = ROOM / "onednn-openmp" / "lib"
        self.load(build(copy(folder / "libdnnl.so.3"), "norm-onednn.so"))
