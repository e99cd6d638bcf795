"""How long Norm takes to compile one op, and norm-opt to start."""

import dataclasses
import statistics
import subprocess
import time

COMPILE_FLOOR, START_FLOOR = 0.150, 0.050  # seconds
COMPILATIONS, STARTS = 7, 15


def choose_cells(cells, quick):
    """Returns the first cell of each op and layout, and these dynamic unless
    it has to be quick."""
    first = {}
    for cell in cells:
        first.setdefault((cell.op, cell.layout), cell)
    dynamic = [dataclasses.replace(cell, dynamic=True) for cell in first.values()]
    return [*first.values(), *([] if quick else dynamic)]


def measure_compilation(cell, norm):
    """Returns one row of the table of compile times, in seconds."""
    totals, phases = [], []
    for _ in range(COMPILATIONS):
        start = time.perf_counter()
        kernel = norm.compile(cell)
        totals.append(time.perf_counter() - start)
        phases.append(kernel.get_compile_times())
        del kernel
    total = statistics.median(totals)
    return {
        "what": f"compile {cell}",
        "seconds": total,
        "first": totals[0],
        "phases": [statistics.median(part) for part in zip(*phases)],
        "floor": COMPILE_FLOOR,
        "passed": total <= COMPILE_FLOOR,
    }


def measure_start(build):
    """Returns the row of a run of norm-opt on an empty module."""
    times = []
    for _ in range(STARTS):
        start = time.perf_counter()
        subprocess.run(
            [build / "bin" / "norm-opt"],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        times.append(time.perf_counter() - start)
    return {
        "what": "start norm-opt",
        "seconds": statistics.median(times),
        "first": times[0],
        "floor": START_FLOOR,
        "passed": statistics.median(times) <= START_FLOOR,
    }
