// Clusters of blocks: what is right, what kernels must not do, and the messages.

// RUN: norm-run %s --target=gpu-emulator --pipeline-options=chip=sm_90 --entry=right --input=zeros:8x32 --output=%t.npy
// RUN: %python -c "import sys, numpy; x = numpy.load(sys.argv[1]); b = numpy.arange(8)[:, None]; t = numpy.arange(32); assert (x == 1000 * (b // 4) + 100 * ((b %% 4 + 1) %% 4) + 10 * ((b %% 4 + 3) %% 4) + t / 32).all(), x" %t.npy
// RUN: env NORM_EMULATOR_ORDER=backward norm-run %s --target=gpu-emulator --pipeline-options=chip=sm_90 --entry=right --input=zeros:8x32 --compare %t.npy
// RUN: env NORM_EMULATOR_ORDER=random norm-run %s --target=gpu-emulator --pipeline-options=chip=sm_90 --entry=right --input=zeros:8x32 --compare %t.npy

// DEFINE: %{entry} =
// DEFINE: %{fault} = not norm-run %s --target=gpu-emulator --pipeline-options=chip=sm_90 --input=zeros:64 --output=%t.no.npy --entry=%{entry} 2>&1 | FileCheck %s --check-prefix=%{entry} --implicit-check-not=error:

// Each block reads what the next one of its cluster has written, and writes into
// the memory of the one before it. Registers tell the clusters.
func.func @right(%x: memref<8x32xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 4 : index
  %blocks = arith.constant 8 : index
  %threads = arith.constant 32 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %c3 = arith.constant 3 : index
    %hundred = arith.constant 100.0 : f32
    %ten = arith.constant 10.0 : f32
    %thousand = arith.constant 1000.0 : f32
    %n = nvvm.read.ptx.sreg.cluster.nctaid.x : i32
    %rank = nvvm.read.ptx.sreg.cluster.ctarank : i32
    %id = nvvm.read.ptx.sreg.clusterid.x : i32
    %ids = nvvm.read.ptx.sreg.nclusterid.x : i32
    %one = arith.constant 1 : i32
    %n1 = arith.subi %n, %one : i32
    %up = arith.addi %rank, %one : i32
    %next = arith.remui %up, %n : i32
    %down = arith.addi %rank, %n1 : i32
    %before = arith.remui %down, %n : i32
    %r = arith.sitofp %rank : i32 to f32
    memref.store %r, %w[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    %base = memref.extract_aligned_pointer_as_index %w : memref<64xf32, #gpu.address_space<workgroup>> -> index
    %integer = arith.index_cast %base : index to i64
    %own = llvm.inttoptr %integer : i64 to !llvm.ptr<3>
    %t64 = arith.index_cast %t : index to i64
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    %far = nvvm.mapa %own, %next : !llvm.ptr<3> -> !llvm.ptr<7>
    %place = llvm.getelementptr %far[%t64] : (!llvm.ptr<7>, i64) -> !llvm.ptr<7>, f32
    %u = llvm.load %place : !llvm.ptr<7> -> f32
    %generic = llvm.addrspacecast %own : !llvm.ptr<3> to !llvm.ptr
    %back = nvvm.mapa %generic, %next : !llvm.ptr -> !llvm.ptr
    %place2 = llvm.getelementptr %back[%t64] : (!llvm.ptr, i64) -> !llvm.ptr, f32
    %place3 = llvm.getelementptr %place2[32] : (!llvm.ptr) -> !llvm.ptr, f32
    llvm.store %r, %place3 : f32, !llvm.ptr
    nvvm.cluster.arrive
    nvvm.cluster.wait
    %t32 = arith.addi %t, %threads : index
    %s = memref.load %w[%t32] : memref<64xf32, #gpu.address_space<workgroup>>
    %ti = arith.index_cast %t : index to i32
    %tf = arith.sitofp %ti : i32 to f32
    %cf = arith.sitofp %id : i32 to f32
    %quotient = arith.constant 3.125e-2 : f32
    %a = arith.mulf %u, %hundred : f32
    %b = arith.mulf %s, %ten : f32
    %c = arith.mulf %cf, %thousand : f32
    %d = arith.mulf %tf, %quotient : f32
    %ab = arith.addf %a, %b : f32
    %cd = arith.addf %c, %d : f32
    %sum = arith.addf %ab, %cd : f32
    memref.store %sum, %x[%bx, %t] : memref<8x32xf32>
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = unstarted
// RUN: %{fault}
// unstarted: error: unstarted_kernel: thread (0, 0, 0) of block (0, 0, 0): expected a write of 4 bytes at byte 0 of workgroup memory of block (1, 0, 0) to be after a barrier of the cluster, before which that block may not have started
func.func @unstarted(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %rank = nvvm.read.ptx.sreg.cluster.ctarank : i32
    %one = arith.constant 1 : i32
    %other = arith.xori %rank, %one : i32
    %base = memref.extract_aligned_pointer_as_index %w : memref<64xf32, #gpu.address_space<workgroup>> -> index
    %integer = arith.index_cast %base : index to i64
    %own = llvm.inttoptr %integer : i64 to !llvm.ptr<3>
    %t64 = arith.index_cast %t : index to i64
    %far = nvvm.mapa %own, %other : !llvm.ptr<3> -> !llvm.ptr<7>
    %place = llvm.getelementptr %far[%t64] : (!llvm.ptr<7>, i64) -> !llvm.ptr<7>, f32
    llvm.store %v, %place : f32, !llvm.ptr<7>
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = uninitialized
// RUN: %{fault}
// uninitialized: error: uninitialized_kernel: thread (0, 0, 0) of block (0, 0, 0): expected a read of 4 bytes at byte 0 of workgroup memory of block (1, 0, 0) to be of memory that was written
func.func @uninitialized(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %rank = nvvm.read.ptx.sreg.cluster.ctarank : i32
    %one = arith.constant 1 : i32
    %other = arith.xori %rank, %one : i32
    %base = memref.extract_aligned_pointer_as_index %w : memref<64xf32, #gpu.address_space<workgroup>> -> index
    %integer = arith.index_cast %base : index to i64
    %own = llvm.inttoptr %integer : i64 to !llvm.ptr<3>
    %t64 = arith.index_cast %t : index to i64
    %far = nvvm.mapa %own, %other : !llvm.ptr<3> -> !llvm.ptr<7>
    %place = llvm.getelementptr %far[%t64] : (!llvm.ptr<7>, i64) -> !llvm.ptr<7>, f32
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    %u = llvm.load %place : !llvm.ptr<7> -> f32
    %first = arith.cmpi eq, %bx, %c0 : index
    scf.if %first {
      memref.store %u, %x[%t] : memref<64xf32>
    }
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    gpu.terminator
  }
  return
}

// One block writes what the other reads.
// REDEFINE: %{entry} = race
// RUN: %{fault}
// race: error: race_kernel: thread (0, 0, 0) of block (1, 0, 0): expected a read of 4 bytes at byte 0 of workgroup memory of block (0, 0, 0) to be ordered by a barrier with what block 0 does there
func.func @race(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %rank = nvvm.read.ptx.sreg.cluster.ctarank : i32
    %one = arith.constant 1 : i32
    %other = arith.xori %rank, %one : i32
    %base = memref.extract_aligned_pointer_as_index %w : memref<64xf32, #gpu.address_space<workgroup>> -> index
    %integer = arith.index_cast %base : index to i64
    %own = llvm.inttoptr %integer : i64 to !llvm.ptr<3>
    %t64 = arith.index_cast %t : index to i64
    %far = nvvm.mapa %own, %other : !llvm.ptr<3> -> !llvm.ptr<7>
    %place = llvm.getelementptr %far[%t64] : (!llvm.ptr<7>, i64) -> !llvm.ptr<7>, f32
    memref.store %v, %w[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    memref.store %v, %w[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    %second = arith.cmpi eq, %bx, %c1 : index
    scf.if %second {
      %u = llvm.load %place : !llvm.ptr<7> -> f32
      memref.store %u, %x[%t] : memref<64xf32>
    }
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    gpu.terminator
  }
  return
}

// The same, and the read is first.
// REDEFINE: %{entry} = overwritten
// RUN: %{fault}
// overwritten: error: overwritten_kernel: thread (0, 0, 0) of block (1, 0, 0): expected a write of 4 bytes at byte 0 of workgroup memory to be ordered by a barrier with what block 0 does there
func.func @overwritten(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %rank = nvvm.read.ptx.sreg.cluster.ctarank : i32
    %one = arith.constant 1 : i32
    %other = arith.xori %rank, %one : i32
    %base = memref.extract_aligned_pointer_as_index %w : memref<64xf32, #gpu.address_space<workgroup>> -> index
    %integer = arith.index_cast %base : index to i64
    %own = llvm.inttoptr %integer : i64 to !llvm.ptr<3>
    %t64 = arith.index_cast %t : index to i64
    %far = nvvm.mapa %own, %other : !llvm.ptr<3> -> !llvm.ptr<7>
    %place = llvm.getelementptr %far[%t64] : (!llvm.ptr<7>, i64) -> !llvm.ptr<7>, f32
    memref.store %v, %w[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    %first = arith.cmpi eq, %bx, %c0 : index
    scf.if %first {
      %u = llvm.load %place : !llvm.ptr<7> -> f32
      memref.store %u, %x[%t] : memref<64xf32>
    }
    memref.store %v, %w[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    gpu.terminator
  }
  return
}

// Both write.
// REDEFINE: %{entry} = writes
// RUN: %{fault}
// writes: error: writes_kernel: thread (0, 0, 0) of block (1, 0, 0): expected a write of 4 bytes at byte 0 of workgroup memory of block (0, 0, 0) to be ordered by a barrier with what block 0 does there
func.func @writes(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %rank = nvvm.read.ptx.sreg.cluster.ctarank : i32
    %one = arith.constant 1 : i32
    %other = arith.xori %rank, %one : i32
    %base = memref.extract_aligned_pointer_as_index %w : memref<64xf32, #gpu.address_space<workgroup>> -> index
    %integer = arith.index_cast %base : index to i64
    %own = llvm.inttoptr %integer : i64 to !llvm.ptr<3>
    %t64 = arith.index_cast %t : index to i64
    %far = nvvm.mapa %own, %other : !llvm.ptr<3> -> !llvm.ptr<7>
    %place = llvm.getelementptr %far[%t64] : (!llvm.ptr<7>, i64) -> !llvm.ptr<7>, f32
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    llvm.store %v, %place : f32, !llvm.ptr<7>
    memref.store %v, %w[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    gpu.terminator
  }
  return
}

// A barrier orders nothing that is between its halves.
// REDEFINE: %{entry} = between
// RUN: %{fault}
// between: error: between_kernel: thread (0, 0, 0) of block (0, 0, 0): expected a write of 4 bytes at byte 0 of workgroup memory to be ordered by a barrier with what thread 63 does there
func.func @between(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    nvvm.cluster.arrive {aligned}
    %next = arith.addi %t, %c1 : index
    %place = arith.remui %next, %threads : index
    memref.store %v, %w[%place] : memref<64xf32, #gpu.address_space<workgroup>>
    nvvm.cluster.wait {aligned}
    memref.store %v, %w[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    %u = memref.load %w[%place] : memref<64xf32, #gpu.address_space<workgroup>>
    memref.store %u, %x[%t] : memref<64xf32>
    gpu.terminator
  }
  return
}

// The last barrier is missing.
// REDEFINE: %{entry} = ended
// RUN: %{fault}
// ended: error: ended_kernel: thread (63, 0, 0) of block (0, 0, 0): expected a barrier of the cluster between its use of workgroup memory of block (1, 0, 0) and the end of that block
func.func @ended(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %rank = nvvm.read.ptx.sreg.cluster.ctarank : i32
    %one = arith.constant 1 : i32
    %other = arith.xori %rank, %one : i32
    %base = memref.extract_aligned_pointer_as_index %w : memref<64xf32, #gpu.address_space<workgroup>> -> index
    %integer = arith.index_cast %base : index to i64
    %own = llvm.inttoptr %integer : i64 to !llvm.ptr<3>
    %t64 = arith.index_cast %t : index to i64
    %far = nvvm.mapa %own, %other : !llvm.ptr<3> -> !llvm.ptr<7>
    %place = llvm.getelementptr %far[%t64] : (!llvm.ptr<7>, i64) -> !llvm.ptr<7>, f32
    memref.store %v, %w[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    %u = llvm.load %place : !llvm.ptr<7> -> f32
    %first = arith.cmpi eq, %bx, %c0 : index
    scf.if %first {
      memref.store %u, %x[%t] : memref<64xf32>
    }
    gpu.terminator
  }
  return
}

// The same; this block has not even read when the other ends.
// REDEFINE: %{entry} = late
// RUN: %{fault}
// late: error: late_kernel: thread (0, 0, 0) of block (1, 0, 0): expected a read of 4 bytes at byte 0 of workgroup memory of block (0, 0, 0) to be before that block ends
func.func @late(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %rank = nvvm.read.ptx.sreg.cluster.ctarank : i32
    %one = arith.constant 1 : i32
    %other = arith.xori %rank, %one : i32
    %base = memref.extract_aligned_pointer_as_index %w : memref<64xf32, #gpu.address_space<workgroup>> -> index
    %integer = arith.index_cast %base : index to i64
    %own = llvm.inttoptr %integer : i64 to !llvm.ptr<3>
    %t64 = arith.index_cast %t : index to i64
    %far = nvvm.mapa %own, %other : !llvm.ptr<3> -> !llvm.ptr<7>
    %place = llvm.getelementptr %far[%t64] : (!llvm.ptr<7>, i64) -> !llvm.ptr<7>, f32
    memref.store %v, %w[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    %second = arith.cmpi eq, %bx, %c1 : index
    scf.if %second {
      %u = llvm.load %place : !llvm.ptr<7> -> f32
      memref.store %u, %x[%t] : memref<64xf32>
    }
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = outside
// RUN: %{fault}
// outside: error: outside_kernel: thread (63, 0, 0) of block (0, 0, 0): expected a write of 4 bytes outside of all memory to be inside of workgroup memory of the cluster
func.func @outside(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %rank = nvvm.read.ptx.sreg.cluster.ctarank : i32
    %one = arith.constant 1 : i32
    %other = arith.xori %rank, %one : i32
    %base = memref.extract_aligned_pointer_as_index %w : memref<64xf32, #gpu.address_space<workgroup>> -> index
    %integer = arith.index_cast %base : index to i64
    %own = llvm.inttoptr %integer : i64 to !llvm.ptr<3>
    %t64 = arith.index_cast %t : index to i64
    %far = nvvm.mapa %own, %other : !llvm.ptr<3> -> !llvm.ptr<7>
    %place = llvm.getelementptr %far[%t64] : (!llvm.ptr<7>, i64) -> !llvm.ptr<7>, f32
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    %above = llvm.getelementptr %place[1] : (!llvm.ptr<7>) -> !llvm.ptr<7>, f32
    llvm.store %v, %above : f32, !llvm.ptr<7>
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = misaligned
// RUN: %{fault}
// misaligned: error: misaligned_kernel: thread (1, 0, 0) of block (0, 0, 0): expected a write of 16 bytes at byte 4 of workgroup memory of block (1, 0, 0) to be at a multiple of 16 bytes
func.func @misaligned(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 2 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %rank = nvvm.read.ptx.sreg.cluster.ctarank : i32
    %one = arith.constant 1 : i32
    %other = arith.xori %rank, %one : i32
    %base = memref.extract_aligned_pointer_as_index %w : memref<64xf32, #gpu.address_space<workgroup>> -> index
    %integer = arith.index_cast %base : index to i64
    %own = llvm.inttoptr %integer : i64 to !llvm.ptr<3>
    %t64 = arith.index_cast %t : index to i64
    %far = nvvm.mapa %own, %other : !llvm.ptr<3> -> !llvm.ptr<7>
    %place = llvm.getelementptr %far[%t64] : (!llvm.ptr<7>, i64) -> !llvm.ptr<7>, f32
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    %vs = arith.constant dense<1.0> : vector<4xf32>
    llvm.store %vs, %place {alignment = 16} : vector<4xf32>, !llvm.ptr<7>
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    gpu.terminator
  }
  return
}

// A pointer to the memory of the block leads into that of another one.
// REDEFINE: %{entry} = foreign
// RUN: %{fault}
// foreign: error: foreign_kernel: thread (0, 0, 0) of block (0, 0, 0): expected a read of 4 bytes at byte 0 of workgroup memory of block (1, 0, 0) to be through a pointer to workgroup memory of the cluster
func.func @foreign(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %rank = nvvm.read.ptx.sreg.cluster.ctarank : i32
    %one = arith.constant 1 : i32
    %other = arith.xori %rank, %one : i32
    %base = memref.extract_aligned_pointer_as_index %w : memref<64xf32, #gpu.address_space<workgroup>> -> index
    %integer = arith.index_cast %base : index to i64
    %own = llvm.inttoptr %integer : i64 to !llvm.ptr<3>
    %t64 = arith.index_cast %t : index to i64
    %far = nvvm.mapa %own, %other : !llvm.ptr<3> -> !llvm.ptr<7>
    %place = llvm.getelementptr %far[%t64] : (!llvm.ptr<7>, i64) -> !llvm.ptr<7>, f32
    memref.store %v, %w[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    %number = llvm.ptrtoint %place : !llvm.ptr<7> to i64
    %wrong = llvm.inttoptr %number : i64 to !llvm.ptr<3>
    %u = llvm.load %wrong : !llvm.ptr<3> -> f32
    %first = arith.cmpi eq, %bx, %c0 : index
    scf.if %first {
      memref.store %u, %x[%t] : memref<64xf32>
    }
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = rank
// RUN: %{fault}
// rank: error: rank_kernel: thread (0, 0, 0) of block (0, 0, 0): expected a block of the cluster, 0 to 1, but got 2
func.func @rank(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %rank = nvvm.read.ptx.sreg.cluster.ctarank : i32
    %one = arith.constant 1 : i32
    %other = arith.xori %rank, %one : i32
    %base = memref.extract_aligned_pointer_as_index %w : memref<64xf32, #gpu.address_space<workgroup>> -> index
    %integer = arith.index_cast %base : index to i64
    %own = llvm.inttoptr %integer : i64 to !llvm.ptr<3>
    %t64 = arith.index_cast %t : index to i64
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    %two = arith.constant 2 : i32
    %far = nvvm.mapa %own, %two : !llvm.ptr<3> -> !llvm.ptr<7>
    llvm.store %v, %far : f32, !llvm.ptr<7>
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    gpu.terminator
  }
  return
}

// What is already in the memory of another block.
// REDEFINE: %{entry} = mapped
// RUN: %{fault}
// mapped: error: mapped_kernel: thread (0, 0, 0) of block (0, 0, 0): expected an address in workgroup memory of the block to be mapped, but got one at byte 0 of workgroup memory of block (1, 0, 0)
func.func @mapped(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %rank = nvvm.read.ptx.sreg.cluster.ctarank : i32
    %one = arith.constant 1 : i32
    %other = arith.xori %rank, %one : i32
    %base = memref.extract_aligned_pointer_as_index %w : memref<64xf32, #gpu.address_space<workgroup>> -> index
    %integer = arith.index_cast %base : index to i64
    %own = llvm.inttoptr %integer : i64 to !llvm.ptr<3>
    %t64 = arith.index_cast %t : index to i64
    %far = nvvm.mapa %own, %other : !llvm.ptr<3> -> !llvm.ptr<7>
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    %generic = llvm.addrspacecast %far : !llvm.ptr<7> to !llvm.ptr
    %again = nvvm.mapa %generic, %rank : !llvm.ptr -> !llvm.ptr
    llvm.store %v, %again : f32, !llvm.ptr
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = missed
// RUN: %{fault}
// missed: error: missed_kernel: thread (63, 0, 0) of block (0, 0, 0): expected all threads of the cluster at its barrier, but this one has ended
func.func @missed(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %second = arith.cmpi eq, %bx, %c1 : index
    scf.if %second {
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    }
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = divergent
// RUN: %{fault}
// divergent: error: divergent_kernel: thread (16, 0, 0) of block (0, 0, 0): expected all threads of the warp at one barrier of the cluster, but got others at another one
func.func @divergent(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %c16 = arith.constant 16 : index
    %low = arith.cmpi ult, %t, %c16 : index
    scf.if %low {
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    memref.store %v, %w[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    } else {
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    }
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = arrivals
// RUN: %{fault}
// arrivals: error: arrivals_kernel: thread (0, 0, 0) of block (0, 0, 0): expected a wait between two arrivals at barriers of the cluster, but got none
func.func @arrivals(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = waits
// RUN: %{fault}
// waits: error: waits_kernel: thread (0, 0, 0) of block (0, 0, 0): expected to arrive at a barrier of the cluster before the wait, but did not
func.func @waits(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    nvvm.cluster.wait {aligned}
    gpu.terminator
  }
  return
}

// One thread waits for the cluster, all others for the block.
// REDEFINE: %{entry} = stuck
// RUN: %{fault}
// stuck: error: stuck_kernel: expected threads to go on, but all wait for each other
func.func @stuck(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 2 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    %second = arith.cmpi eq, %t, %c1 : index
    scf.if %second {
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    }
    gpu.barrier
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = rest
// RUN: %{fault}
// rest: error: rest_kernel: expected a grid of whole clusters, but got 3 blocks in clusters of 2
func.func @rest(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 2 : index
  %blocks = arith.constant 3 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    gpu.terminator
  }
  return
}

// REDEFINE: %{entry} = many
// RUN: %{fault}
// many: error: many_kernel: expected 1 to 8 blocks in a cluster, but got 16
func.func @many(%x: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %clusters = arith.constant 16 : index
  %blocks = arith.constant 16 : index
  %threads = arith.constant 64 : index
  %v = arith.constant 1.0 : f32
  gpu.launch clusters(%cx, %cy, %cz) in (%kx = %clusters, %ky = %c1, %kz = %c1)
             blocks(%bx, %by, %bz) in (%gx = %blocks, %gy = %c1, %gz = %c1)
             threads(%t, %ty, %tz) in (%sx = %threads, %sy = %c1, %sz = %c1)
             workgroup(%w : memref<64xf32, #gpu.address_space<workgroup>>) {
    nvvm.cluster.arrive {aligned}
    nvvm.cluster.wait {aligned}
    gpu.terminator
  }
  return
}
