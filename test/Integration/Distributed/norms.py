"""One of several processes: layers and gradients whose statistics are of several devices,
against the reference on what all of these have together.

Each device has its part of the input along one axis, of a length of its own. The last
line that a device prints is a digest of the statistics, which are the same on all of
them to the last bit.
"""

import hashlib
import os

from layer_models import *
from norm_testing import *
import norm_testing

report = Report()
digest = hashlib.sha256()


def get_members(grid, axes, groups, index):
    """The devices that gather with the device `index`, in their order."""
    devices = np.arange(np.prod(grid)).reshape(grid)
    place = np.unravel_index(index, grid)
    line = devices[tuple(slice(None) if axis in axes else place[axis] for axis in range(len(grid)))]
    # Indices of the remaining axes, in the order in which they are named.
    line = line.transpose([sorted(axes).index(axis) for axis in axes]).ravel().tolist()
    if not groups:
        return line
    return next(m for m in ([line[i] for i in group] for group in groups) if index in m)


def make_local_call(c, local, rng):
    """The call of one device, whose devices stand where the syntax wants them."""
    op, clauses, attributes, operands, outputs = describe(local)
    devices = f"<@grid, axes = {list_axes(c['devices'])}"
    if c["members"]:
        devices += f", groups = [{', '.join(map(list_axes, c['members']))}]"
    attributes = attributes.replace(" epsilon =", f" devices = {devices}>{' sum_parameters' * c['sum']} epsilon =", 1)
    call = OpCall(op, clauses, attributes, operands, outputs, c["kind"], c["dynamic"], rng)
    call.text = f"shard.grid @grid(shape = {'x'.join(map(str, c['grid']))})\n{call.text}"
    return call


def run(c, number, index):
    members = get_members(c["grid"], c["devices"], c["members"], index)
    # All that are together draw the same arrays, of all of them.
    rng = np.random.default_rng([number, *members])
    lengths, axis = [c["lengths"][member] for member in members], c["axis"]
    begin = sum(lengths[: members.index(index)])
    part = slice(begin, begin + c["lengths"][index])

    def get_shape(length):
        return tuple(length if i == axis else size for i, size in enumerate(c["shape"]))

    whole = {**c, "shape": get_shape(sum(lengths))}
    local = {**c, "shape": get_shape(c["lengths"][index])}
    is_split = [name for name in "xyd"] + ["mask"] * (c["mask"] is not None and axis in c["mask"])

    def take(name, values):
        if name not in is_split:
            return values
        position = list(c["mask"]).index(axis) if name == "mask" else axis
        return values[(slice(None),) * position + (part,)]

    everything = make_call(whole, rng)
    for name, array in everything.arrays.items():
        array.set(make_data(rng, array.shape))
    everything.arrays["x"].set(make_data(rng, whole["shape"], c["mean"], c["std"]))
    if c["running"]:
        everything.arrays["rv"].set(np.abs(everything.arrays["rv"].get()) + 0.5)
    if c["mask"] is not None:
        set_selected(whole, everything, 0.6, rng)
        spoil_unselected(whole, everything, rng)
    if is_gradient(c):
        set_statistics(whole, everything, False, rng)
    values = everything.get_values()
    call = make_local_call(c, local, rng)
    for name, array in call.arrays.items():
        array.set(take(name, values[name]))
    got = call.run(compile_kernel(call.text))
    expected = expect(whole, values)
    if is_gradient(c) and not c["sum"]:
        # Those of the parameters are of this device alone.
        expected.update({name: expect(local, {n: take(n, v) for n, v in values.items()})[name] for name in "hc"})
    for name in call.outputs:
        value, tolerance = expected[name]
        report.compare(f"{c['op']} {name} {get_output_type(c, name)}", got[name],
                       take(name, value) if name == "y" else value,
                       take(name, np.broadcast_to(tolerance, value.shape)) if name == "y" else tolerance)
    if len(members) == len(c["lengths"]) and (not is_gradient(c) or c["sum"]):
        for name in call.outputs:
            if name != "y":
                digest.update(np.ascontiguousarray(got[name]).tobytes())


