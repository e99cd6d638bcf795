// RUN: norm-opt %s --split-input-file --verify-diagnostics

// batch_norm_training (C12)
func.func @size(%x: tensor<8x6xf32>) {
  // expected-error @below {{expected ghost_size to be at least 1, but got 0}}
  %0 = norm.batch_norm_training ins(%x : tensor<8x6xf32>) outs(%x : tensor<8x6xf32>)
      features = [1] ghost_size = 0
  return
}

// -----

// batch_norm_training (C13)
func.func @feature(%x: tensor<8x6xf32>) {
  // expected-error @below {{expected axis 0, which ghost_size divides, to be no feature axis, but got feature axes [0]}}
  %0 = norm.batch_norm_training ins(%x : tensor<8x6xf32>) outs(%x : tensor<8x6xf32>)
      features = [0] ghost_size = 2
  return
}

// -----

// batch_norm_training (C14)
func.func @multiple(%x: tensor<8x6xf32>) {
  // expected-error @below {{expected the size of axis 0 to be a multiple of ghost_size = 3, but got 8}}
  %0 = norm.batch_norm_training ins(%x : tensor<8x6xf32>) outs(%x : tensor<8x6xf32>)
      features = [1] ghost_size = 3
  return
}

// -----

// batch_norm_training (C5): the statistics of sub-batches
func.func @statistics(%x: tensor<8x6xf32>, %s: tensor<6xf32>) {
  // expected-error @below {{expected the shape of the batch mean to be 2x6, the number of sub-batches and the sizes of the feature axes, but got 6}}
  %0:3 = norm.batch_norm_training ins(%x : tensor<8x6xf32>) outs(%x : tensor<8x6xf32>)
      batch(%s, %s : tensor<6xf32>, tensor<6xf32>) features = [1] ghost_size = 4
  return
}

// -----

// batch_norm_training (C5): the running statistics have no sub-batches
func.func @running(%x: tensor<8x6xf32>, %s: tensor<2x6xf32>) {
  // expected-error @below {{expected the shape of the running mean to be 6, the sizes of the feature axes, but got 2x6}}
  %0:3 = norm.batch_norm_training ins(%x : tensor<8x6xf32>) outs(%x : tensor<8x6xf32>)
      running(%s, %s : tensor<2x6xf32>, tensor<2x6xf32>) features = [1] ghost_size = 4
  return
}

// -----

// batch_norm_grad (C12)
func.func @gradient_size(%x: tensor<8x6xf32>, %s: tensor<2x6xf32>) {
  // expected-error @below {{expected ghost_size to be at least 1, but got -4}}
  %0 = norm.batch_norm_grad ins(%x, %x : tensor<8x6xf32>, tensor<8x6xf32>)
      mean(%s : tensor<2x6xf32>) variance(%s : tensor<2x6xf32>)
      outs(%x : tensor<8x6xf32>) features = [1] ghost_size = -4
  return
}

// -----

// batch_norm_grad (C14)
func.func @gradient_multiple(%x: tensor<8x6xf32>, %s: tensor<2x6xf32>) {
  // expected-error @below {{expected the size of axis 0 to be a multiple of ghost_size = 5, but got 8}}
  %0 = norm.batch_norm_grad ins(%x, %x : tensor<8x6xf32>, tensor<8x6xf32>)
      mean(%s : tensor<2x6xf32>) variance(%s : tensor<2x6xf32>)
      outs(%x : tensor<8x6xf32>) features = [1] ghost_size = 5
  return
}

// -----

// batch_norm_grad (C5)
func.func @gradient_statistics(%x: tensor<8x6xf32>, %s: tensor<6xf32>) {
  // expected-error @below {{expected the shape of the mean to be 4x6, the number of sub-batches and the sizes of the feature axes, but got 6}}
  %0 = norm.batch_norm_grad ins(%x, %x : tensor<8x6xf32>, tensor<8x6xf32>)
      mean(%s : tensor<6xf32>) variance(%s : tensor<6xf32>)
      outs(%x : tensor<8x6xf32>) features = [1] ghost_size = 2
  return
}

// -----

// finalize (C8)
func.func @axis(%s: memref<2x6xf32>, %r: memref<6xf32>) {
  // expected-error @below {{expected the ghost axis to be from 0 to 1, but got 2}}
  norm.finalize ins(%s, %s, %s : memref<2x6xf32>, memref<2x6xf32>, memref<2x6xf32>)
      outs(%s, %s : memref<2x6xf32>, memref<2x6xf32>)
      running(%r, %r : memref<6xf32>, memref<6xf32>) ghost_axis = 2
  return
}

// -----

// finalize (C8)
func.func @axis_sizes(%s: memref<2x6xf32>, %r: memref<2xf32>) {
  // expected-error @below {{expected the shape of the running mean to be 6, the sizes of the axes but the ghost axis, but got 2}}
  norm.finalize ins(%s, %s, %s : memref<2x6xf32>, memref<2x6xf32>, memref<2x6xf32>)
      outs(%s, %s : memref<2x6xf32>, memref<2x6xf32>)
      running(%r, %r : memref<2xf32>, memref<2xf32>) ghost_axis = 0
  return
}
