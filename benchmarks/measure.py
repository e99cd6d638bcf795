"""Checks the results of all and measures their times, side by side."""

import dataclasses
import gc
import random
import statistics
import sys
import time

from arrays import Arrays, to_nchw
from reference import max_error, max_relative_error, reference
from schedule import expect_traffic

TOLERANCE = {"f32": 1e-5, "f16": 2**-10, "bf16": 2**-7}  # Relative above 1.
PEER_TOLERANCE = 1e-3  # PyTorch is 6e-5 off in NHWC training of 400,000 values.
DYNAMIC = "Norm, dynamic sizes"
ROUNDED = 8  # Times that, where a peer rounds what stands between fused ops.
BURST = 5  # Samples of a function in a round.
# A thread that was woken may share a core with the one that waits for it, until
# the system moves it: up to 16 ms were measured.
WARM_UP = 20e-3  # seconds
SLOW = 20  # What takes this many roofs has one sample in a round.
BYTES_OF_SAMPLE, MAX_CALLS = 1 << 24, 100


def get_calls(cell):
    """Returns how many calls make one sample, so that a clock resolves it."""
    return max(1, min(MAX_CALLS, BYTES_OF_SAMPLE // cell.bytes))


def find_error(cell, kernel, arrays, expected, tolerance):
    """Runs the kernel once. Returns what is wrong with its results, or None."""
    arrays.y.fill(float("nan"))
    for name, values in zip(expected, kernel.results(kernel.run())):
        exact = expected[name]
        if exact.ndim > 1:
            error = max_relative_error(to_nchw(values, cell), exact)
        else:  # Sums of many values are off by what the large ones are.
            error = max_error(values, exact) / max(1, abs(exact).max())
        if not error <= tolerance:
            return f"the {name} is wrong by {error:g}"
    return None


def measure(functions, calls, repetitions):
    """Returns the times of each function in seconds: about `repetitions` of
    them, fewer of slow functions. In each round, a function runs until its
    threads are awake, those of others sleep, and the caches have what it leaves
    in them itself; then it is timed. The order in a round is random."""
    names = list(functions)
    times = {name: [] for name in names}
    order = random.Random(2026)
    for _ in range(repetitions // BURST):
        order.shuffle(names)
        for name in names:
            run = functions[name]
            end = time.perf_counter() + WARM_UP
            run()
            while time.perf_counter() < end:
                run()
            fastest = min((min(seen) for seen in times.values() if seen), default=0)
            seen = times[name]
            is_slow = seen and min(seen) > SLOW * fastest
            for _ in range(1 if is_slow else BURST):
                start = time.perf_counter()
                for _ in range(calls):
                    run()
                seen.append((time.perf_counter() - start) / calls)
    return times


class Speed:
    """Measures cells; keeps the last reference, which the layouts share."""

    def __init__(self, build, roof, norm, peers, repetitions):
        self.build, self.repetitions = build, repetitions
        self.roof, self.norm, self.peers = roof, norm, peers
        self.key, self.expected = None, None

    def get_expected(self, cell, arrays):
        key = (cell.op, cell.sizes, cell.groups, cell.type, cell.fused)
        if key != self.key:
            self.key, self.expected = key, reference(cell, arrays)
        return self.expected

    def prepare(self, cell, arrays, failures):
        """Returns the checked functions, ours first, and the layouts of peers."""
        expected = self.get_expected(cell, arrays)
        strict = TOLERANCE[cell.type]
        loose = max(strict, PEER_TOLERANCE) * (ROUNDED if cell.fused else 1)
        functions, layouts = {}, {}
        for name, dynamic in ((self.norm.name, False), (DYNAMIC, True)):
            own_cell = dataclasses.replace(cell, dynamic=dynamic)
            kernel = self.norm.prepare(own_cell, own := arrays.fork())
            wrong = find_error(cell, kernel, own, expected, strict)
            if wrong:
                sys.exit(f"{cell}: {name}: {wrong}")
            functions[name] = kernel.run
        moved = {cell.layout: (cell, arrays)}
        for peer in self.peers:
            others = () if cell.layout == "NC" else getattr(peer, "layouts", ())
            for layout in dict.fromkeys((cell.layout, *others)):
                if layout not in moved:
                    moved[layout] = arrays.convert(cell, layout)
                its_cell, its_arrays = moved[layout]
                name = peer.name if layout == cell.layout else f"{peer.name} {layout}"
                try:
                    kernel = peer.prepare(its_cell, own := its_arrays.fork())
                    if not kernel:
                        continue
                    wrong = find_error(its_cell, kernel, own, expected, loose)
                except Exception as error:  # One that fails is no reason to stop.
                    wrong = f"{type(error).__name__}: {error}".splitlines()[0][:200]
                if wrong:
                    failures[name] = wrong
                else:
                    functions[name], layouts[name] = kernel.run, layout
        return functions, layouts

    def __call__(self, cell):
        """Returns one row of the table of speeds; times in seconds."""
        arrays, failures = Arrays.random(cell), {}
        functions, layouts = self.prepare(cell, arrays, failures)
        calls = get_calls(cell)
        roofs = self.roof.prepare(arrays, calls)
        gc.collect()  # What earlier cells left.
        times = measure({**roofs, **functions}, calls, self.repetitions)
        medians = {name: statistics.median(values) for name, values in times.items()}
        best = min(roofs, key=medians.get)
        return {
            "cell": str(cell),
            "layout": cell.layout,
            "bytes": cell.bytes,
            "roof": medians[best],
            "roof_variant": best,
            "ours": medians[self.norm.name],
            "dynamic": medians[DYNAMIC],
            "traffic": expect_traffic(self.build, cell),
            "peers": {name: medians[name] for name in layouts},
            "layouts": layouts,
            "failures": failures,
            "calls": calls,
            "fastest": {name: min(values) for name, values in times.items()},
            "quartiles": {
                name: statistics.quantiles(values, n=4)
                for name, values in times.items()
                if len(values) > 1
            },
        }
