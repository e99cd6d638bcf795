// RUN: split-file %s %t
// RUN: norm-opt %t/inference.mlir --norm-to-linalg-pipeline --norm-bufferize-pipeline | FileCheck %t/inference.mlir
// RUN: norm-opt %t/inference.mlir --norm-lower-to-cpu-pipeline | FileCheck %t/inference.mlir --check-prefix=LLVM
// RUN: norm-opt %t/inference.mlir --norm-to-linalg-pipeline=fuse=false --norm-bufferize-pipeline | FileCheck %t/inference.mlir --check-prefix=OFF
// RUN: norm-opt %t/training.mlir --norm-to-linalg-pipeline --norm-bufferize-pipeline --norm-vectorize-pipeline | FileCheck %t/training.mlir
// RUN: norm-opt %t/silu.mlir --norm-to-linalg-pipeline --norm-bufferize-pipeline --norm-vectorize-pipeline | FileCheck %t/silu.mlir
// RUN: norm-opt %t/gradient.mlir --norm-to-linalg-pipeline --norm-bufferize-pipeline | FileCheck %t/gradient.mlir
// RUN: norm-opt %t/dynamic.mlir --norm-to-linalg-pipeline=check-shapes=false --norm-bufferize-pipeline | FileCheck %t/dynamic.mlir
// RUN: norm-opt %t/network.mlir --norm-to-linalg-pipeline --norm-bufferize-pipeline | FileCheck %t/network.mlir
// RUN: norm-opt %t/both.mlir --norm-to-linalg-pipeline --norm-bufferize-pipeline | FileCheck %t/both.mlir
// RUN: norm-opt %t/destination.mlir --norm-to-linalg-pipeline --norm-bufferize-pipeline | FileCheck %t/destination.mlir
// RUN: norm-opt %t/silu.mlir --norm-lower-to-cpu-pipeline | FileCheck %t/silu.mlir --check-prefix=FMA
// RUN: norm-opt %t/silu.mlir --norm-lower-to-cpu-pipeline=fma=false | FileCheck %t/silu.mlir --check-prefix=NOFMA
// RUN: norm-opt %t/few.mlir --norm-to-linalg-pipeline --norm-bufferize-pipeline | FileCheck %t/few.mlir

//--- inference.mlir

// One loop, with one allocation, for the result.
// CHECK-COUNT-1: memref.alloc()
// CHECK-NOT:     memref.alloc()
// CHECK:         scf.forall
// CHECK:           linalg.generic {{.*}} ins(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}
// CHECK:             arith.subf
// CHECK:             arith.addf
// CHECK:             arith.addf
// CHECK:             arith.maximumf
// CHECK-NOT:     linalg.generic
// LLVM:          llvm.intr.maximum{{.*}} vector<16xf32>
// LLVM:          nontemporal
// OFF:           scf.forall
// OFF-COUNT-2:   linalg.generic {{.*}} ["parallel", "parallel", "parallel", "parallel"]
func.func @f(%x: tensor<32x64x56x56xf32>, %r: tensor<32x64x56x56xf32>, %m: tensor<64xf32>, %v: tensor<64xf32>,
             %s: tensor<64xf32>, %b: tensor<64xf32>) -> tensor<32x64x56x56xf32> {
  %e = tensor.empty() : tensor<32x64x56x56xf32>
  %y = norm.batch_norm_inference ins(%x : tensor<32x64x56x56xf32>) statistics(%m, %v : tensor<64xf32>, tensor<64xf32>)
      scale(%s : tensor<64xf32>) bias(%b : tensor<64xf32>) outs(%e : tensor<32x64x56x56xf32>) features = [1]
  %sum = arith.addf %y, %r : tensor<32x64x56x56xf32>
  %zero = arith.constant dense<0.0> : tensor<32x64x56x56xf32>
  %z = arith.maximumf %sum, %zero : tensor<32x64x56x56xf32>
  return %z : tensor<32x64x56x56xf32>
}

//--- training.mlir