def get_grids(count):
    """Grids of so many devices, which of their axes gather, and groups of these."""
    yield (count,), (0,), None
    yield (count,), (0,), [list(reversed(range(count)))]
    yield (count,), (0,), [[i] for i in range(count)]
    if count == 3:
        yield (3,), (0,), [[0, 2], [1]]
    if count == 4:
        yield (4,), (0,), [[0, 3], [1, 2]]
        yield (4,), (0,), [[3, 1, 0], [2]]
        yield from (((2, 2), axes, None) for axes in ((0,), (1,), (0, 1), (1, 0)))
        yield (2, 2), (1, 0), [[0, 3], [2, 1]]
    if count == 2:
        yield (1, 2), (1,), None
        yield (1, 2), (0,), None


LENGTHS = [[3, 3, 3, 3], [1, 5, 2, 0], [0, 0, 0, 6], [7, 1, 0, 2], [0, 0, 0, 0], [1, 0, 0, 0]]
DEFAULT = {**DEFAULTS, "mean": 0.0, "std": 1.0, "members": None, "sum": False}


def list_cases(count):
    training = dict(op="batch_norm_training", running=True)
    gradient = dict(op="batch_norm_grad")
    nchw = dict(shape=(0, 5, 4, 3), axes=dict(features=(1,)), axis=0)
    nhwc = dict(shape=(0, 6, 19), axes=dict(features=(2,)), axis=0)
    inner = dict(shape=(2, 3, 0, 5), axes=dict(features=(1,)), axis=2)
    everybody = dict(grid=(count,), devices=(0,))
    # Lengths begin elsewhere so that two devices have all kinds, too.
    turned = [lengths[-i:] + lengths[:-i] for lengths in LENGTHS for i in (0, 2)]
    for grid, devices, members in get_grids(count):
        for op in (training, gradient, {**gradient, "sum": True}):
            for lengths in ([3, 1, 2, 4], [0, 2, 0, 5]):
                yield {**nchw, **op, "grid": grid, "devices": devices, "members": members, "lengths": lengths}
    for lengths in turned:
        for op in (training, gradient):
            for layout in (nchw, nhwc, inner):
                yield {**layout, **op, **everybody, "lengths": lengths}
    usual = dict(lengths=[2, 1, 3, 2], **everybody)
    for op in (training, gradient):
        yield {**nchw, **op, **usual, "mean": 1e4, "std": 0.1}
        yield {**nhwc, **op, **usual, "mean": 1e4, "std": 0.1}
        for mask in ((0,), (0, 2, 3), (0, 1, 2, 3), (2, 3)):
            yield {**nchw, **op, **usual, "mask": mask}
        for name in TYPES:
            yield {**nchw, **op, **usual, "x": name, "y": name, "d": name}
        yield {**nchw, **op, **usual, "x": "f16", "y": "bf16", "p": "f64", "s": "f64", "mean": 300.0}
        for kind in ("tensor", "view", "step"):
            for dynamic in (False, True):
                yield {**nchw, **op, **usual, "kind": kind, "dynamic": dynamic}
    # What a sample's statistics are of may be on several devices, too.
    alone = dict(scale=False, bias=False)
    yield {**usual, **alone, "op": "layer_norm", "shape": (4, 0), "axes": dict(axes=(1,)), "axis": 1}
    yield {**usual, **alone, "op": "rms_norm", "shape": (4, 0), "axes": dict(axes=(1,)), "axis": 1}
    yield {**usual, "op": "instance_norm", "shape": (2, 5, 0, 3), "axes": dict(channel=1), "axis": 2}
    yield {**usual, "op": "group_norm", "shape": (2, 6, 0, 3), "axes": dict(channel=1, groups=3), "axis": 2}


with norm_testing.library.devices() as (index, count):
    cases = list(list_cases(count))
    for number, c in enumerate(cases):
        c = {**DEFAULT, **c, "lengths": c["lengths"][:count]}
        changed = {name: value for name, value in c.items() if DEFAULT.get(name) != value}
        report.case(f"device {index}: {changed}", lambda: run(c, number, index))
    print(f"digest {digest.hexdigest()}", flush=True)
report.finish(at_least=60)
