// RUN: norm-opt %s --norm-gpu-form-clusters --split-input-file --verify-diagnostics

func.func @counts(%x: memref<16x8xf32>, %v: f32) {
  scf.forall (%c) in (16) {
    scf.forall (%i) in (4) {
    } {mapping = [#gpu.block<linear_dim_0>]}
    // expected-error @below {{expected loops over as many parts of memrefs for all blocks of a cluster}}
    scf.forall (%i) in (2) {
    } {mapping = [#gpu.block<linear_dim_0>]}
  }
  return
}

// -----

func.func @unknown(%n: index) {
  scf.forall (%c) in (16) {
    // expected-error @below {{expected loops over as many parts of memrefs for all blocks of a cluster}}
    scf.forall (%i) in (%n) {
    } {mapping = [#gpu.block<linear_dim_0>]}
  }
  return
}

// -----

// The part of another block.
func.func @neighbour(%v: f32) {
  scf.forall (%c) in (16) {
    %tile = memref.alloc() : memref<4x8xf32, #gpu.address_space<workgroup>>
    scf.forall (%i) in (4) {
      %n = affine.apply affine_map<(d0) -> ((d0 + 1) mod 4)>(%i)
      // expected-error @below {{expected the part of a block, but got 'memref<4x8xf32, #gpu.address_space<workgroup>>'}}
      %part = memref.subview %tile[%n, 0] [1, 8] [1, 1] : memref<4x8xf32, #gpu.address_space<workgroup>> to memref<8xf32, strided<[1], offset: ?>, #gpu.address_space<workgroup>>
      linalg.fill ins(%v : f32) outs(%part : memref<8xf32, strided<[1], offset: ?>, #gpu.address_space<workgroup>>)
    } {mapping = [#gpu.block<linear_dim_0>]}
  }
  return
}

// -----

func.func @whole(%v: f32, %y: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  scf.forall (%c) in (16) {
    %sums = memref.alloca() : memref<4xf32>
    scf.forall (%i) in (4) {
      // expected-error @below {{expected to write slices of memory that the blocks of a cluster share}}
      linalg.fill ins(%v : f32) outs(%sums : memref<4xf32>)
    } {mapping = [#gpu.block<linear_dim_0>]}
    %s = memref.load %sums[%c0] : memref<4xf32>
    %out = memref.subview %y[%c] [1] [1] : memref<16xf32> to memref<1xf32, strided<[1], offset: ?>>
    linalg.fill ins(%s : f32) outs(%out : memref<1xf32, strided<[1], offset: ?>>)
  }
  return
}

// -----

func.func @array(%v: f32, %y: memref<16xf32>) {
  scf.forall (%c) in (16) {
    scf.forall (%i) in (4) {
    } {mapping = [#gpu.block<linear_dim_0>]}
    // expected-error @below {{expected to write slices of static sizes}}
    linalg.fill ins(%v : f32) outs(%y : memref<16xf32>)
  }
  return
}

// -----

func.func @twice(%v: f32, %y: memref<16x2xf32>) {
  scf.forall (%c) in (16) {
    scf.forall (%i) in (4) {
    } {mapping = [#gpu.block<linear_dim_0>]}
    // expected-error @below {{expected one slice of what the blocks of a cluster write}}
    %a = memref.subview %y[%c, 0] [1, 1] [1, 1] : memref<16x2xf32> to memref<1xf32, strided<[1], offset: ?>>
    %b = memref.subview %y[%c, 1] [1, 1] [1, 1] : memref<16x2xf32> to memref<1xf32, strided<[1], offset: ?>>
    linalg.fill ins(%v : f32) outs(%a : memref<1xf32, strided<[1], offset: ?>>)
    linalg.fill ins(%v : f32) outs(%b : memref<1xf32, strided<[1], offset: ?>>)
  }
  return
}
