// A parallel copy of a batch of photographs, compiled by the same pipeline:
// what the demonstration measures the bandwidth of the norms against.

func.func @copy(%x: tensor<?x3x160x240xf32>) -> tensor<?x3x160x240xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x3x160x240xf32>
  %init = tensor.empty(%batch) : tensor<?x115200xf32>
  %flat = tensor.collapse_shape %x [[0], [1, 2, 3]]
      : tensor<?x3x160x240xf32> into tensor<?x115200xf32>
  %copy = scf.forall (%n) in (%batch) shared_outs(%out = %init)
      -> (tensor<?x115200xf32>) {
    %one = tensor.extract_slice %flat[%n, 0] [1, 115200] [1, 1]
        : tensor<?x115200xf32> to tensor<1x115200xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %one into %out[%n, 0] [1, 115200] [1, 1]
          : tensor<1x115200xf32> into tensor<?x115200xf32>
    }
  }
  %y = tensor.expand_shape %copy [[0], [1, 2, 3]]
      output_shape [%batch, 3, 160, 240]
      : tensor<?x115200xf32> into tensor<?x3x160x240xf32>
  return %y : tensor<?x3x160x240xf32>
}
