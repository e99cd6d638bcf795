// RUN: norm-opt %s --norm-gpu-stage-tiles --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-gpu-stage-tiles=tile-bytes=1024 --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-gpu-stage-tiles=tile-bytes=1023 --split-input-file | FileCheck %s --check-prefix=LESS

#row = affine_map<(d0) -> (d0)>
#all = affine_map<(d0) -> ()>

// A row that is read twice is copied first, as long as there is room.
// CHECK-LABEL: func @twice
// CHECK:         %[[ROW:.*]] = tensor.extract_slice %{{.*}}[%{{.*}}, 0] [1, 256] [1, 1]
// CHECK-NEXT:    %[[TILE:.*]] = bufferization.alloc_tensor() copy(%[[ROW]]) {memory_space = #gpu.address_space<workgroup>} : tensor<256xf32>
// CHECK:         linalg.generic {{.*}} ins(%[[TILE]] : tensor<256xf32>)
// CHECK:         linalg.generic {{.*}} ins(%[[TILE]], %{{.*}} : tensor<256xf32>, tensor<f32>)
// LESS-LABEL: func @twice
// LESS-NOT:     alloc_tensor
func.func @twice(%x: tensor<64x256xf32>, %init: tensor<64x256xf32>, %zero: tensor<f32>) -> tensor<64x256xf32> {
  %0 = scf.forall (%i) in (64) shared_outs(%o = %init) -> (tensor<64x256xf32>) {
    %row = tensor.extract_slice %x[%i, 0] [1, 256] [1, 1] : tensor<64x256xf32> to tensor<256xf32>
    %out = tensor.extract_slice %o[%i, 0] [1, 256] [1, 1] : tensor<64x256xf32> to tensor<256xf32>
    %sum = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["reduction"]}
        ins(%row : tensor<256xf32>) outs(%zero : tensor<f32>) {
    ^bb0(%a: f32, %b: f32):
      %1 = arith.addf %a, %b : f32
      linalg.yield %1 : f32
    } -> tensor<f32>
    %y = linalg.generic {indexing_maps = [#row, #all, #row], iterator_types = ["parallel"]}
        ins(%row, %sum : tensor<256xf32>, tensor<f32>) outs(%out : tensor<256xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %1 = arith.subf %a, %b : f32
      linalg.yield %1 : f32
    } -> tensor<256xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %y into %o[%i, 0] [1, 256] [1, 1] : tensor<256xf32> into tensor<64x256xf32>
    }
  }
  return %0 : tensor<64x256xf32>
}

// -----

#row = affine_map<(d0) -> (d0)>
#all = affine_map<(d0) -> ()>

