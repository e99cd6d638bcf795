"""Compares statistics over devices with those of Flax, BrainState and BrainPy.

Their layers run under jax.pmap on 4 virtual devices, in float64; Norm's op and its
gradient in float32, in 4 processes that mpirun starts, with an accumulator of float64
where the mean is large. Where JAX has no such groups, and where Flax gives devices with
different numbers of selected values the same weight, the expected values are those of one
op on the values of all devices of a group. Prints a line for each case; exits with 1 if
one failed. Usage: devices.py NORM_RUN"""

import os

DEVICES = 4
os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={DEVICES}"

import dataclasses
import itertools
import pathlib
import shutil
import subprocess
import sys
import tempfile

import brainpy
import brainstate as bst
import jax
import jax.numpy as jnp
import numpy as np
from flax import linen

EPSILON, MOMENTUM = 1e-3, 0.9
PAIRS = [[0, 1], [2, 3]]
CROSSED = [[0, 3], [2, 1]]
UNEVEN = [[0], [3, 1, 2]]
TOLERANCE = 16  # units of float32, at the largest value of a result


@dataclasses.dataclass(frozen=True)
class Case:
    system: str
    groups: list | None
    mean: float
    masked: bool = False
    correction: int = 0

    @property
    def accumulator(self):
        return "f64" if self.mean else "f32"

    def __str__(self):
        groups = f", groups {self.groups}" if self.groups else ""
        mask = ", masks of different counts" if self.masked else ""
        return f"{self.system}{groups}, mean {self.mean:g}{mask}"


def make_arrays(case):
    """A batch for each device: axis 0 is that of devices."""
    random = np.random.default_rng(7)
    shape = (DEVICES, 3, 5, 7, 6)
    features = shape[-1]
    arrays = dict(
        x=random.standard_normal(shape) + case.mean, dy=random.standard_normal(shape),
        scale=random.uniform(0.5, 2, features), bias=random.standard_normal(features),
        running_mean=random.standard_normal(features),
        running_variance=random.uniform(0.5, 2, features))
    arrays = {n: a.astype(np.float32).astype(np.float64) for n, a in arrays.items()}
    if case.masked:
        # Each device selects another number of values, the last one none.
        counts = np.arange(shape[1] * DEVICES)[::-1].reshape(DEVICES, shape[1])
        arrays["mask"] = counts > (shape[1] * DEVICES) // 2
    return arrays


# Each gives y, the running mean and the running variance of one device.

def apply_flax(case, x, a, mask):
    layer = linen.BatchNorm(
        use_running_average=False, epsilon=EPSILON, momentum=MOMENTUM, axis_name="devices",
        axis_index_groups=case.groups, use_fast_variance=False, dtype=x.dtype,
        param_dtype=x.dtype)
    y, state = layer.apply(
        {"params": {"scale": a["scale"], "bias": a["bias"]},
         "batch_stats": {"mean": a["running_mean"], "var": a["running_variance"]}},
        x, mask=mask, mutable=["batch_stats"])
    state = state["batch_stats"]
    return y, state["mean"], state["var"]


def apply_brainstate(case, x, a, mask):
    with bst.environ.context(fit=True, precision=64):
        layer = bst.nn.BatchNorm2d(
            x.shape[1:], epsilon=EPSILON, momentum=MOMENTUM, axis_name="devices",
            axis_index_groups=case.groups, use_fast_variance=False)
        layer.weight.value = {
            n: a[n].reshape(layer.weight.value[n].shape) for n in ("scale", "bias")}
        shape = layer.running_mean.value.shape
        layer.running_mean.value = a["running_mean"].reshape(shape)
        layer.running_var.value = a["running_variance"].reshape(shape)
        y = layer.update(x)
        return (y, layer.running_mean.value.reshape(-1), layer.running_var.value.reshape(-1))


