"""The ops of cells as MLIR."""

from cells import EPSILON, MOMENTUM

# x and y are memrefs of the cell's type, p of the parameters', s of the statistics'.
MODULES = {
    "batch_norm_training": """
func.func @f(%x: {x}, %scale: {p}, %bias: {p}, %mean: {p}, %variance: {p}, %y: {x}) {{
  norm.batch_norm_training ins(%x : {x}) scale(%scale : {p}) bias(%bias : {p})
      outs(%y : {x}) running(%mean, %variance : {p}, {p})
      features = [{cell.channel}] epsilon = {epsilon} momentum = {momentum}
  return
}}""",
    "batch_norm_inference": """
func.func @f(%x: {x}, %scale: {p}, %bias: {p}, %mean: {p}, %variance: {p}, %y: {x}) {{
  norm.batch_norm_inference ins(%x : {x}) statistics(%mean, %variance : {p}, {p})
      scale(%scale : {p}) bias(%bias : {p}) outs(%y : {x})
      features = [{cell.channel}] epsilon = {epsilon}
  return
}}""",
    "group_norm": """
func.func @f(%x: {x}, %scale: {p}, %bias: {p}, %y: {x}) {{
  norm.group_norm ins(%x : {x}) scale(%scale : {p}) bias(%bias : {p}) outs(%y : {x})
      channel = {cell.channel} num_groups = {cell.groups} epsilon = {epsilon}
  return
}}""",
    "batch_norm_grad": """
func.func @f(%x: {x}, %dy: {x}, %scale: {p}, %mean: {s}, %variance: {s},
             %ds: {p}, %db: {p}, %dx: {x}) {{
  norm.batch_norm_grad ins(%dy, %x : {x}, {x}) mean(%mean : {s}) variance(%variance : {s})
      scale(%scale : {p}) outs(%dx : {x}) scale_gradient(%ds : {p}) bias_gradient(%db : {p})
      features = [{cell.channel}] epsilon = {epsilon}
  return
}}""",
    "group_norm_grad": """
func.func @f(%x: {x}, %dy: {x}, %scale: {p}, %mean: {s}, %variance: {s},
             %ds: {p}, %db: {p}, %dx: {x}) {{
  norm.group_norm_grad ins(%dy, %x : {x}, {x}) mean(%mean : {s}) variance(%variance : {s})
      scale(%scale : {p}) outs(%dx : {x}) scale_gradient(%ds : {p}) bias_gradient(%db : {p})
      channel = {cell.channel} num_groups = {cell.groups} epsilon = {epsilon}
  return
}}""",
}


# An op with an addition and a ReLU, on tensors: t and q are x and p as tensors,
# w is t in f32, in which all is computed.
FUSED_MODULE = """
#same = affine_map<(n, i, j, k) -> (n, i, j, k)>
func.func @f(%x_buffer: {x}, %scale_buffer: {p}, %bias_buffer: {p}, %mean_buffer: {p},
             %variance_buffer: {p}, %residual_buffer: {x}, %y_buffer: {x}) {{
  %x = bufferization.to_tensor %x_buffer restrict : {x} to {t}
  %residual = bufferization.to_tensor %residual_buffer restrict : {x} to {t}
  %y = bufferization.to_tensor %y_buffer restrict writable : {x} to {t}
  %scale = bufferization.to_tensor %scale_buffer restrict : {p} to {q}
  %bias = bufferization.to_tensor %bias_buffer restrict : {p} to {q}
  %mean = bufferization.to_tensor %mean_buffer restrict writable : {p} to {q}
  %variance = bufferization.to_tensor %variance_buffer restrict writable : {p} to {q}
  {op}
  %zero = arith.constant 0.0 : f32
  %z = linalg.generic {{indexing_maps = [#same, #same, #same],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}}
      ins(%normalized, %residual : {w}, {t}) outs(%y : {t}) {{
  ^bb0(%n: f32, %r: {cell.type}, %out: {cell.type}):
    {relu}
  }} -> {t}
  bufferization.materialize_in_destination %z in restrict writable %y_buffer : ({t}, {x}) -> ()
  {store}
  return
}}"""

FUSED = {
    "batch_norm_training": """
  %normalized, %new_mean, %new_variance = norm.batch_norm_training ins(%wide : {w})
      scale(%scale : {q}) bias(%bias : {q}) outs(%wide : {w}) running(%mean, %variance : {q}, {q})
      features = [{cell.channel}] epsilon = {epsilon} momentum = {momentum}""",
    "batch_norm_inference": """
  %normalized = norm.batch_norm_inference ins(%wide : {w}) statistics(%mean, %variance : {q}, {q})
      scale(%scale : {q}) bias(%bias : {q}) outs(%wide : {w})
      features = [{cell.channel}] epsilon = {epsilon}""",
}
STORE = {
    "batch_norm_training": """
  bufferization.materialize_in_destination %new_mean in restrict writable %mean_buffer : ({q}, {p}) -> ()
  bufferization.materialize_in_destination %new_variance in restrict writable %variance_buffer : ({q}, {p}) -> ()""",
    "batch_norm_inference": "",
}
RELU = {
    "f32": """
    %sum = arith.addf %n, %r : f32
    %relu = arith.maximumf %sum, %zero : f32
    linalg.yield %relu : f32""",
    "bf16": """
    %wide_r = arith.extf %r : bf16 to f32
    %sum = arith.addf %n, %wide_r : f32
    %relu = arith.maximumf %sum, %zero : f32
    %narrow = arith.truncf %relu : f32 to bf16
    linalg.yield %narrow : bf16""",
}


def module(cell):
    """Returns the op of `cell` as a function of memrefs."""

    def shaped(kind, shape, element):
        sizes = "?" * len(shape) if cell.dynamic else map(str, shape)
        return f"{kind}<{'x'.join(sizes)}x{element}>"

    types = {
        "x": shaped("memref", cell.shape, cell.type),
        "p": shaped("memref", (cell.channels,), "f32"),
        "s": shaped("memref", cell.statistics, "f32"),
        "t": shaped("tensor", cell.shape, cell.type),
        "w": shaped("tensor", cell.shape, "f32"),
        "q": shaped("tensor", (cell.channels,), "f32"),
    }
    values = {"cell": cell, "epsilon": f"{EPSILON:.17e}", "momentum": f"{MOMENTUM:.17e}", **types}
    if not cell.fused:
        return MODULES[cell.op].format(**values)
    op = FUSED[cell.op].format(**values)
    if cell.type == "f32":
        op = op.replace("%wide", "%x")
    else:
        op = "%wide = arith.extf %x : {t} to {w}".format(**types) + op
    return FUSED_MODULE.format(op=op, relu=RELU[cell.type], store=STORE[cell.op].format(**values), **values)


def get_operands(cell, arrays):
    """Returns the arrays that `module` takes, in its order."""
    if cell.gradient:
        names = "x dy scale mean variance scale_gradient bias_gradient y"
    else:
        names = "x scale bias" + " mean variance" * (not cell.groups) + " residual" * cell.fused + " y"
    return [getattr(arrays, name) for name in names.split()]
