"""Norm, through its C library: compiled in process, called on numpy's memory."""

import norm_runner
import numpy as np

from arrays import EPSILON, MOMENTUM

from . import Kernel, get_results

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


def module(cell):
    """Returns the op of `cell` as MLIR."""

    def memref(shape, element):
        sizes = "?" * len(shape) if cell.dynamic else map(str, shape)
        return f"memref<{'x'.join(sizes)}x{element}>"

    return MODULES[cell.op].format(
        cell=cell,
        x=memref(cell.shape, cell.type),
        p=memref((cell.channels,), "f32"),
        s=memref(cell.statistics, "f32"),
        epsilon=f"{EPSILON:.17e}",
        momentum=f"{MOMENTUM:.17e}",
    )


class Norm:
    """The library NormRunnerC; include/Norm/Runner/CAPI.h describes it."""

    name = "Norm"

    def __init__(self, build):
        self.library = norm_runner.Library(build / "lib" / "libNormRunnerC.so")

    def compile(self, cell):
        return self.library.compile(module(cell))

    def prepare(self, cell, arrays):
        inputs = [arrays.x]
        if cell.gradient:
            inputs += [arrays.dy, arrays.scale, arrays.mean, arrays.variance]
            inputs += [arrays.scale_gradient, arrays.bias_gradient]
        else:
            inputs += [arrays.scale, arrays.bias]
            if cell.op != "group_norm":
                inputs += [arrays.mean, arrays.variance]
        kernel = self.compile(cell)

        def fresh():
            y = self.library.empty(arrays.y.shape, arrays.y.dtype)
            kernel([*inputs, y])
            return y

        run = kernel.bind([*inputs, arrays.y])
        return Kernel(run, lambda _: get_results(cell, arrays), fresh)