// Features innermost: parts that take the moments, and parts that apply them. What is large is written around the caches.
// CHECK-COUNT-1: memref<32x56x56x64xf32>
// CHECK:         memref.alloc() {{.*}} memref<32x56x56x64xf32>
// CHECK-NOT:     memref.alloc() {{.*}} memref<32x56x56x64xf32>
// CHECK:         scf.parallel
// CHECK:         scf.parallel
// CHECK:           math.fma
// CHECK:           arith.addf %{{.*}} : vector<16xf32>
// CHECK-NEXT:      arith.maximumf
// CHECK-NEXT:      vector.store {{.*}} nontemporal = true
func.func @f(%x: tensor<32x56x56x64xf32>, %r: tensor<32x56x56x64xf32>, %s: tensor<64xf32>, %b: tensor<64xf32>)
    -> tensor<32x56x56x64xf32> {
  %e = tensor.empty() : tensor<32x56x56x64xf32>
  %y = norm.batch_norm_training ins(%x : tensor<32x56x56x64xf32>) scale(%s : tensor<64xf32>) bias(%b : tensor<64xf32>)
      outs(%e : tensor<32x56x56x64xf32>) features = [3]
  %sum = linalg.add ins(%y, %r : tensor<32x56x56x64xf32>, tensor<32x56x56x64xf32>)
      outs(%e : tensor<32x56x56x64xf32>) -> tensor<32x56x56x64xf32>
  %zero = arith.constant 0.0 : f32
  %zeros = linalg.fill ins(%zero : f32) outs(%e : tensor<32x56x56x64xf32>) -> tensor<32x56x56x64xf32>
  %z = linalg.max ins(%sum, %zeros : tensor<32x56x56x64xf32>, tensor<32x56x56x64xf32>)
      outs(%e : tensor<32x56x56x64xf32>) -> tensor<32x56x56x64xf32>
  return %z : tensor<32x56x56x64xf32>
}

//--- destination.mlir

// The result goes to the memory that the layer was given, and nothing is
// allocated or copied.
// CHECK-LABEL: func.func @destination
// CHECK-NOT:     memref.alloc()
// CHECK-NOT:     memref.copy
// CHECK:         scf.forall
// CHECK:           arith.maximumf
// CHECK-NOT:     memref.alloc()
// CHECK-NOT:     memref.copy
// CHECK:         return
func.func @destination(%x: tensor<8x64x64x64xf32>, %r: tensor<8x64x64x64xf32>, %m: tensor<64xf32>, %v: tensor<64xf32>, %y: memref<8x64x64x64xf32>) {
  %e = bufferization.to_tensor %y restrict writable : memref<8x64x64x64xf32> to tensor<8x64x64x64xf32>
  %n = norm.batch_norm_inference ins(%x : tensor<8x64x64x64xf32>) statistics(%m, %v : tensor<64xf32>, tensor<64xf32>)
      outs(%e : tensor<8x64x64x64xf32>) features = [1]
  %s = arith.addf %n, %r : tensor<8x64x64x64xf32>
  %zero = arith.constant dense<0.0> : tensor<8x64x64x64xf32>
  %z = arith.maximumf %s, %zero : tensor<8x64x64x64xf32>
  bufferization.materialize_in_destination %z in restrict writable %y : (tensor<8x64x64x64xf32>, memref<8x64x64x64xf32>) -> ()
  return
}

//--- silu.mlir

// Polynomials have no fused operation where the processor has none.
// FMA:       llvm.intr.fma
// NOFMA-NOT: llvm.intr.fma
// NOFMA-NOT: fmaf


// Of bf16, computed in f32; functions of vectors.
// CHECK-COUNT-1: memref.alloc() {{.*}} memref<4x64x64x64xbf16>
// CHECK-NOT:     memref.alloc()
// CHECK:         scf.parallel
// CHECK:           arith.truncf %{{.*}} : vector<16xf32> to vector<16xbf16>
// CHECK-NEXT:      arith.extf
// CHECK-NEXT:      arith.negf
// CHECK-NEXT:      math.exp %{{.*}} : vector<16xf32>
func.func @f(%x: tensor<4x64x64x64xbf16>) -> tensor<4x64x64x64xbf16> {
  %e = tensor.empty() : tensor<4x64x64x64xbf16>
  %y = norm.group_norm ins(%x : tensor<4x64x64x64xbf16>) outs(%e : tensor<4x64x64x64xbf16>) channel = 1 num_groups = 8
  %w = arith.extf %y : tensor<4x64x64x64xbf16> to tensor<4x64x64x64xf32>
  %n = arith.negf %w : tensor<4x64x64x64xf32>
  %exp = math.exp %n : tensor<4x64x64x64xf32>
  %one = arith.constant dense<1.0> : tensor<4x64x64x64xf32>
  %d = arith.addf %exp, %one : tensor<4x64x64x64xf32>
  %q = arith.divf %w, %d : tensor<4x64x64x64xf32>
  %z = arith.truncf %q : tensor<4x64x64x64xf32> to tensor<4x64x64x64xbf16>
  return %z : tensor<4x64x64x64xbf16>
}

