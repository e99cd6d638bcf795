# requires: tensorflow-cpu==2.21.0
"""TensorFlow: its fused batch norm, whose code for processors has the channels
innermost. It allocates its outputs. It has no fused group norm."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf

from cells import EPSILON, MOMENTUM

from . import Kernel


class Peer:
    name = "TensorFlow"
    version = tf.__version__

    def __init__(self):
        tf.config.threading.set_intra_op_parallelism_threads(len(os.sched_getaffinity(0)))
        tf.config.threading.set_inter_op_parallelism_threads(1)

    def prepare(self, cell, arrays):
        if cell.groups or cell.fused or cell.type != "f32" or cell.layout not in ("NHWC", "NC"):
            return None
        n, c, h, w = cell.sizes

        def tensor(array):
            """Returns a tensor on the memory of `array`."""
            array = array.reshape(n, h, w, c) if array.ndim > 1 else array
            return tf.experimental.dlpack.from_dlpack(array.__dlpack__())

        x, scale, bias, mean, variance = map(
            tensor, (arrays.x, arrays.scale, arrays.bias, arrays.mean, arrays.variance)
        )
        if cell.gradient:
            dy, empty = tensor(arrays.dy), tf.constant([], tf.float32)
            run = lambda: tf.raw_ops.FusedBatchNormGradV3(
                y_backprop=dy, x=x, scale=scale, reserve_space_1=mean,
                reserve_space_2=variance, reserve_space_3=empty, epsilon=EPSILON,
            )
        else:
            training = cell.op == "batch_norm_training"
            run = lambda: tf.raw_ops.FusedBatchNormV3(
                x=x, scale=scale, offset=bias, mean=mean, variance=variance, epsilon=EPSILON,
                exponential_avg_factor=1 - MOMENTUM if training else 1.0, is_training=training,
            )

        def results(returned):
            y, *others = [np.asarray(result) for result in returned[:3]]
            return [y.reshape(cell.shape), *others]

        return Kernel(run, results)
