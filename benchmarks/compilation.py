"""How long Norm takes to compile one op and those of a network, and norm-opt to start."""

import dataclasses
import statistics
import subprocess
import time

COMPILE_FLOOR, NETWORK_FLOOR, START_FLOOR = 0.100, 1.5, 0.050  # seconds
COMPILATIONS, STARTS = 7, 15

# The channels and the size of the inputs of batch norms, and how many there are.
RESNET50 = {
    (64, 112): 1, (64, 56): 6, (256, 56): 4, (128, 56): 1, (128, 28): 7, (512, 28): 5,
    (256, 28): 1, (256, 14): 11, (1024, 14): 7, (512, 14): 1, (512, 7): 5, (2048, 7): 4,
}


def choose_cells(cells, quick):
    """Returns the first cell of each op and layout, and these dynamic unless
    it has to be quick."""
    first = {}
    for cell in cells:
        first.setdefault((cell.op, cell.layout), cell)
    dynamic = [dataclasses.replace(cell, dynamic=True) for cell in first.values()]
    return [*first.values(), *([] if quick else dynamic)]


def measure(what, compile, floor):
    """Returns one row of the table of compile times, in seconds."""
    totals, phases = [], []
    for _ in range(COMPILATIONS):
        start = time.perf_counter()
        kernel = compile()
        totals.append(time.perf_counter() - start)
        phases.append(kernel.get_compile_times())
        del kernel
    total = statistics.median(totals)
    return {
        "what": f"compile {what}",
        "seconds": total,
        "first": totals[0],
        "phases": [statistics.median(part) for part in zip(*phases)],
        "floor": floor,
        "passed": total <= floor,
    }


def measure_compilation(cell, norm):
    return measure(cell, lambda: norm.compile(cell), COMPILE_FLOOR)


def measure_network(norm):
    """The same of a function with all batch norms of a network, in place."""
    arguments, body = [], []
    for i, (channels, size) in enumerate(s for s, count in RESNET50.items() for _ in range(count)):
        x = f"memref<32x{channels}x{size}x{size}xf32>"
        arguments.append(f"%x{i}: {x}")
        body.append(f"norm.batch_norm_training ins(%x{i} : {x}) outs(%x{i} : {x}) features = [1]")
    text = "\n".join([f"func.func @f({', '.join(arguments)}) {{", *body, "return", "}"])
    what = f"{len(body)} batch norms of a ResNet-50"
    return measure(what, lambda: norm.library.compile(text), NETWORK_FLOOR)


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