// Chunks of a loop, of an unknown size, are all of the tile, which is read once;
// so are a few elements more.
// CHECK-LABEL: func @once
// CHECK-NOT:     alloc_tensor
// The first half again is too much.
// CHECK-LABEL: func @half
// CHECK:         bufferization.alloc_tensor()
func.func @once(%x: tensor<64x256xf32>, %init: tensor<64xf32>, %zero: tensor<f32>) -> tensor<64xf32> {
  %c0 = arith.constant 0 : index
  %c100 = arith.constant 100 : index
  %c256 = arith.constant 256 : index
  %0 = scf.forall (%i) in (64) shared_outs(%o = %init) -> (tensor<64xf32>) {
    %row = tensor.extract_slice %x[%i, 0] [1, 256] [1, 1] : tensor<64x256xf32> to tensor<256xf32>
    %few = tensor.extract_slice %row[0] [63] [1] : tensor<256xf32> to tensor<63xf32>
    %first = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["reduction"]}
        ins(%few : tensor<63xf32>) outs(%zero : tensor<f32>) {
    ^bb0(%a: f32, %b: f32):
      %1 = arith.addf %a, %b : f32
      linalg.yield %1 : f32
    } -> tensor<f32>
    %sum = scf.for %j = %c0 to %c256 step %c100 iter_args(%acc = %first) -> tensor<f32> {
      %size = affine.min affine_map<(d0) -> (100, 256 - d0)>(%j)
      %chunk = tensor.extract_slice %row[%j] [%size] [1] : tensor<256xf32> to tensor<?xf32>
      %2 = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["reduction"]}
          ins(%chunk : tensor<?xf32>) outs(%acc : tensor<f32>) {
      ^bb0(%a: f32, %b: f32):
        %1 = arith.addf %a, %b : f32
        linalg.yield %1 : f32
      } -> tensor<f32>
      scf.yield %2 : tensor<f32>
    }
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %sum into %o[%i] [1] [1] : tensor<f32> into tensor<64xf32>
    }
  }
  return %0 : tensor<64xf32>
}
func.func @half(%x: tensor<64x256xf32>, %init: tensor<64xf32>, %zero: tensor<f32>) -> tensor<64xf32> {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %c256 = arith.constant 256 : index
  %0 = scf.forall (%i) in (64) shared_outs(%o = %init) -> (tensor<64xf32>) {
    %row = tensor.extract_slice %x[%i, 0] [1, 256] [1, 1] : tensor<64x256xf32> to tensor<256xf32>
    %few = tensor.extract_slice %row[0] [128] [1] : tensor<256xf32> to tensor<128xf32>
    %first = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["reduction"]}
        ins(%few : tensor<128xf32>) outs(%zero : tensor<f32>) {
    ^bb0(%a: f32, %b: f32):
      %1 = arith.addf %a, %b : f32
      linalg.yield %1 : f32
    } -> tensor<f32>
    %sum = scf.for %j = %c0 to %c256 step %c64 iter_args(%acc = %first) -> tensor<f32> {
      %chunk = tensor.extract_slice %row[%j] [64] [1] : tensor<256xf32> to tensor<64xf32>
      %2 = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["reduction"]}
          ins(%chunk : tensor<64xf32>) outs(%acc : tensor<f32>) {
      ^bb0(%a: f32, %b: f32):
        %1 = arith.addf %a, %b : f32
        linalg.yield %1 : f32
      } -> tensor<f32>
      scf.yield %2 : tensor<f32>
    }
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %sum into %o[%i] [1] [1] : tensor<f32> into tensor<64xf32>
    }
  }
  return %0 : tensor<64xf32>
}

// -----

#row = affine_map<(d0) -> (d0)>
#all = affine_map<(d0) -> ()>