//--- gradient.mlir

// The mask of a ReLU before the gradient, in both of its passes; the gradient of a residual after it.
// CHECK-COUNT-1: memref.alloc() {{.*}} memref<32x64x28x28xf32>
// CHECK-NOT:     memref.alloc() {{.*}} memref<32x64x28x28x
// CHECK:         scf.forall
// CHECK:           linalg.generic {{.*}} iterator_types = ["parallel", "reduction", "reduction"]
// CHECK:             arith.cmpf ogt
// CHECK:             arith.select
// CHECK:           linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel"]
// CHECK:             arith.cmpf ogt
// CHECK:             arith.select
// CHECK:             arith.addf
// CHECK-NEXT:        linalg.yield
func.func @f(%dz: tensor<32x64x28x28xf32>, %z: tensor<32x64x28x28xf32>, %x: tensor<32x64x28x28xf32>,
             %dr: tensor<32x64x28x28xf32>, %m: tensor<64xf32>, %v: tensor<64xf32>, %s: tensor<64xf32>)
    -> (tensor<32x64x28x28xf32>, tensor<64xf32>, tensor<64xf32>) {
  %e = tensor.empty() : tensor<32x64x28x28xf32>
  %p = tensor.empty() : tensor<64xf32>
  %zero = arith.constant dense<0.0> : tensor<32x64x28x28xf32>
  %positive = arith.cmpf ogt, %z, %zero : tensor<32x64x28x28xf32>
  %dy = arith.select %positive, %dz, %zero : tensor<32x64x28x28xi1>, tensor<32x64x28x28xf32>
  %d:3 = norm.batch_norm_grad ins(%dy, %x : tensor<32x64x28x28xf32>, tensor<32x64x28x28xf32>) mean(%m : tensor<64xf32>)
      variance(%v : tensor<64xf32>) scale(%s : tensor<64xf32>) outs(%e : tensor<32x64x28x28xf32>)
      scale_gradient(%p : tensor<64xf32>) bias_gradient(%p : tensor<64xf32>) features = [1]
  %dx = arith.addf %d#0, %dr : tensor<32x64x28x28xf32>
  return %dx, %d#1, %d#2 : tensor<32x64x28x28xf32>, tensor<64xf32>, tensor<64xf32>
}

//--- dynamic.mlir

// CHECK-COUNT-1: memref.alloc({{.*}}memref<?x?x?x?xf32>
// CHECK-NOT:     memref.alloc({{.*}}memref<?x?x?x?xf32>
// CHECK:         scf.forall
// CHECK:           linalg.generic {{.*}} ["parallel", "parallel", "parallel"]}
// CHECK:             arith.addf
// CHECK-NEXT:        arith.addf
// CHECK-NEXT:        arith.maximumf
// CHECK-NEXT:        linalg.yield
// CHECK:           }
// CHECK-NOT:     linalg.generic
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
func.func @f(%x: tensor<?x?x?x?xf32>, %r: tensor<?x?x?x?xf32>, %e: tensor<?x?x?x?xf32>) -> tensor<?x?x?x?xf32> {
  %zero = arith.constant 0.0 : f32
  %y = norm.batch_norm_training ins(%x : tensor<?x?x?x?xf32>) outs(%e : tensor<?x?x?x?xf32>) features = [1]
  %z = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%y, %r : tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>) outs(%e : tensor<?x?x?x?xf32>) {
    ^bb0(%a: f32, %b: f32, %out: f32):
      %s = arith.addf %a, %b : f32
      %m = arith.maximumf %s, %zero : f32
      linalg.yield %m : f32
  } -> tensor<?x?x?x?xf32>
  return %z : tensor<?x?x?x?xf32>
}

//--- network.mlir

