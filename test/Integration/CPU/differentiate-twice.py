# RUN: %python %s
"""Gradients and Jacobian products of gradients, compiled, against central
differences of these gradients; and functions of several ops, once and twice."""

from norm_derivatives import *


def second(kind, shape, axes, **options):
    def run():
        function = Function(kind, shape, axes, **options)
        cotangents = [make_data(rng, r.shape) for r in function.model(*function.arguments)]
        check_second(function.text, function.arguments, cotangents, range(len(function.arguments)))

    report.case(f"twice {kind} {shape} {axes} {options}", run)


for layer in LAYERS:
    second(*layer)
second(*LAYERS[0], dynamic=True, after="gelu")
second(*LAYERS[5], dynamic=True, after="tanh")
second(*LAYERS[0], running=1, saves=True)
second("batch", (4, 3, 5), dict(features=(1,), ghost=2), running=1, saves=True)
second(*LAYERS[0], running=1, mask=dict(axes=(0, 2)))
second(*LAYERS[0], mask=dict(axes=(0, 2), unselected="normalize"), dynamic=True)
second(*LAYERS[5], mask=dict(axes=(0,), sequence=2), after="tanh")
second(*LAYERS[6], mask=dict(axes=(0, 1), unselected="normalize"))
second(*LAYERS[5], saves=True)

# ===----------------------------------------------------------------------===#
# Several ops
# ===----------------------------------------------------------------------===#

TWO = """
func.func @f(%x: tensor<4x6x5xf64>, %g: tensor<6xf64>) -> tensor<4x6x5xf64> {
  %e = tensor.empty() : tensor<4x6x5xf64>
  %0 = norm.batch_norm_training ins(%x : tensor<4x6x5xf64>) scale(%g : tensor<6xf64>)
      outs(%e : tensor<4x6x5xf64>) features = [1] epsilon = 0.001
  %1 = math.tanh %0 : tensor<4x6x5xf64>
  %2 = norm.group_norm ins(%1 : tensor<4x6x5xf64>) scale(%g : tensor<6xf64>)
      outs(%e : tensor<4x6x5xf64>) channel = 1 num_groups = 2 epsilon = 0.001
  return %2 : tensor<4x6x5xf64>
}
"""


def two():
    layers = (Layer("batch", (4, 6, 5), features=(1,)), Layer("group", (4, 6, 5), channel=1, groups=2))

    def apply(layer, x, g):
        x = layer.split(x)
        mean, variance, _ = moments(x, layer.reduced)
        return layer.merge((x - mean) * rstd_of(variance, EPSILON) * layer.spread_parameters(g))

    def model(x, g):
        return [apply(layers[1], np.tanh(apply(layers[0], x, g)), g)]

    arguments = [make_data(rng, (4, 6, 5)), make_data(rng, (6,))]
    check(TWO, model, arguments)
    check_second(TWO, arguments, [make_data(rng, (4, 6, 5))], (0, 1))


# A product of matrices, a broadcast, a transposition, a sum, an accumulation, and
# what depends on no argument.
LINALG = """
#row = affine_map<(d0, d1) -> (d1)>
#all = affine_map<(d0, d1) -> (d0, d1)>
#turned = affine_map<(d0, d1) -> (d1, d0)>
func.func @f(%a: tensor<?x3xf64>, %b: tensor<3x4xf64>, %c: tensor<4xf64>) -> (tensor<4x?xf64>, tensor<4xf64>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?x3xf64>
  %zero = arith.constant 0.0 : f64
  %e = tensor.empty(%n) : tensor<?x4xf64>
  %et = tensor.empty(%n) : tensor<4x?xf64>
  %z = linalg.fill ins(%zero : f64) outs(%e : tensor<?x4xf64>) -> tensor<?x4xf64>
  %0 = linalg.matmul ins(%a, %b : tensor<?x3xf64>, tensor<3x4xf64>) outs(%z : tensor<?x4xf64>) -> tensor<?x4xf64>
  %1 = linalg.broadcast ins(%c : tensor<4xf64>) outs(%e : tensor<?x4xf64>) dimensions = [0]
  %2 = linalg.sub ins(%0, %1 : tensor<?x4xf64>, tensor<?x4xf64>) outs(%e : tensor<?x4xf64>) -> tensor<?x4xf64>
  %3 = linalg.transpose ins(%2 : tensor<?x4xf64>) outs(%et : tensor<4x?xf64>) permutation = [1, 0]
  %4 = linalg.generic {indexing_maps = [#all, #turned], iterator_types = ["parallel", "parallel"]}
      ins(%3 : tensor<4x?xf64>) outs(%2 : tensor<?x4xf64>) {
  ^bb0(%s: f64, %t: f64):
    %p = arith.mulf %s, %t : f64
    %one = arith.constant 1.0 : f64
    %q = arith.addf %p, %one : f64
    %sqrt = math.sqrt %q : f64
    %log = math.log %sqrt : f64
    %less = arith.cmpf olt, %s, %log : f64
    %r = arith.select %less, %log, %p : f64
    linalg.yield %r : f64
  } -> tensor<?x4xf64>
  %5 = linalg.reduce ins(%4 : tensor<?x4xf64>) outs(%c : tensor<4xf64>) dimensions = [0]
    (%in: f64, %out: f64) { %sum = arith.addf %out, %in : f64  linalg.yield %sum : f64 }
  return %3, %5 : tensor<4x?xf64>, tensor<4xf64>
}
"""


def linalg():
    def model(a, b, c):
        d = a @ b - c
        p = d * d
        log = np.log(np.sqrt(p + 1))
        return [d.T, c + np.where(d < log, log, p).sum(0)]

    arguments = [make_data(rng, shape) for shape in ((5, 3), (3, 4), (4,))]
    check(LINALG, model, arguments)
    check_second(LINALG, arguments, [make_data(rng, (4, 5)), make_data(rng, (4,))], (0, 1, 2))


report.case("two layers", two)
report.case("linalg ops", linalg)
report.finish(at_least=22)
