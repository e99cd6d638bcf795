// RUN: norm-opt %s --norm-mask-integers | FileCheck %s

// CHECK-LABEL: llvm.func @bf16(
// CHECK-SAME:    %[[P:.*]]: !llvm.ptr, %[[MASK:.*]]: vector<4xi1>, %[[PASS:.*]]: vector<4xbf16>)
// CHECK:         %[[INTEGERS:.*]] = llvm.bitcast %[[PASS]] : vector<4xbf16> to vector<4xi16>
// CHECK:         %[[LOADED:.*]] = llvm.intr.masked.load %[[P]], %[[MASK]], %[[INTEGERS]] {alignment = 2 : i32} : (!llvm.ptr, vector<4xi1>, vector<4xi16>) -> vector<4xi16>
// CHECK:         %[[FLOATS:.*]] = llvm.bitcast %[[LOADED]] : vector<4xi16> to vector<4xbf16>
// CHECK:         %[[SUM:.*]] = llvm.fadd %[[FLOATS]], %[[FLOATS]]
// CHECK:         %[[STORED:.*]] = llvm.bitcast %[[SUM]] : vector<4xbf16> to vector<4xi16>
// CHECK:         llvm.intr.masked.store %[[STORED]], %[[P]], %[[MASK]] {alignment = 2 : i32} : vector<4xi16>, vector<4xi1> into !llvm.ptr
llvm.func @bf16(%p: !llvm.ptr, %mask: vector<4xi1>, %pass: vector<4xbf16>) {
  %x = llvm.intr.masked.load %p, %mask, %pass {alignment = 2 : i32} : (!llvm.ptr, vector<4xi1>, vector<4xbf16>) -> vector<4xbf16>
  %y = llvm.fadd %x, %x : vector<4xbf16>
  llvm.intr.masked.store %y, %p, %mask {alignment = 2 : i32} : vector<4xbf16>, vector<4xi1> into !llvm.ptr
  llvm.return
}

// CHECK-LABEL: llvm.func @others(
// CHECK-NOT:     llvm.bitcast
llvm.func @others(%p: !llvm.ptr, %mask: vector<4xi1>, %a: vector<4xf16>, %b: vector<4xf32>) {
  %x = llvm.intr.masked.load %p, %mask, %a {alignment = 2 : i32} : (!llvm.ptr, vector<4xi1>, vector<4xf16>) -> vector<4xf16>
  llvm.intr.masked.store %x, %p, %mask {alignment = 2 : i32} : vector<4xf16>, vector<4xi1> into !llvm.ptr
  llvm.intr.masked.store %b, %p, %mask {alignment = 4 : i32} : vector<4xf32>, vector<4xi1> into !llvm.ptr
  llvm.return
}