// Layers that are alike with what follows them are one function, which the second layer reads the result of the first
// from; the memory between layer and addition is nowhere.
// CHECK-LABEL: func @f(
// CHECK-COUNT-2: memref.alloc() {{.*}} : memref<8x16x{{.*}}xf32>
// CHECK-NOT:     memref.alloc()
// CHECK-COUNT-2: call @norm_batch_norm_training(
// CHECK-LABEL: func private @norm_batch_norm_training(
// CHECK-NOT:     memref.alloc()
// CHECK:           linalg.generic {{.*}} ["parallel", "parallel", "parallel"]}
// CHECK:             arith.addf
// CHECK-NEXT:        arith.addf
// CHECK-NEXT:        arith.maximumf
// CHECK-NEXT:        linalg.yield
// CHECK-NOT:     linalg.generic
// CHECK:         return
func.func @f(%x: tensor<8x16x32x32xf32>, %r: tensor<8x16x32x32xf32>) -> tensor<8x16x32x32xf32> {
  %e = tensor.empty() : tensor<8x16x32x32xf32>
  %zero = arith.constant dense<0.0> : tensor<8x16x32x32xf32>
  %0 = norm.batch_norm_training ins(%x : tensor<8x16x32x32xf32>) outs(%e : tensor<8x16x32x32xf32>) features = [1]
  %1 = arith.addf %0, %r : tensor<8x16x32x32xf32>
  %2 = arith.maximumf %1, %zero : tensor<8x16x32x32xf32>
  %3 = norm.batch_norm_training ins(%2 : tensor<8x16x32x32xf32>) outs(%e : tensor<8x16x32x32xf32>) features = [1]
  %4 = arith.addf %3, %r : tensor<8x16x32x32xf32>
  %5 = arith.maximumf %4, %zero : tensor<8x16x32x32xf32>
  return %5 : tensor<8x16x32x32xf32>
}

//--- both.mlir

// What is between layer and ReLU is returned, too: one pass writes both.
// CHECK-COUNT-2: memref.alloc() {{.*}} memref<512x1024xf32>
// CHECK-NOT:     memref.alloc()
// CHECK:         scf.forall
// CHECK:           linalg.generic {{.*}} ["parallel", "parallel"]} {{.*}} outs(%{{.*}}, %{{.*}} : memref<1x1024xf32
// CHECK:             arith.maximumf
// CHECK-NEXT:        linalg.yield %{{.*}}, %{{.*}} : f32, f32
func.func @f(%x: tensor<512x1024xf32>) -> (tensor<512x1024xf32>, tensor<512x1024xf32>) {
  %e = tensor.empty() : tensor<512x1024xf32>
  %zero = arith.constant dense<0.0> : tensor<512x1024xf32>
  %y = norm.layer_norm ins(%x : tensor<512x1024xf32>) outs(%e : tensor<512x1024xf32>) axes = [1]
  %z = arith.maximumf %y, %zero : tensor<512x1024xf32>
  return %y, %z : tensor<512x1024xf32>, tensor<512x1024xf32>
}

//--- few.mlir

// Few groups: their channels are an axis of its own.
// CHECK-COUNT-1: memref.alloc() {{.*}} memref<1x8x{{.*}}xf32>
// CHECK-NOT:     memref.alloc() {{.*}} memref<1x8x
// CHECK-NOT:     memref.alloc() {{.*}} memref<8x
// CHECK:         linalg.generic {{.*}} ["parallel", "parallel", "parallel", "parallel"]}
// CHECK:             arith.subf
// CHECK:             arith.addf
// CHECK-NEXT:        arith.addf
// CHECK-NEXT:        linalg.yield
// CHECK-NOT:     linalg.generic
func.func @f(%x: tensor<1x8x256x256xf32>, %r: tensor<1x8x256x256xf32>) -> tensor<1x8x256x256xf32> {
  %e = tensor.empty() : tensor<1x8x256x256xf32>
  %x2 = arith.addf %x, %r : tensor<1x8x256x256xf32>
  %y = norm.group_norm ins(%x2 : tensor<1x8x256x256xf32>) outs(%e : tensor<1x8x256x256xf32>) channel = 1 num_groups = 2
  %z = arith.addf %y, %r : tensor<1x8x256x256xf32>
  return %z : tensor<1x8x256x256xf32>
}
