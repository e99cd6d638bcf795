// RUN: norm-opt %s --convert-assert-to-norm-runtime | FileCheck %s

// One global for each message, one declaration.
// CHECK-DAG:   llvm.func @normRuntimeFail(!llvm.ptr) attributes {{.*}}"cold"{{.*}}"noreturn"
// CHECK-DAG:   llvm.mlir.global internal constant @[[A:.*]]("expected a\00")
// CHECK-DAG:   llvm.mlir.global internal constant @[[B:.*]]("expected b\00")
// CHECK-NOT:   llvm.mlir.global

// CHECK-LABEL: func.func @f(
// CHECK-SAME:    %[[OK:.*]]: i1)
// CHECK:         %[[TRUE:.*]] = arith.constant true
// CHECK:         %[[FAILED:.*]] = arith.xori %[[OK]], %[[TRUE]]
// CHECK:         scf.if %[[FAILED]] {
// CHECK:           %[[M:.*]] = llvm.mlir.addressof @[[A]]
// CHECK:           llvm.call @normRuntimeFail(%[[M]]) : (!llvm.ptr) -> ()
// CHECK:         }
// CHECK:         llvm.mlir.addressof @[[A]]
// CHECK:         llvm.mlir.addressof @[[B]]
// CHECK-NOT:     cf.assert
func.func @f(%ok: i1) {
  cf.assert %ok, "expected a"
  cf.assert %ok, "expected a"
  cf.assert %ok, "expected b"
  return
}

// Code for a device stays as it is.
// CHECK:       gpu.module @device
// CHECK:         cf.assert
gpu.module @device {
  gpu.func @g(%ok: i1) {
    cf.assert %ok, "on the device"
    gpu.return
  }
}
