"""The bandwidth of each level of the memory system, of all cores together."""

import statistics
import time

from arrays import DTYPES, allocate

# Bytes of an array for each core; two arrays fit the level.
LEVELS = {"L1": 16 << 10, "L2": 256 << 10, "L3": 4 << 20, "memory": 256 << 20}
BYTES_OF_SAMPLE, SAMPLES = 256 << 20, 15
# What is done, and how many of the arrays it moves.
KINDS = {"read": 1, "copy": 2, "streaming copy": 2}


def measure_level(roof, name, size):
    """Returns one row: bytes a second, those read and those written."""
    source, target = (allocate((roof.cores * size // 4,), DTYPES["f32"]) for _ in range(2))
    calls = max(1, BYTES_OF_SAMPLE // source.nbytes)
    row = {"level": name, "size": size}
    for kind, (what, arrays) in enumerate(KINDS.items()):
        times = []
        for _ in range(SAMPLES):
            start = time.perf_counter()
            roof.repeat(source, target, calls, kind)
            times.append(time.perf_counter() - start)
        row[what] = arrays * source.nbytes * calls / statistics.median(times)
    return row