def apply_brainpy(case, x, a, mask):
    with brainpy.math.environment(mode=brainpy.math.training_mode, float_=jnp.float64):
        layer = brainpy.dnn.BatchNorm2d(
            x.shape[-1], epsilon=EPSILON, momentum=MOMENTUM, axis_name="devices",
            axis_index_groups=case.groups, mode=brainpy.math.training_mode)
        for state, name in ((layer.scale, "scale"), (layer.bias, "bias"),
                            (layer.running_mean, "running_mean"),
                            (layer.running_var, "running_variance")):
            state.value = a[name].reshape(state.value.shape)
        brainpy.share.save(fit=True)
        y = layer.update(x)
        return (brainpy.math.as_jax(y), layer.running_mean.value.reshape(-1),
                layer.running_var.value.reshape(-1))


SYSTEMS = {"Flax": apply_flax, "BrainState": apply_brainstate, "BrainPy": apply_brainpy}


def run_system(case, arrays):
    """Results of all devices, along axis 0. BrainPy switches float64 off."""
    jax.config.update("jax_enable_x64", True)
    names = ("scale", "bias")
    given = {n: jnp.asarray(a) for n, a in arrays.items() if n not in ("x", "dy", "mask")}

    def device(x, dy):
        def forward(x, parameters):
            y, *running = SYSTEMS[case.system](case, x, given | parameters, None)
            return y, running

        y, gradient, running = jax.vjp(forward, x, {n: given[n] for n in names}, has_aux=True)
        dx, d = gradient(dy)
        return y, *running, dx, d["scale"], d["bias"]

    return [np.asarray(r) for r in jax.pmap(device, axis_name="devices")(
        jnp.asarray(arrays["x"]), jnp.asarray(arrays["dy"]))]


def run_united(case, arrays):
    """What one op on the values of all devices of a group gives, in float64."""
    x, dy, a = arrays["x"], arrays["dy"], arrays
    mask = arrays.get("mask", np.ones(x.shape[:2], bool))
    results = [np.empty_like(x), *np.empty((2, DEVICES, x.shape[-1])), np.empty_like(x),
               *np.empty((2, DEVICES, x.shape[-1]))]
    for group in case.groups or [list(range(DEVICES))]:
        shown = np.broadcast_to(mask[group][..., None, None, None], x[group].shape)
        axes = (0, 1, 2, 3)
        n = shown.sum(axes)
        mean = x[group].sum(axes, where=shown) / n
        distance = x[group] - mean
        variance = np.square(distance).sum(axes, where=shown) / n
        rstd = 1 / np.sqrt(variance + EPSILON)
        normalized = distance * rstd
        d = np.where(shown, dy[group], 0)
        results[0][group] = np.where(shown, normalized * a["scale"] + a["bias"], 0)
        blend = lambda old, new: MOMENTUM * old + (1 - MOMENTUM) * new
        results[1][group] = blend(a["running_mean"], mean)
        results[2][group] = blend(a["running_variance"], variance * n / (n - case.correction))
        bias, scale = d.sum(axes), (d * normalized).sum(axes)
        results[3][group] = np.where(shown, rstd * a["scale"] * (
            d - bias / n - normalized * scale / n), 0)
        results[4][group] = (d * normalized).sum((1, 2, 3))
        results[5][group] = d.sum((1, 2, 3))
    return results


def describe(case, shape, features):
    """The module of one device."""
    groups = f", groups = {case.groups}" if case.groups else ""
    data, one = f"tensor<{'x'.join(map(str, shape))}xf32>", f"tensor<{features}xf32>"
    wide = f"tensor<{features}x{case.accumulator}>"
    mask = f"mask(%mask : tensor<{shape[0]}xi1>)" if case.masked else ""
    axes = "mask_axes = [0]" if case.masked else ""
    devices = f"devices = <@devices, axes = [0]{groups}>"
    return f"""
shard.grid @devices(shape = {DEVICES})
func.func @main(%x: {data}, %dy: {data}, %scale: {one}, %bias: {one}, %rm: {one}, %rv: {one}
    {f", %mask: tensor<{shape[0]}xi1>" if case.masked else ""})
    -> ({data}, {one}, {one}, {data}, {one}, {one}) {{
  %data = tensor.empty() : {data}
  %one = tensor.empty() : {one}
  %wide = tensor.empty() : {wide}
  %y:5 = norm.batch_norm_training ins(%x : {data}) scale(%scale : {one}) bias(%bias : {one}) {mask}
    outs(%data : {data}) running(%rm, %rv : {one}, {one}) batch(%wide, %wide : {wide}, {wide})
    features = [{len(shape) - 1}] {axes} {devices} epsilon = {EPSILON} momentum = {MOMENTUM}
    running_var_correction = {case.correction} accumulator = {case.accumulator}
  %d:3 = norm.batch_norm_grad ins(%dy, %x : {data}, {data}) mean(%y#3 : {wide}) variance(%y#4 : {wide})
    scale(%scale : {one}) {mask} outs(%data : {data}) scale_gradient(%one : {one})
    bias_gradient(%one : {one}) features = [{len(shape) - 1}] {axes} {devices} epsilon = {EPSILON}
    accumulator = {case.accumulator}
  return %y#0, %y#1, %y#2, %d#0, %d#1, %d#2 : {data}, {one}, {one}, {data}, {one}, {one}
}}"""