// What is also written, or has elements of no whole bytes, stays where it is.
// CHECK-LABEL: func @others
// CHECK-NOT:     alloc_tensor
// CHECK-NOT:     norm.stage
func.func @others(%x: tensor<64x256xi4>, %init: tensor<64x256xf32>, %zero: tensor<f32>,
                  %izero: tensor<i4>) -> tensor<64x256xf32> {
  %0 = scf.forall (%i) in (64) shared_outs(%o = %init) -> (tensor<64x256xf32>) {
    %row = tensor.extract_slice %init[%i, 0] [1, 256] [1, 1] : tensor<64x256xf32> to tensor<256xf32>
    %sum:2 = linalg.generic {indexing_maps = [#row, #row, #all, #all], iterator_types = ["reduction"]}
        ins(%row, %row : tensor<256xf32>, tensor<256xf32>) outs(%zero, %zero : tensor<f32>, tensor<f32>) {
    ^bb0(%a: f32, %b: f32, %c: f32, %e: f32):
      %1 = arith.addf %a, %c : f32
      %2 = arith.addf %b, %e : f32
      linalg.yield %1, %2 : f32, f32
    } -> (tensor<f32>, tensor<f32>)
    %y = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel"]}
        ins(%sum#0 : tensor<f32>) outs(%row : tensor<256xf32>) {
    ^bb0(%a: f32, %b: f32):
      %1 = arith.subf %b, %a : f32
      linalg.yield %1 : f32
    } -> tensor<256xf32>
    %integers = tensor.extract_slice %x[%i, 0] [1, 256] [1, 1] : tensor<64x256xi4> to tensor<256xi4>
    %isum:2 = linalg.generic {indexing_maps = [#row, #row, #all, #all], iterator_types = ["reduction"]}
        ins(%integers, %integers : tensor<256xi4>, tensor<256xi4>) outs(%izero, %izero : tensor<i4>, tensor<i4>) {
    ^bb0(%a: i4, %b: i4, %c: i4, %e: i4):
      %1 = arith.addi %a, %c : i4
      %2 = arith.addi %b, %e : i4
      linalg.yield %1, %2 : i4, i4
    } -> (tensor<i4>, tensor<i4>)
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %y into %o[%i, 0] [1, 256] [1, 1] : tensor<256xf32> into tensor<64x256xf32>
    }
  }
  return %0 : tensor<64x256xf32>
}

// -----

#row = affine_map<(d0) -> (d0)>
#all = affine_map<(d0) -> ()>

// Whether a row of unknown size fits beside those of known size is decided at
// run time. Its first few elements count as nothing.
// CHECK-LABEL: func @unknown
// CHECK:         %[[ROW:.*]] = tensor.extract_slice %{{.*}}[%{{.*}}, 0] [1, %{{.*}}] [1, 1]
// CHECK-NEXT:    %[[TILE:.*]] = norm.stage %[[ROW]] within {{32512|768}} : tensor<?xf32>
// CHECK:         tensor.dim %[[ROW]]
// CHECK:         tensor.extract_slice %[[TILE]][0]
// CHECK:         linalg.generic {{.*}} ins(%[[TILE]], %[[TILE]] : tensor<?xf32>, tensor<?xf32>)
// CHECK:         bufferization.alloc_tensor() {{.*}} : tensor<64xf32>
// CHECK-NOT:     norm.stage
// LESS-LABEL: func @unknown
// LESS:         norm.stage {{.*}} within 767
func.func @unknown(%x: tensor<64x?xf32>, %w: tensor<64x64xf32>, %init: tensor<64xf32>, %zero: tensor<f32>) -> tensor<64xf32> {
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c1 : tensor<64x?xf32>
  %0 = scf.forall (%i) in (64) shared_outs(%o = %init) -> (tensor<64xf32>) {
    %row = tensor.extract_slice %x[%i, 0] [1, %n] [1, 1] : tensor<64x?xf32> to tensor<?xf32>
    %c0 = arith.constant 0 : index
    %size = tensor.dim %row, %c0 : tensor<?xf32>
    %small = affine.min affine_map<()[s0] -> (16, s0)>()[%size]
    %few = tensor.extract_slice %row[0] [%small] [1] : tensor<?xf32> to tensor<?xf32>
    %first = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["reduction"]}
        ins(%few : tensor<?xf32>) outs(%zero : tensor<f32>) {
    ^bb0(%a: f32, %b: f32):
      %1 = arith.addf %a, %b : f32
      linalg.yield %1 : f32
    } -> tensor<f32>
    %twice = linalg.generic {indexing_maps = [#row, #row, #all], iterator_types = ["reduction"]}
        ins(%row, %row : tensor<?xf32>, tensor<?xf32>) outs(%first : tensor<f32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %1 = arith.addf %a, %c : f32
      linalg.yield %1 : f32
    } -> tensor<f32>
    %known = tensor.extract_slice %w[%i, 0] [1, 64] [1, 1] : tensor<64x64xf32> to tensor<64xf32>
    %again = linalg.generic {indexing_maps = [#row, #row, #all], iterator_types = ["reduction"]}
        ins(%known, %known : tensor<64xf32>, tensor<64xf32>) outs(%twice : tensor<f32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %1 = arith.addf %a, %c : f32
      linalg.yield %1 : f32
    } -> tensor<f32>
    %once = tensor.extract_slice %x[0, 0] [1, %n] [1, 1] : tensor<64x?xf32> to tensor<?xf32>
    %sum = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["reduction"]}
        ins(%once : tensor<?xf32>) outs(%again : tensor<f32>) {
    ^bb0(%a: f32, %b: f32):
      %1 = arith.addf %a, %b : f32
      linalg.yield %1 : f32
    } -> tensor<f32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %sum into %o[%i] [1] [1] : tensor<f32> into tensor<64xf32>
    }
  }
  return %0 : tensor<64xf32>
}

// -----

#row = affine_map<(d0) -> (d0)>
#all = affine_map<(d0) -> ()>

// A tensor that every iteration reads as a whole is one more tile, here of
// booleans. What is sliced is not.
// CHECK-LABEL: func @mask
// CHECK-SAME:      %[[X:.*]]: tensor<64x256xf32>, %[[M:.*]]: tensor<256xi1>
// CHECK:         scf.forall
// CHECK-NEXT:      %[[TILE:.*]] = bufferization.alloc_tensor() copy(%[[M]]) {memory_space = #gpu.address_space<workgroup>} : tensor<256xi1>
// CHECK-NOT:       alloc_tensor
// CHECK:           linalg.generic {{.*}} ins(%{{.*}}, %[[TILE]] : tensor<256xf32>, tensor<256xi1>)
// CHECK:           linalg.generic {{.*}} ins(%[[TILE]] : tensor<256xi1>)
// CHECK:         linalg.generic {{.*}} ins(%[[M]] : tensor<256xi1>)
func.func @mask(%x: tensor<64x256xf32>, %m: tensor<256xi1>, %init: tensor<64xf32>, %zero: tensor<f32>)
    -> (tensor<64xf32>, tensor<f32>) {
  %0 = scf.forall (%i) in (64) shared_outs(%o = %init) -> (tensor<64xf32>) {
    %row = tensor.extract_slice %x[%i, 0] [1, 256] [1, 1] : tensor<64x256xf32> to tensor<256xf32>
    %sum = linalg.generic {indexing_maps = [#row, #row, #all], iterator_types = ["reduction"]}
        ins(%row, %m : tensor<256xf32>, tensor<256xi1>) outs(%zero : tensor<f32>) {
    ^bb0(%a: f32, %b: i1, %c: f32):
      %1 = arith.select %b, %a, %c : f32
      linalg.yield %1 : f32
    } -> tensor<f32>
    %count = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["reduction"]}
        ins(%m : tensor<256xi1>) outs(%sum : tensor<f32>) {
    ^bb0(%b: i1, %c: f32):
      %1 = arith.uitofp %b : i1 to f32
      %2 = arith.addf %1, %c : f32
      linalg.yield %2 : f32
    } -> tensor<f32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %count into %o[%i] [1] [1] : tensor<f32> into tensor<64xf32>
    }
  }
  %after = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["reduction"]}
      ins(%m : tensor<256xi1>) outs(%zero : tensor<f32>) {
  ^bb0(%b: i1, %c: f32):
    %1 = arith.uitofp %b : i1 to f32
    %2 = arith.addf %1, %c : f32
    linalg.yield %2 : f32
  } -> tensor<f32>
  return %0, %after : tensor<64xf32>, tensor<f32>
}

// -----

#row = affine_map<(d0) -> (d0)>
#all = affine_map<(d0) -> ()>

// Of a slab in parts, each part is copied, in a loop over them. A few values that
// are read outside of these loops are copied too.
// LESS-LABEL: func @parts
// CHECK-LABEL: func @parts
// CHECK:         %[[SLAB:.*]] = tensor.extract_slice %{{.*}}[%{{.*}}, 0] [1, 256] [1, 1]
// CHECK-NEXT:    %[[EMPTY:.*]] = bufferization.alloc_tensor() {memory_space = #gpu.address_space<workgroup>} : tensor<2x128xf32>
// CHECK-NEXT:    %[[TILES:.*]] = scf.forall (%[[I:.*]]) = (0) to (256) step (128) shared_outs(%[[TO:.*]] = %[[EMPTY]])
// CHECK-NEXT:      %[[PART:.*]] = tensor.extract_slice %[[SLAB]][%[[I]]] [128] [1]
// CHECK-NEXT:      %[[N:.*]] = affine.apply #{{.*}}(%[[I]])
// CHECK:           tensor.parallel_insert_slice %[[PART]] into %[[TO]][%[[N]], 0] [1, 128] [1, 1]
// CHECK:         } {mapping = [#gpu.block<linear_dim_0>]}
// CHECK:         %[[FIRST:.*]] = tensor.extract_slice %[[SLAB]][0] [16] [1]
// CHECK:         %[[FEW:.*]] = bufferization.alloc_tensor() copy(%[[FIRST]])
// CHECK:         linalg.generic {{.*}} ins(%[[FEW]] : tensor<16xf32>)
// CHECK:         scf.forall (%[[J:.*]]) = (0) to (256) step (128)
// CHECK:           %[[M:.*]] = affine.apply #{{.*}}(%[[J]])
// CHECK:           %[[TILE:.*]] = tensor.extract_slice %[[TILES]][%[[M]], 0] [1, 128] [1, 1] : tensor<2x128xf32> to tensor<128xf32>
// CHECK:           linalg.generic {{.*}} ins(%[[TILE]], %{{.*}} : tensor<128xf32>, tensor<f32>)
// CHECK:           linalg.generic {{.*}} ins(%[[TILE]], %{{.*}} : tensor<128xf32>, tensor<f32>)
func.func @parts(%x: tensor<64x256xf32>, %init: tensor<64x256xf32>, %zero: tensor<f32>) -> tensor<64x256xf32> {
  %0 = scf.forall (%i) in (64) shared_outs(%o = %init) -> (tensor<64x256xf32>) {
    %row = tensor.extract_slice %x[%i, 0] [1, 256] [1, 1] : tensor<64x256xf32> to tensor<256xf32>
    %out = tensor.extract_slice %o[%i, 0] [1, 256] [1, 1] : tensor<64x256xf32> to tensor<256xf32>
    %first = tensor.extract_slice %row[0] [16] [1] : tensor<256xf32> to tensor<16xf32>
    %sum = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["reduction"]}
        ins(%first : tensor<16xf32>) outs(%zero : tensor<f32>) {
    ^bb0(%a: f32, %b: f32):
      %1 = arith.addf %a, %b : f32
      linalg.yield %1 : f32
    } -> tensor<f32>
    %y = scf.forall (%j) = (0) to (256) step (128) shared_outs(%p = %out) -> (tensor<256xf32>) {
      %part = tensor.extract_slice %row[%j] [128] [1] : tensor<256xf32> to tensor<128xf32>
      %to = tensor.extract_slice %p[%j] [128] [1] : tensor<256xf32> to tensor<128xf32>
      %s = linalg.generic {indexing_maps = [#row, #all, #all], iterator_types = ["reduction"]}
          ins(%part, %sum : tensor<128xf32>, tensor<f32>) outs(%zero : tensor<f32>) {
      ^bb0(%a: f32, %b: f32, %c: f32):
        %1 = arith.addf %a, %c : f32
        linalg.yield %1 : f32
      } -> tensor<f32>
      %z = linalg.generic {indexing_maps = [#row, #all, #row], iterator_types = ["parallel"]}
          ins(%part, %s : tensor<128xf32>, tensor<f32>) outs(%to : tensor<128xf32>) {
      ^bb0(%a: f32, %b: f32, %c: f32):
        %1 = arith.subf %a, %b : f32
        linalg.yield %1 : f32
      } -> tensor<128xf32>
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %z into %p[%j] [128] [1] : tensor<128xf32> into tensor<256xf32>
      }
    } {mapping = [#gpu.block<linear_dim_0>]}
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %y into %o[%i, 0] [1, 256] [1, 1] : tensor<256xf32> into tensor<64x256xf32>
    }
  }
  return %0 : tensor<64x256xf32>
}

// -----

#row = affine_map<(d0) -> (d0)>
#all = affine_map<(d0) -> ()>
#one = affine_map<(d0) -> (0)>

// What is summed up over the parts takes room as well: 128 bytes.
// LESS-LABEL: func @partial
// LESS-NOT:     alloc_tensor
// LESS:         return
// CHECK-LABEL: func @partial
// CHECK:         bufferization.alloc_tensor() {memory_space = #gpu.address_space<workgroup>} : tensor<2x224xf32>
func.func @partial(%x: tensor<64x448xf32>, %init: tensor<64xf32>, %zero: tensor<f32>, %sums: tensor<2xf32>) -> tensor<64xf32> {
  %0 = scf.forall (%i) in (64) shared_outs(%o = %init) -> (tensor<64xf32>) {
    %row = tensor.extract_slice %x[%i, 0] [1, 448] [1, 1] : tensor<64x448xf32> to tensor<448xf32>
    %out = tensor.extract_slice %o[%i] [1] [1] : tensor<64xf32> to tensor<f32>
    %s = scf.forall (%j) in (2) shared_outs(%p = %sums) -> (tensor<2xf32>) {
      %k = affine.apply affine_map<(d0) -> (d0 * 224)>(%j)
      %part = tensor.extract_slice %row[%k] [224] [1] : tensor<448xf32> to tensor<224xf32>
      %to = tensor.extract_slice %p[%j] [1] [1] : tensor<2xf32> to tensor<1xf32>
      %a = linalg.generic {indexing_maps = [#row, #one], iterator_types = ["reduction"]}
          ins(%part : tensor<224xf32>) outs(%to : tensor<1xf32>) {
      ^bb0(%b: f32, %c: f32):
        %1 = arith.addf %b, %c : f32
        linalg.yield %1 : f32
      } -> tensor<1xf32>
      %d = linalg.generic {indexing_maps = [#row, #one], iterator_types = ["reduction"]}
          ins(%part : tensor<224xf32>) outs(%a : tensor<1xf32>) {
      ^bb0(%b: f32, %c: f32):
        %1 = arith.mulf %b, %c : f32
        linalg.yield %1 : f32
      } -> tensor<1xf32>
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %d into %p[%j] [1] [1] : tensor<1xf32> into tensor<2xf32>
      }
    } {mapping = [#gpu.block<linear_dim_0>]}
    %total = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["reduction"]}
        ins(%s : tensor<2xf32>) outs(%out : tensor<f32>) {
    ^bb0(%b: f32, %c: f32):
      %1 = arith.addf %b, %c : f32
      linalg.yield %1 : f32
    } -> tensor<f32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %total into %o[%i] [1] [1] : tensor<f32> into tensor<64xf32>
    }
  }
  return %0 : tensor<64xf32>
}

// -----

#row = affine_map<(d0) -> (d0)>
#all = affine_map<(d0) -> ()>

// Where there are loops over parts, nothing of unknown size is copied.
// CHECK-LABEL: func @parts_unknown
// CHECK-NOT:     norm.stage
// CHECK-NOT:     alloc_tensor
// CHECK:         return
func.func @parts_unknown(%x: tensor<64x?xf32>, %init: tensor<64x2xf32>, %zero: tensor<f32>, %n: index) -> tensor<64x2xf32> {
  %0 = scf.forall (%i) in (64) shared_outs(%o = %init) -> (tensor<64x2xf32>) {
    %row = tensor.extract_slice %x[%i, 0] [1, %n] [1, 1] : tensor<64x?xf32> to tensor<?xf32>
    %out = tensor.extract_slice %o[%i, 0] [1, 2] [1, 1] : tensor<64x2xf32> to tensor<2xf32>
    %sums = scf.forall (%j) in (2) shared_outs(%p = %out) -> (tensor<2xf32>) {
      %to = tensor.extract_slice %p[%j] [1] [1] : tensor<2xf32> to tensor<f32>
      %a = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["reduction"]}
          ins(%row : tensor<?xf32>) outs(%zero : tensor<f32>) {
      ^bb0(%b: f32, %c: f32):
        %1 = arith.addf %b, %c : f32
        linalg.yield %1 : f32
      } -> tensor<f32>
      %d = linalg.generic {indexing_maps = [#row, #all, #all], iterator_types = ["reduction"]}
          ins(%row, %a : tensor<?xf32>, tensor<f32>) outs(%to : tensor<f32>) {
      ^bb0(%b: f32, %c: f32, %e: f32):
        %1 = arith.mulf %b, %c : f32
        %2 = arith.addf %1, %e : f32
        linalg.yield %2 : f32
      } -> tensor<f32>
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %d into %p[%j] [1] [1] : tensor<f32> into tensor<2xf32>
      }
    } {mapping = [#gpu.block<linear_dim_0>]}
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %sums into %o[%i, 0] [1, 2] [1, 1] : tensor<2xf32> into tensor<64x2xf32>
    }
  }
  return %0 : tensor<64x2xf32>
}
