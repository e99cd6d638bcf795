// Kernels whose blocks run together: what is right, what they must not do, and the messages.

// DEFINE: %{right} = norm-run %s --target=gpu-emulator --entry=right --input=zeros:7x32 --input=zeros:7x32
// RUN: %{right} --output=%t.x.npy --output=%t.y.npy
// RUN: %python -c "import sys, numpy; x, y = map(numpy.load, sys.argv[1:]); i = numpy.arange(7)[:, None] + numpy.zeros((1, 32)); assert (y == 505 - i).all() and (x == 500 + i).all(), (x, y)" %t.x.npy %t.y.npy
// RUN: env NORM_EMULATOR_ORDER=backward %{right} --compare %t.x.npy --compare %t.y.npy
// RUN: env NORM_EMULATOR_ORDER=random %{right} --compare %t.x.npy --compare %t.y.npy

// DEFINE: %{entry} =
// DEFINE: %{fault} = not norm-run %s --target=gpu-emulator --input=zeros:7x32 --output=%t.no.npy --entry=%{entry} 2>&1 | FileCheck %s --check-prefix=%{entry} --implicit-check-not=error:

// There are 5 blocks for 7 rows. Each row is written, read in the reverse order
// by another block, and read by another one again.
func.func @right(%x: memref<7x32xf32>, %y: memref<7x32xf32>) {
  %c1 = arith.constant 1 : index
  %rows = arith.constant 7 : index
  %threads = arith.constant 32 : index
  %counters = memref.alloc() : memref<2xi32>
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1) {
    %c2 = arith.constant 2 : index
    %zero = arith.constant 0 : i32
    %has = arith.cmpi ult, %t, %c2 : index
    scf.if %has {
      memref.store %zero, %counters[%t] : memref<2xi32>
    }
    gpu.terminator
  }
  gpu.launch blocks(%b, %by, %bz) in (%gx = %rows, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             module(@kernels) function(@right_cooperative) {
    %c0 = arith.constant 0 : index
    %last = arith.constant 5 : index
    %hundred = arith.constant 100.0 : f32
    %n = nvvm.read.ptx.sreg.nctaid.x : i32
    %step = arith.index_castui %n : i32 to index
    %all = arith.uitofp %n : i32 to f32
    scf.for %i = %b to %rows step %step {
      %number = arith.index_castui %i : index to i32
      %v = arith.uitofp %number : i32 to f32
      memref.store %v, %x[%i, %t] : memref<7x32xf32>
    }
    norm.grid_barrier %counters[%c0] : memref<2xi32>
    scf.for %i = %b to %rows step %step {
      %r = arith.constant 6 : index
      %from = arith.subi %r, %i : index
      %v = memref.load %x[%from, %t] : memref<7x32xf32>
      %one = arith.constant 1.0 : f32
      %less = arith.subf %v, %one : f32
      %scaled = arith.mulf %all, %hundred : f32
      %sum = arith.addf %less, %scaled : f32
      memref.store %sum, %y[%i, %t] : memref<7x32xf32>
    }
    norm.grid_barrier %counters[%c1] : memref<2xi32>
    scf.for %i = %b to %rows step %step {
      %r = arith.constant 6 : index
      %from = arith.subi %r, %i : index
      %v = memref.load %y[%from, %t] : memref<7x32xf32>
      %one = arith.constant 1.0 : f32
      %more = arith.addf %v, %one : f32
      memref.store %more, %x[%i, %t] : memref<7x32xf32>
    }
    gpu.terminator
  }
  memref.dealloc %counters : memref<2xi32>
  return
}

// Blocks that do not run together wait in vain.
// REDEFINE: %{entry} = alone
// RUN: %{fault}
// alone: error: alone_kernel: expected threads to go on, but all wait for each other
func.func @alone(%x: memref<7x32xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rows = arith.constant 7 : index
  %threads = arith.constant 32 : index
  %counters = memref.alloc() : memref<1xi32>
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) {
    %zero = arith.constant 0 : i32
    memref.store %zero, %counters[%t] : memref<1xi32>
    gpu.terminator
  }
  gpu.launch blocks(%b, %by, %bz) in (%gx = %rows, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             module(@kernels) function(@alone_kernel) {
    norm.grid_barrier %counters[%c0] : memref<1xi32>
    gpu.terminator
  }
  memref.dealloc %counters : memref<1xi32>
  return
}

// One block does not come.
// REDEFINE: %{entry} = missing
// RUN: %{fault}
// missing: error: missing_cooperative: expected threads to go on, but all wait for each other
func.func @missing(%x: memref<7x32xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rows = arith.constant 7 : index
  %threads = arith.constant 32 : index
  %counters = memref.alloc() : memref<1xi32>
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) {
    %zero = arith.constant 0 : i32
    memref.store %zero, %counters[%t] : memref<1xi32>
    gpu.terminator
  }
  gpu.launch blocks(%b, %by, %bz) in (%gx = %rows, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             module(@kernels) function(@missing_cooperative) {
    %comes = arith.cmpi ne, %b, %c1 : index
    scf.if %comes {
      norm.grid_barrier %counters[%c0] : memref<1xi32>
    }
    gpu.terminator
  }
  memref.dealloc %counters : memref<1xi32>
  return
}

// A block reads what another one writes.
// REDEFINE: %{entry} = race
// RUN: %{fault}
// race: error: race_cooperative: thread (0, 0, 0) of block ({{[0-4]}}, 0, 0): expected a {{read|write}} of 4 bytes at byte {{.*}} of an array of 896 bytes to be ordered by a barrier with what block {{[0-4]}} does there
func.func @race(%x: memref<7x32xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %blocks = arith.constant 5 : index
  %threads = arith.constant 32 : index
  %v = arith.constant 1.0 : f32
  gpu.launch blocks(%b, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             module(@kernels) function(@race_cooperative) {
    memref.store %v, %x[%b, %t] : memref<7x32xf32>
    %next = arith.addi %b, %c1 : index
    %u = memref.load %x[%next, %t] : memref<7x32xf32>
    memref.store %u, %x[%b, %t] : memref<7x32xf32>
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = plane
// RUN: %{fault}
// plane: error: plane_cooperative: expected blocks along x and no clusters, because all blocks run together
func.func @plane(%x: memref<7x32xf32>) {
  %c1 = arith.constant 1 : index
  %blocks = arith.constant 5 : index
  %threads = arith.constant 32 : index
  %v = arith.constant 1.0 : f32
  gpu.launch blocks(%b, %by, %bz) in (%gx = %c1, %gy = %blocks, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             module(@kernels) function(@plane_cooperative) {
    memref.store %v, %x[%by, %t] : memref<7x32xf32>
    gpu.terminator
  }
  return
}
