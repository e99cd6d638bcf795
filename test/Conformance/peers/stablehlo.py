"""StableHLO's ops, as XLA compiles them for the CPU."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import Primitive
from jax.extend.mlir import ir
from jax.extend.mlir.dialects import stablehlo
from jax.interpreters import mlir

from operations import BatchNorm
from suite import CENTRED, DATA, Case, Difference, Layer, grid, round_attribute

SHAPES = [(7, 5), (4, 6, 13), (2, 6, 5, 7), (8, 3, 17, 16), (4, 1, 1, 9), (2, 4, 3, 5, 7)]


def make_primitive(name, op, count):
    """A JAX primitive that is lowered to `op`, which returns `count` results: the
    first has the type of the operand, the others that of the scale."""
    primitive = Primitive(name)
    primitive.multiple_results = True
    primitive.def_abstract_eval(
        lambda x, scale, *rest, **attributes: [x, *[scale] * (count - 1)])

    def lower(context, *operands, epsilon, feature_index):
        epsilon = ir.FloatAttr.get(ir.F32Type.get(), epsilon)
        index = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), feature_index)
        return op(*operands, epsilon=epsilon, feature_index=index).results

    mlir.register_lowering(primitive, lower)
    return jax.jit(lambda *operands, **attributes: primitive.bind(*operands, **attributes),
                   static_argnames=("epsilon", "feature_index"))


TRAINING = make_primitive("batch_norm_training", stablehlo.BatchNormTrainingOp, 3)
INFERENCE = make_primitive("batch_norm_inference", stablehlo.BatchNormInferenceOp, 1)
GRADIENT = make_primitive("batch_norm_grad", stablehlo.BatchNormGradOp, 3)


class StableHloLayer(Layer):
    system = "StableHLO (XLA)"
    varied = "feature_index, epsilon"
    differences = (
        Difference(
            "StableHLO rejects input of bf16 with parameters of f32.",
            applies=lambda case: case.type == "bf16", raises=ValueError,
        ),
    )

    def cases(self, quick):
        for shape in SHAPES:
            indices = sorted({1, len(shape) - 1})
            for arguments in grid({}, quick, feature_index=indices, epsilon=[1e-5, 1e-3]):
                for data in DATA:
                    yield Case(shape, arguments, data)
        yield Case((4, 6, 13), dict(feature_index=1, epsilon=1e-5), CENTRED, "bf16")

    def describe(self, case):
        return BatchNorm(shape=case.shape, features=(case.feature_index,),
                         epsilon=round_attribute(case.epsilon), training=self.training, track=False)

    def run(self, case, arrays):
        with jax.enable_x64(arrays["x"].dtype == np.float64):
            arrays = {name: jnp.asarray(array) for name, array in arrays.items()}
            results = self.compute(case, arrays)
            return {name: np.asarray(value) for name, value in results.items()}


class BatchNormTraining(StableHloLayer):
    name = "batch_norm_training, batch_norm_grad"
    training = True

    def compute(self, case, arrays):
        x, scale = arrays["x"], arrays["scale"]
        y, mean, variance = TRAINING(x, scale, arrays["bias"], **case.arguments)
        dx, dscale, dbias = GRADIENT(x, scale, mean, variance, arrays["dy"], **case.arguments)
        return {"y": y, "mean": mean, "variance": variance,
                "dx": dx, "dscale": dscale, "dbias": dbias}


class BatchNormInference(StableHloLayer):
    name = "batch_norm_inference"
    training = False
    gradients = False

    def compute(self, case, arrays):
        names = ("x", "scale", "bias", "running_mean", "running_variance")
        return {"y": INFERENCE(*(arrays[name] for name in names), **case.arguments)[0]}


LAYERS = [BatchNormTraining(), BatchNormInference()]
