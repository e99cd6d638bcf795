// RUN: norm-opt %s --norm-hoist-allocas | FileCheck %s

func.func private @use(memref<4xf32>)
func.func private @use_dynamic(memref<?xf32>)

// To the start of the function, in their order.
// CHECK-LABEL: func @loop(
// CHECK-NEXT:    %[[A:.*]] = memref.alloca() : memref<4xf32>
// CHECK-NEXT:    %[[B:.*]] = memref.alloca() {alignment = 64 : i64} : memref<4xf32>
// CHECK:         scf.for
// CHECK-NOT:       memref.alloca
// CHECK:           call @use(%[[A]])
// CHECK:           call @use(%[[B]])
func.func @loop(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %a = memref.alloca() : memref<4xf32>
    func.call @use(%a) : (memref<4xf32>) -> ()
    %b = memref.alloca() {alignment = 64 : i64} : memref<4xf32>
    func.call @use(%b) : (memref<4xf32>) -> ()
  }
  return
}

// One for each thread.
// CHECK-LABEL: func @threads(
// CHECK-NOT:     memref.alloca
// CHECK:         omp.parallel {
// CHECK-NEXT:      %[[A:.*]] = memref.alloca() : memref<4xf32>
// CHECK:           omp.wsloop
// CHECK-NOT:         memref.alloca
// CHECK:             call @use(%[[A]])
func.func @threads(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  omp.parallel {
    omp.wsloop {
      omp.loop_nest (%i) : index = (%c0) to (%n) step (%c1) {
        %a = memref.alloca() : memref<4xf32>
        func.call @use(%a) : (memref<4xf32>) -> ()
        omp.yield
      }
    }
    omp.terminator
  }
  return
}

// A size that the loop determines stays, and so does its scope.
// CHECK-LABEL: func @dynamic(
// CHECK:         scf.for
// CHECK:           memref.alloca_scope
// CHECK:             memref.alloca(%{{.*}}) : memref<?xf32>
func.func @dynamic(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    memref.alloca_scope {
      %a = memref.alloca(%i) : memref<?xf32>
      func.call @use_dynamic(%a) : (memref<?xf32>) -> ()
    }
  }
  return
}

// A scope without allocas is inlined, also one that returns values.
// CHECK-LABEL: func @scope(
// CHECK-NEXT:    %[[A:.*]] = memref.alloca() : memref<4xf32>
// CHECK-NOT:     memref.alloca_scope
// CHECK:         call @use(%[[A]])
// CHECK:         %[[X:.*]] = memref.load %[[A]]
// CHECK:         return %[[X]] : f32
func.func @scope() -> f32 {
  %c0 = arith.constant 0 : index
  %0 = memref.alloca_scope -> (f32) {
    %a = memref.alloca() : memref<4xf32>
    func.call @use(%a) : (memref<4xf32>) -> ()
    %x = memref.load %a[%c0] : memref<4xf32>
    memref.alloca_scope.return %x : f32
  }
  return %0 : f32
}

// Another op whose body runs in parallel ends the search.
// CHECK-LABEL: func @parallel(
// CHECK:         scf.parallel
// CHECK:           memref.alloca() : memref<4xf32>
func.func @parallel(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    %a = memref.alloca() : memref<4xf32>
    func.call @use(%a) : (memref<4xf32>) -> ()
  }
  return
}
