// What the emulator does not know is an error before anything runs.

// RUN: not norm-run %s --target=gpu-emulator --entry=atomic --input=zeros:64 2>&1 | FileCheck %s --check-prefix=ATOMIC
// ATOMIC: error: expected instructions that the emulator knows, but got atomicrmw
func.func @atomic(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1) {
    %0 = memref.atomic_rmw addf %v, %x[%t] : (f32, memref<64xf32>) -> f32
    gpu.terminator
  }
  return
}

// RUN: not norm-run %s --target=gpu-emulator --entry=vote --input=zeros:64 2>&1 | FileCheck %s --check-prefix=VOTE
// VOTE: error: expected instructions that the emulator knows, but got llvm.nvvm.vote.ballot.sync
func.func @vote(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %mask = arith.constant -1 : i32
  %true = arith.constant true
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1) {
    %0 = nvvm.vote.sync ballot %mask, %true -> i32
    %1 = arith.sitofp %0 : i32 to f32
    memref.store %1, %x[%t] : memref<64xf32>
    gpu.terminator
  }
  return
}

// RUN: not norm-run %s --target=gpu-emulator --entry=assembly --input=zeros:64 2>&1 | FileCheck %s --check-prefix=ASM
// ASM: error: expected instructions that the emulator knows, but got inline assembly or an unknown callee
func.func @assembly(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) {
    nvvm.inline_ptx "membar.gl;"
    gpu.terminator
  }
  return
}
