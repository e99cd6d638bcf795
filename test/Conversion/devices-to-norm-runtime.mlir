// RUN: norm-opt %s --convert-devices-to-norm-runtime --split-input-file --verify-diagnostics | FileCheck %s

// Alike devices have one constant; a grid that nothing needs is erased.
// CHECK-NOT: shard.grid
// CHECK-DAG: llvm.mlir.global internal constant @[[ALL:.*]](dense<[2, 2, 4, 1, 1, 0]> : tensor<6xi64>)
// CHECK-DAG: llvm.mlir.global internal constant @[[GROUPS:.*]](dense<[2, 2, 4, 2, 1, 0, 2, 6, 7, 6, 5, 4, 3, 2, 2, 0, 1]> : tensor<17xi64>)
// CHECK-DAG: llvm.func @normDevicesAllGather(!llvm.ptr, !llvm.ptr, !llvm.ptr, i64)
shard.grid @grid(shape = 2x4)
// CHECK-LABEL: func.func @gather
// CHECK-SAME: %[[ROW:.*]]: memref<15xf64>, %[[ROWS:.*]]: memref<4x15xf64>
func.func @gather(%row: memref<15xf64>, %rows: memref<4x15xf64>, %short: memref<?xf32>, %six: memref<6x?xf32>) {
  // CHECK: %[[A:.*]] = memref.extract_aligned_pointer_as_index %[[ROW]]
  // CHECK: %[[B:.*]] = arith.index_cast %[[A]]
  // CHECK: %[[SEND:.*]] = llvm.inttoptr %[[B]]
  // CHECK: memref.extract_aligned_pointer_as_index %[[ROWS]]
  // CHECK: %[[RECEIVE:.*]] = llvm.inttoptr
  // CHECK: %[[SIZE:.*]] = memref.dim %[[ROW]]
  // CHECK: %[[WIDTH:.*]] = arith.constant 8 : index
  // CHECK: %[[PRODUCT:.*]] = arith.muli %[[SIZE]], %[[WIDTH]]
  // CHECK: %[[BYTES:.*]] = arith.index_cast %[[PRODUCT]]
  // CHECK: %[[DEVICES:.*]] = llvm.mlir.addressof @[[ALL]]
  // CHECK: llvm.call @normDevicesAllGather(%[[DEVICES]], %[[SEND]], %[[RECEIVE]], %[[BYTES]])
  norm.all_gather ins(%row : memref<15xf64>) outs(%rows : memref<4x15xf64>) devices = <@grid, axes = [1]> packed
  // CHECK: llvm.mlir.addressof @[[ALL]]
  norm.all_gather ins(%row : memref<15xf64>) outs(%rows : memref<4x15xf64>) devices = <@grid, axes = [1]> packed
  // CHECK: arith.constant 4 : index
  // CHECK: llvm.mlir.addressof @[[GROUPS]]
  norm.all_gather ins(%short : memref<?xf32>) outs(%six : memref<6x?xf32>)
      devices = <@grid, axes = [1, 0], groups = [[7, 6, 5, 4, 3, 2], [0, 1]]> packed
  return
}

// -----

// CHECK: llvm.mlir.global internal constant @[[GRID:.*]](dense<[2, 2, 4]> : tensor<3xi64>)
// CHECK: llvm.func @normDevicesGetIndex(!llvm.ptr) -> i64
shard.grid @grid(shape = 2x4)
// CHECK-LABEL: func.func @index
func.func @index() -> index {
  // CHECK: %[[GRID_ADDRESS:.*]] = llvm.mlir.addressof @[[GRID]]
  // CHECK: %[[I64:.*]] = llvm.call @normDevicesGetIndex(%[[GRID_ADDRESS]])
  // CHECK: %[[INDEX:.*]] = arith.index_cast %[[I64]]
  // CHECK: return %[[INDEX]]
  %0 = shard.process_linear_index on @grid : index
  return %0 : index
}

// -----

// A grid that an op still needs stays.
// CHECK: shard.grid @grid
shard.grid @grid(shape = 2)
func.func @needed(%x: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %0 = norm.layer_norm ins(%x : tensor<8x6xf32>) outs(%x : tensor<8x6xf32>) axes = [1] devices = <@grid, axes = [0]>
  return %0 : tensor<8x6xf32>
}

// -----

shard.grid @grid(shape = 2)
func.func @unpacked(%x: memref<8xf64>, %y: memref<2x8xf64>) {
  // expected-error @below {{expected one packed memref, as norm-pack-gathers and bufferization make it}}
  norm.all_gather ins(%x : memref<8xf64>) outs(%y : memref<2x8xf64>) devices = <@grid, axes = [0]>
  return
}

// -----

shard.grid @grid(shape = 2)
func.func @strided(%x: memref<8xf64, strided<[2]>>, %y: memref<2x8xf64>) {
  // expected-error @below {{expected a contiguous memref, but got 'memref<8xf64, strided<[2]>>'}}
  norm.all_gather ins(%x : memref<8xf64, strided<[2]>>) outs(%y : memref<2x8xf64>) devices = <@grid, axes = [0]> packed
  return
}

// -----

shard.grid @grid(shape = 2x?)
func.func @unknown() -> index {
  // expected-error @below {{expected the sizes of @grid to be static}}
  %0 = shard.process_linear_index on @grid : index
  return %0 : index
}