def run_norm(case, arrays, norm_run, launcher):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        inputs = ["x", "dy", "scale", "bias", "running_mean", "running_variance"]
        inputs += ["mask"] if case.masked else []
        for name in inputs:
            array = arrays[name]
            array = array if array.dtype == bool else array.astype(np.float32)
            each = name in ("x", "dy", "mask")
            for device in range(DEVICES):
                np.save(folder / f"{name}.{device}.npy", array[device] if each else array)
        (folder / "case.mlir").write_text(
            describe(case, arrays["x"].shape[1:], arrays["x"].shape[-1]))
        outputs = [f"--output={folder}/out{i}.npy" for i in range(6)]
        subprocess.run(
            [*launcher, norm_run, folder / "case.mlir",
             *(f"--input={folder}/{n}.npy" for n in inputs), *outputs],
            check=True, timeout=120)
        return [np.stack([np.load(folder / f"out{i}.{device}.npy") for device in range(DEVICES)])
                for i in range(6)]


def correct_by_all(case, arrays, system, united):
    """BrainPy's results, with the running variance corrected by the number of values of
    all devices and not by that of one, which is checked to be what it gives."""
    count = np.prod(arrays["x"].shape[1:-1])
    all_counts = count * len(case.groups[0] if case.groups else range(DEVICES))
    kept = MOMENTUM * arrays["running_variance"]
    biased = (united[2] - kept) * (all_counts - 1) / all_counts
    np.testing.assert_allclose(system[2], kept + biased * count / (count - 1), rtol=1e-9)
    return [*system[:2], united[2], *system[3:]]


def make_cases():
    for system, groups, mean in itertools.product(SYSTEMS, (None, PAIRS), (0, 1e3)):
        yield Case(system, groups, mean, correction=int(system == "BrainPy"))
    yield Case("Flax", CROSSED, 1e3)
    # What Flax gives each device the same weight for, and JAX has no groups for.
    for groups in (None, CROSSED, UNEVEN):
        yield Case("one op on all values", groups, 1e3, masked=groups is not UNEVEN)


def main():
    norm_run = sys.argv[1]
    program = shutil.which("mpirun.openmpi") or shutil.which("mpirun")
    launcher = [program, "--allow-run-as-root", "--oversubscribe", "-n", str(DEVICES)]
    failed = 0
    for case in make_cases():
        arrays = make_arrays(case)
        united = run_united(case, arrays)
        known = case.system in SYSTEMS
        expected = run_system(case, arrays) if known else united
        if case.system == "BrainPy":
            expected = correct_by_all(case, arrays, expected, united)
        actual = run_norm(case, arrays, norm_run, launcher)
        errors = []
        for a, e in zip(actual, expected):
            unit = np.spacing(np.float32(np.abs(e).max()))
            errors.append(np.nan_to_num(np.abs(a - e).max() / unit, nan=np.inf))
        agrees = all(np.allclose(e, u, rtol=1e-9, atol=1e-9) for e, u in zip(expected, united))
        good = max(errors) <= TOLERANCE
        failed += not good
        print(f"{'' if good else 'FAILED: '}{case}: y, running mean and variance, dx, dscale, dbias: "
              + ", ".join(f"{e:.2g}" for e in errors) + " units"
              + ("" if agrees else "; the system is not what one op on all values gives"))
    sys.exit(failed > 0)


main()
