"""One of four processes that call the C interface. Arguments: its library, a module,
the MPI."""

import sys

import norm_runner
import numpy as np

library = norm_runner.Library(sys.argv[1])
kernel = library.compile(open(sys.argv[2]).read(), "gather")


def gather(rows, columns, value):
    received = np.zeros(20, np.int64)
    kernel([np.full((rows, columns), value, np.int64), received])
    return received.reshape(4, 5).tolist()


def get_error(function):
    try:
        function()
    except norm_runner.Error as error:
        return str(error)


def start(mpi):
    with library.devices(mpi):
        pass


message = "expected 4 processes for a grid of 2x2, but got 1; start them with mpirun -n 4, each with a transport"
assert get_error(lambda: gather(1, 1, 1)) == message
assert get_error(lambda: start("pvm")) == "expected the MPI to be auto, none, mpich or openmpi, but got pvm"
with library.devices("none") as device:
    assert device == (0, 1), device
with library.devices(sys.argv[3]) as (index, count):
    assert count == 4
    expected = [[0, 10 * i, i + 1, 3, i] for i in range(4)]
    assert gather(index + 1, 3, 10 * index) == expected
    assert get_error(lambda: start("auto")) == "expected devices to be stopped before they are started again"
assert get_error(lambda: gather(1, 1, 1)) == message
print("ok", flush=True)
