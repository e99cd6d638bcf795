// RUN: norm-opt %s --norm-export-functions --verify-diagnostics | FileCheck %s
// RUN: norm-opt %s --norm-export-functions --norm-export-functions | FileCheck %s

// CHECK-LABEL: func.func @f(
// CHECK-SAME:    %{{.*}}: tensor<4xf32> {bufferization.writable = false}, %{{.*}}: tensor<4xf32> {bufferization.writable = true}, %{{.*}}: memref<4xf32>, %{{.*}}: index) -> tensor<4xf32>
// CHECK-SAME:    attributes {llvm.emit_c_interface, norm.signature = (tensor<4xf32>, tensor<4xf32>, memref<4xf32>, index) -> tensor<4xf32>}
func.func @f(%x: tensor<4xf32>, %y: tensor<4xf32> {bufferization.writable = true},
    %z: memref<4xf32>, %i: index) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// What is private or a declaration is not called from outside.
// CHECK: func.func private @internal(%{{.*}}: tensor<4xf32>) -> tensor<4xf32> {
func.func private @internal(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// CHECK: func.func private @declared(tensor<4xf32>) -> tensor<4xf32>{{$}}
func.func private @declared(tensor<4xf32>) -> tensor<4xf32>

// A signature that is there already is kept: the function may have been lowered
// since.
// CHECK-LABEL: func.func @lowered(
// CHECK-SAME:    %{{.*}}: memref<4xf32>) attributes {llvm.emit_c_interface, norm.signature = (tensor<4xf32>) -> ()}
func.func @lowered(%x: memref<4xf32>) attributes {norm.signature = (tensor<4xf32>) -> ()} {
  return
}
