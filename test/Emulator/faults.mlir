// What a kernel must not do, once each, and the messages.

// RUN: norm-run %s --target=gpu-emulator --entry=right --input=zeros:64 --output=%t.npy
// RUN: %python -c "import sys, numpy; x = numpy.load(sys.argv[1]); assert (x == (numpy.arange(64) + 1) %% 64).all(), x" %t.npy

// DEFINE: %{entry} =
// DEFINE: %{fault} = not norm-run %s --target=gpu-emulator --input=zeros:64 --output=%t.no.npy --entry=%{entry} 2>&1 | FileCheck %s --check-prefix=%{entry} --implicit-check-not=error:

// One thread writes a place, and its neighbour reads it.
func.func @right(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %i = arith.index_cast %t : index to i32
    %v = arith.sitofp %i : i32 to f32
    memref.store %v, %w[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    gpu.barrier
    %next = arith.addi %t, %c1 : index
    %other = arith.remui %next, %c64 : index
    %u = memref.load %w[%other] : memref<64xf32, #gpu.address_space<workgroup>>
    memref.store %u, %x[%t] : memref<64xf32>
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = uninitialized
// RUN: %{fault}
// uninitialized: error: uninitialized_kernel: thread (32, 0, 0) of block (0, 0, 0): expected a read of 4 bytes at byte 128 of workgroup memory to be of memory that was written
func.func @uninitialized(%x: memref<64xf32>) {
  %v = arith.constant 1.0 : f32
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  %c64 = arith.constant 64 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %low = arith.cmpi ult, %t, %c32 : index
    scf.if %low {
      memref.store %v, %w[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    }
    gpu.barrier
    %u = memref.load %w[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    memref.store %u, %x[%t] : memref<64xf32>
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = race
// RUN: %{fault}
// race: error: race_kernel: thread (1, 0, 0) of block (0, 0, 0): expected a write of 4 bytes at byte 4 of an array of 256 bytes to be ordered by a barrier with what thread 0 does there
func.func @race(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1) {
    %next = arith.addi %t, %c1 : index
    %other = arith.remui %next, %c64 : index
    %u = memref.load %x[%other] : memref<64xf32>
    memref.store %u, %x[%t] : memref<64xf32>
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = blocks
// RUN: %{fault}
// blocks: error: blocks_kernel: thread (0, 0, 0) of block (1, 0, 0): expected a write of 4 bytes at byte 0 of an array of 256 bytes to be ordered by a barrier with what block 0 does there
func.func @blocks(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c64 = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c2, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1) {
    memref.store %v, %x[%t] : memref<64xf32>
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = outside
// RUN: %{fault}
// outside: error: outside_kernel: thread (63, 0, 0) of block (0, 0, 0): expected a write of 4 bytes outside of all memory to be inside of an array
func.func @outside(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1) {
    %next = arith.addi %t, %c1 : index
    memref.store %v, %x[%next] : memref<64xf32>
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = misaligned
// RUN: %{fault}
// misaligned: error: misaligned_kernel: thread (1, 0, 0) of block (0, 0, 0): expected a write of 16 bytes at byte 4 of an array of 256 bytes to be at a multiple of 16 bytes
func.func @misaligned(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %v = arith.constant dense<1.0> : vector<4xf32>
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c2, %sy = %c1, %sz = %c1) {
    vector.store %v, %x[%t] {alignment = 16} : memref<64xf32>, vector<4xf32>
    gpu.terminator
  }
  return
}

// Workgroup memory is aligned to what its arrays declare, 16 bytes, and to no more.
// REDEFINE: %{entry} = misplaced
// RUN: %{fault}
// misplaced: error: misplaced_kernel: thread (0, 0, 0) of block (0, 0, 0): expected a read of 32 bytes at byte 0 of workgroup memory to be at a multiple of 32 bytes
func.func @misplaced(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    memref.store %v, %w[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    gpu.barrier
    %u = vector.load %w[%c0] {alignment = 32} : memref<64xf32, #gpu.address_space<workgroup>>, vector<8xf32>
    %sum = vector.reduction <add>, %u : vector<8xf32> into f32
    memref.store %sum, %x[%t] : memref<64xf32>
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = missed
// RUN: %{fault}
// missed: error: missed_kernel: thread (63, 0, 0) of block (0, 0, 0): expected all threads of the block at a barrier, but this one has ended
func.func @missed(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  %c64 = arith.constant 64 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1) {
    %low = arith.cmpi ult, %t, %c32 : index
    scf.if %low {
      gpu.barrier
    }
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = barriers
// RUN: %{fault}
// barriers: error: barriers_kernel: thread (32, 0, 0) of block (0, 0, 0): expected all threads of the block at one barrier, but got others at another one
func.func @barriers(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  %c64 = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1) {
    %low = arith.cmpi ult, %t, %c32 : index
    scf.if %low {
      gpu.barrier
      memref.store %v, %x[%t] : memref<64xf32>
    } else {
      gpu.barrier
    }
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = shuffle
// RUN: %{fault}
// shuffle: error: shuffle_kernel: thread (0, 0, 0) of block (0, 0, 0): expected all threads of the mask, but lane 16 is elsewhere, at a shuffle
func.func @shuffle(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %v = arith.constant 1.0 : f32
  %offset = arith.constant 1 : i32
  %width = arith.constant 32 : i32
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c32, %sy = %c1, %sz = %c1) {
    %low = arith.cmpi ult, %t, %c16 : index
    scf.if %low {
      %u, %valid = gpu.shuffle xor %v, %offset, %width : f32
      memref.store %u, %x[%t] : memref<64xf32>
    }
    gpu.terminator
  }
  return
}
