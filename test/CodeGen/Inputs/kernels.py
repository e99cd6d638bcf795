"""Prints the main ops as functions NAME_LAYOUT_TYPE, on arrays that are large enough to
be streamed. Rows of NCHW are a multiple of all vectors, those of NHWC are not."""

import itertools

OPS = {
    "inference": """(%x: {x}, %s: {p}, %b: {p}, %m: {p}, %v: {p}, %y: {x}) {{
  norm.batch_norm_inference ins(%x : {x}) statistics(%m, %v : {p}, {p}) scale(%s : {p})
      bias(%b : {p}) outs(%y : {x}) features = [{axis}]""",
    "training": """(%x: {x}, %s: {p}, %b: {p}, %m: {p}, %v: {p}, %y: {x}) {{
  norm.batch_norm_training ins(%x : {x}) scale(%s : {p}) bias(%b : {p}) outs(%y : {x})
      running(%m, %v : {p}, {p}) features = [{axis}]""",
    "gradient": """(%x: {x}, %dy: {x}, %s: {p}, %m: {p}, %v: {p}, %ds: {p}, %db: {p}, %dx: {x}) {{
  norm.batch_norm_grad ins(%dy, %x : {x}, {x}) mean(%m : {p}) variance(%v : {p}) scale(%s : {p})
      outs(%dx : {x}) scale_gradient(%ds : {p}) bias_gradient(%db : {p}) features = [{axis}]""",
    "group": """(%x: {x}, %s: {p}, %b: {p}, %y: {x}) {{
  norm.group_norm ins(%x : {x}) scale(%s : {p}) bias(%b : {p}) outs(%y : {x})
      channel = {axis} num_groups = 4""",
    "group_gradient": """(%x: {x}, %dy: {x}, %s: {p}, %m: {g}, %v: {g}, %ds: {p}, %db: {p}, %dx: {x}) {{
  norm.group_norm_grad ins(%dy, %x : {x}, {x}) mean(%m : {g}) variance(%v : {g}) scale(%s : {p})
      outs(%dx : {x}) scale_gradient(%ds : {p}) bias_gradient(%db : {p}) channel = {axis} num_groups = 4""",
}

for layout, element, op in itertools.product(("nchw", "nhwc"), ("f32", "bf16", "f16"), OPS):
    channels, axis = (64, 1) if layout == "nchw" else (76, 2)
    sizes = (32, 64, 3136) if layout == "nchw" else (32, 3136, 76)
    types = dict(
        x=f"memref<{'x'.join(map(str, sizes))}x{element}>", p=f"memref<{channels}xf32>", g="memref<32x4xf32>"
    )
    print(f"func.func @{op}_{layout}_{element}{OPS[op].format(axis=axis, **types)}\n  return\n}}")
