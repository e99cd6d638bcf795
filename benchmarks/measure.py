"""Checks the results of all and measures their times, side by side."""

import gc
import random
import statistics
import sys
import time

from arrays import Arrays, to_nchw
from reference import max_error, max_relative_error, reference

TOLERANCE = {"f32": 1e-5, "f16": 2**-10, "bf16": 2**-7}  # Relative above 1.
PEER_TOLERANCE = 1e-3  # PyTorch is 6e-5 off in NHWC training of 400,000 values.
WARM_UP = 3  # repetitions
SLOW, SLOW_STEP = 20, 5  # What takes this many roofs is in each fifth repetition.
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
    """Returns the times of each function in seconds, one for each repetition,
    of which slow functions skip some. The order is random: what one leaves in
    the caches helps another."""
    names = list(functions)
    times = {name: [] for name in names}
    order = random.Random(2026)
    slow = set()
    for repetition in range(-WARM_UP, repetitions):
        order.shuffle(names)
        for name in names:
            if name in slow and repetition % SLOW_STEP:
                continue
            run = functions[name]
            start = time.perf_counter()
            for _ in range(calls):
                run()
            end = time.perf_counter()
            times[name].append((end - start) / calls)
        if repetition == -1:
            best = {name: min(seen) for name, seen in times.items()}
            slow = {name for name in names if best[name] > SLOW * min(best.values())}
            times = {name: [] for name in names}
    return times


class Speed:
    """Measures cells; keeps the last reference, which the layouts share."""

    def __init__(self, roof, norm, peers, repetitions):
        self.roof, self.norm, self.peers, self.repetitions = roof, norm, peers, repetitions
        self.key, self.expected = None, None

    def get_expected(self, cell, arrays):
        key = (cell.op, cell.sizes, cell.groups, cell.type)
        if key != self.key:
            self.key, self.expected = key, reference(cell, arrays)
        return self.expected

    def prepare(self, cell, arrays, failures):
        """Returns the checked functions, ours first, and the layouts of peers."""
        expected = self.get_expected(cell, arrays)
        strict = TOLERANCE[cell.type]
        kernel = self.norm.prepare(cell, own := arrays.fork())
        wrong = find_error(cell, kernel, own, expected, strict)
        if wrong:
            sys.exit(f"{cell}: {self.norm.name}: {wrong}")
        functions, layouts = {self.norm.name: kernel.run}, {}
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
                    wrong = find_error(
                        its_cell, kernel, own, expected, max(strict, PEER_TOLERANCE)
                    )
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
