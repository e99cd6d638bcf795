// RUN: norm-opt %s --norm-differentiate --split-input-file --verify-diagnostics

// Without an output there is nothing partial.

func.func @scalar(%x: tensor<8xf32>) -> tensor<8xf32> attributes {norm.differentiate} {
  // expected-error @below {{expected an op with a derivative rule: a norm layer or its gradient, a linalg or an elementwise op, or a reshape, but got 'math.cos'}}
  %0 = math.cos %x : tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

func.func @slice(%x: tensor<8xf32>) -> tensor<4xf32> attributes {norm.differentiate} {
  // expected-error @below {{but got 'tensor.extract_slice'}}
  %0 = tensor.extract_slice %x[0] [4] [1] : tensor<8xf32> to tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @element(%x: tensor<8xf32>) -> tensor<8xf32> attributes {norm.differentiate} {
  %c0 = arith.constant 0 : index
  // expected-error @below {{but got 'tensor.extract'}}
  %0 = tensor.extract %x[%c0] : tensor<8xf32>
  %1 = linalg.fill ins(%0 : f32) outs(%x : tensor<8xf32>) -> tensor<8xf32>
  return %1 : tensor<8xf32>
}

// -----

func.func @control_flow(%x: tensor<8xf32>, %c: i1) -> tensor<8xf32> attributes {norm.differentiate} {
  // expected-error @below {{but got 'scf.if'}}
  %0 = scf.if %c -> tensor<8xf32> {
    scf.yield %x : tensor<8xf32>
  } else {
    %1 = tensor.empty() : tensor<8xf32>
    scf.yield %1 : tensor<8xf32>
  }
  return %0 : tensor<8xf32>
}

// -----

func.func @kernel_op(%x: tensor<8xf32>) -> tensor<8xf32> attributes {norm.differentiate} {
  // expected-error @below {{but got 'norm.rstd'}}
  %0 = norm.rstd ins(%x : tensor<8xf32>) outs(%x : tensor<8xf32>)
  return %0 : tensor<8xf32>
}

// -----

func.func @maximum(%x: tensor<8xf32>, %y: tensor<f32>) -> tensor<f32> attributes {norm.differentiate} {
  // expected-error @below {{expected reductions to be sums}}
  %0 = linalg.reduce { arith.maximumf } ins(%x : tensor<8xf32>) outs(%y : tensor<f32>) dimensions = [0]
  return %0 : tensor<f32>
}

// -----

func.func @window(%x: tensor<1x8x1xf32>, %w: tensor<3x1x1xf32>, %y: tensor<1x6x1xf32>) -> tensor<1x6x1xf32>
    attributes {norm.differentiate} {
  // expected-error @below {{expected each dimension of an operand to have a loop of its own, and the results to have all parallel loops, but operand 0 has the map}}
  %0 = linalg.conv_1d_nwc_wcf ins(%x, %w : tensor<1x8x1xf32>, tensor<3x1x1xf32>)
      outs(%y : tensor<1x6x1xf32>) -> tensor<1x6x1xf32>
  return %0 : tensor<1x6x1xf32>
}

// -----

// expected-error @below {{expected a function of tensors, but 'memory' has an argument of type 'memref<8xf32>'}}
func.func @memory(%x: memref<8xf32>) attributes {norm.differentiate} {
  return
}

// -----

// expected-error @below {{expected a function of one block, but 'blocks' has 2 blocks}}
func.func @blocks(%x: tensor<8xf32>) -> tensor<8xf32> attributes {norm.differentiate} {
  cf.br ^next
^next:
  return %x : tensor<8xf32>
}

// -----

// expected-error @below {{expected a function of one block, but 'declared' has 0 blocks}}
func.func private @declared(tensor<8xf32>) -> tensor<8xf32> attributes {norm.differentiate}

// -----

// expected-error @below {{expected no symbol named 'twice_gradient', the name of the derivative of 'twice'}}
func.func @twice(%x: tensor<8xf32>) -> tensor<8xf32> attributes {norm.differentiate} {
  return %x : tensor<8xf32>
}
func.func private @twice_gradient()

// -----

func.func @ghosts(%x: tensor<8x6xf32>, %r: tensor<6xf32>) -> tensor<6xf32>
    attributes {norm.differentiate} {
  // expected-error @below {{expected ghost_update = average, to differentiate running statistics of sub-batches, but got sequential}}
  %0:3 = norm.batch_norm_training ins(%x : tensor<8x6xf32>)
      outs(%x : tensor<8x6xf32>) running(%r, %r : tensor<6xf32>, tensor<6xf32>)
      features = [1] ghost_size = 2
  return %0#1 : tensor<6xf32>
}
