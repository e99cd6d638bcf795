// RUN: norm-opt %s --split-input-file --verify-diagnostics

func.func @space(%w: memref<4xf32>, %rank: index) {
  // expected-error @below {{expected (C1) memory to be a memref of a static shape in workgroup memory, one element after the other, but got 'memref<4xf32>'}}
  %p = norm.peer_memory %w[%rank] : memref<4xf32>
  return
}

// -----

func.func @dynamic(%w: memref<?xf32, #gpu.address_space<workgroup>>, %rank: index) {
  // expected-error @below {{expected (C1) memory to be a memref of a static shape in workgroup memory, one element after the other, but got 'memref<?xf32, #gpu.address_space<workgroup>>'}}
  %p = norm.peer_memory %w[%rank] : memref<?xf32, #gpu.address_space<workgroup>>
  return
}

// -----

func.func @layout(%w: memref<4xf32, strided<[2]>, #gpu.address_space<workgroup>>, %rank: index) {
  // expected-error @below {{expected (C1) memory to be a memref of a static shape in workgroup memory, one element after the other, but got 'memref<4xf32, strided<[2]>, #gpu.address_space<workgroup>>'}}
  %p = norm.peer_memory %w[%rank] : memref<4xf32, strided<[2]>, #gpu.address_space<workgroup>>
  return
}

// -----

func.func @unranked(%w: memref<*xf32>, %rank: index) {
  // expected-error @below {{invalid kind of type specified: expected builtin.memref, but found 'memref<*xf32>'}}
  %p = norm.peer_memory %w[%rank] : memref<*xf32>
  return
}

// -----

func.func @strides(%counters: memref<4xi32, strided<[2]>>, %i: index) {
  // expected-error @below {{expected (C1) counters to be one after the other, but got 'memref<4xi32, strided<[2]>>'}}
  norm.grid_barrier %counters[%i] : memref<4xi32, strided<[2]>>
  return
}

// -----

func.func @words(%counters: memref<4xi64>, %i: index) {
  // expected-error @below {{operand #0 must be 1D memref of 32-bit signless integer values, but got 'memref<4xi64>'}}
  norm.grid_barrier %counters[%i] : memref<4xi64>
  return
}
