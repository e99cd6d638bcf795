// RUN: norm-opt %s --norm-tile=min-slabs=1 | FileCheck %s

// Slabs would send a message each.
shard.grid @grid(shape = 4)
// CHECK-LABEL: func.func @whole
// CHECK-NOT: scf.forall
func.func @whole(%x: tensor<8x64x49xf32>) -> tensor<8x64x49xf32> {
  %0 = norm.batch_norm_training ins(%x : tensor<8x64x49xf32>) outs(%x : tensor<8x64x49xf32>)
      features = [1] devices = <@grid, axes = [0]>
  return %0 : tensor<8x64x49xf32>
}
