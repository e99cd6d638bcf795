// Calls of the runtime, as compiled code makes them. The first word of a row is the
// runtime's.

llvm.func @normDevicesGetIndex(!llvm.ptr) -> i64
llvm.func @normDevicesAllGather(!llvm.ptr, !llvm.ptr, !llvm.ptr, i64)

llvm.mlir.global private constant @shape(dense<[2, 2, 2]> : tensor<3xi64>) : !llvm.array<3 x i64>
llvm.mlir.global private constant @all(dense<[2, 2, 2, 2, 0, 1, 0]> : tensor<7xi64>) : !llvm.array<7 x i64>
llvm.mlir.global private constant @pair(dense<[1, 2, 1, 0, 0]> : tensor<5xi64>) : !llvm.array<5 x i64>

func.func private @pointer(%m: memref<?xi64>) -> !llvm.ptr {
  %index = memref.extract_aligned_pointer_as_index %m : memref<?xi64> -> index
  %i = arith.index_cast %index : index to i64
  %p = llvm.inttoptr %i : i64 to !llvm.ptr
  return %p : !llvm.ptr
}

// Gathers x, its length and the index of each of four devices.
func.func @gather(%x: memref<?x?xi64>, %receive: memref<20xi64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %bytes = arith.constant 40 : i64
  %shape = llvm.mlir.addressof @shape : !llvm.ptr
  %all = llvm.mlir.addressof @all : !llvm.ptr
  %index = llvm.call @normDevicesGetIndex(%shape) : (!llvm.ptr) -> i64
  %send = memref.alloca() : memref<5xi64>
  %length = memref.dim %x, %c0 : memref<?x?xi64>
  %width = memref.dim %x, %c1 : memref<?x?xi64>
  %l = arith.index_cast %length : index to i64
  %w = arith.index_cast %width : index to i64
  %element = memref.load %x[%c0, %c0] : memref<?x?xi64>
  memref.store %element, %send[%c1] : memref<5xi64>
  memref.store %l, %send[%c2] : memref<5xi64>
  memref.store %w, %send[%c3] : memref<5xi64>
  memref.store %index, %send[%c4] : memref<5xi64>
  %sd = memref.cast %send : memref<5xi64> to memref<?xi64>
  %rd = memref.cast %receive : memref<20xi64> to memref<?xi64>
  %s = call @pointer(%sd) : (memref<?xi64>) -> !llvm.ptr
  %r = call @pointer(%rd) : (memref<?xi64>) -> !llvm.ptr
  llvm.call @normDevicesAllGather(%all, %s, %r, %bytes) : (!llvm.ptr, !llvm.ptr, !llvm.ptr, i64) -> ()
  // The check words differ from call to call.
  %zero = arith.constant 0 : i64
  affine.for %i = 0 to 4 {
    affine.store %zero, %receive[%i * 5] : memref<20xi64>
  }
  return
}

// Fails on the second of two devices.
func.func @fail(%x: memref<?xi64>) {
  %c0 = arith.constant 0 : index
  %size = memref.dim %x, %c0 : memref<?xi64>
  %c2 = arith.constant 2 : index
  %good = arith.cmpi sge, %size, %c2 : index
  cf.assert %good, "expected two elements"
  return
}

// The same, while the first one waits for the second.
func.func @late(%x: memref<?xi64>) {
  call @fail(%x) : (memref<?xi64>) -> ()
  %pair = llvm.mlir.addressof @pair : !llvm.ptr
  %bytes = arith.constant 8 : i64
  %send = memref.alloca() : memref<1xi64>
  %receive = memref.alloca() : memref<2xi64>
  %sd = memref.cast %send : memref<1xi64> to memref<?xi64>
  %rd = memref.cast %receive : memref<2xi64> to memref<?xi64>
  %s = call @pointer(%sd) : (memref<?xi64>) -> !llvm.ptr
  %r = call @pointer(%rd) : (memref<?xi64>) -> !llvm.ptr
  llvm.call @normDevicesAllGather(%pair, %s, %r, %bytes) : (!llvm.ptr, !llvm.ptr, !llvm.ptr, i64) -> ()
  return
}
