// RUN: norm-opt %s --norm-fuse-elementwise --canonicalize --cse --split-input-file --mlir-print-local-scope | FileCheck %s

#id = affine_map<(d0, d1) -> (d0, d1)>

// An op on the result of a loop goes into it; nothing of the size of the result is left between them.
// CHECK-LABEL: func @consumer(
// CHECK-SAME:    %[[X:.*]]: tensor<8x32xf32>, %[[R:.*]]: tensor<8x32xf32>, %[[E:.*]]: tensor<8x32xf32>, %[[I:.*]]: tensor<8x32xf32>)
// CHECK:         %[[Z:.*]] = scf.forall (%[[N:.*]]) in (8) shared_outs(%[[O:.*]] = %[[I]])
// CHECK-DAG:       %[[A:.*]] = tensor.extract_slice %[[X]][%[[N]], 0]
// CHECK-DAG:       %[[B:.*]] = tensor.extract_slice %[[R]][%[[N]], 0]
// CHECK-DAG:       %[[C:.*]] = tensor.extract_slice %[[O]][%[[N]], 0]
// CHECK:           %[[T:.*]] = linalg.generic {{.*}} ins(%[[A]], %[[B]] : {{.*}}) outs(%[[C]]
// CHECK-NEXT:      ^bb0
// CHECK-NEXT:        arith.mulf
// CHECK-NEXT:        arith.addf
// CHECK-NEXT:        linalg.yield
// CHECK-NOT:       linalg.generic
// CHECK:           tensor.parallel_insert_slice %[[T]] into %[[O]]
// CHECK:         return %[[Z]]
func.func @consumer(%x: tensor<8x32xf32>, %r: tensor<8x32xf32>, %e: tensor<8x32xf32>, %i: tensor<8x32xf32>) -> tensor<8x32xf32> {
  %y = scf.forall (%n) in (8) shared_outs(%o = %e) -> (tensor<8x32xf32>) {
    %a = tensor.extract_slice %x[%n, 0] [1, 32] [1, 1] : tensor<8x32xf32> to tensor<1x32xf32>
    %b = tensor.extract_slice %o[%n, 0] [1, 32] [1, 1] : tensor<8x32xf32> to tensor<1x32xf32>
    %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
        ins(%a : tensor<1x32xf32>) outs(%b : tensor<1x32xf32>) {
      ^bb0(%v: f32, %out: f32):
        %p = arith.mulf %v, %v : f32
        linalg.yield %p : f32
    } -> tensor<1x32xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %0 into %o[%n, 0] [1, 32] [1, 1] : tensor<1x32xf32> into tensor<8x32xf32>
    }
  }
  %z = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y, %r : tensor<8x32xf32>, tensor<8x32xf32>) outs(%i : tensor<8x32xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %w: f32, %out: f32):
      %s = arith.addf %v, %w : f32
      linalg.yield %s : f32
  } -> tensor<8x32xf32>
  return %z : tensor<8x32xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>

// What takes a result of the loop before the op does waits; but not if the op needs it.
// CHECK-LABEL: func @later(
// CHECK:         %[[Z:.*]]:2 = scf.forall
// CHECK:             arith.addf
// CHECK:           scf.forall.in_parallel
// CHECK:         tensor.expand_shape %[[Z]]
// CHECK-LABEL: func @needed(
// CHECK:         scf.forall
// CHECK:           scf.forall.in_parallel
// CHECK:         linalg.generic
func.func @later(%x: tensor<8x32xf32>, %r: tensor<8x32xf32>, %e: tensor<8x32xf32>) -> (tensor<8x4x8xf32>, tensor<8x32xf32>) {
  %y = scf.forall (%n) in (8) shared_outs(%o = %e) -> (tensor<8x32xf32>) {
    %a = tensor.extract_slice %x[%n, 0] [1, 32] [1, 1] : tensor<8x32xf32> to tensor<1x32xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %a into %o[%n, 0] [1, 32] [1, 1] : tensor<1x32xf32> into tensor<8x32xf32>
    }
  }
  %s = tensor.expand_shape %y [[0], [1, 2]] output_shape [8, 4, 8] : tensor<8x32xf32> into tensor<8x4x8xf32>
  %z = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y, %r : tensor<8x32xf32>, tensor<8x32xf32>) outs(%e : tensor<8x32xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %w: f32, %out: f32):
      %p = arith.addf %v, %w : f32
      linalg.yield %p : f32
  } -> tensor<8x32xf32>
  return %s, %z : tensor<8x4x8xf32>, tensor<8x32xf32>
}
func.func @needed(%x: tensor<8x32xf32>, %e: tensor<8x32xf32>) -> tensor<8x32xf32> {
  %y = scf.forall (%n) in (8) shared_outs(%o = %e) -> (tensor<8x32xf32>) {
    %a = tensor.extract_slice %x[%n, 0] [1, 32] [1, 1] : tensor<8x32xf32> to tensor<1x32xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %a into %o[%n, 0] [1, 32] [1, 1] : tensor<1x32xf32> into tensor<8x32xf32>
    }
  }
  %r = call @other(%y) : (tensor<8x32xf32>) -> tensor<8x32xf32>
  %z = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y, %r : tensor<8x32xf32>, tensor<8x32xf32>) outs(%e : tensor<8x32xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %w: f32, %out: f32):
      %p = arith.addf %v, %w : f32
      linalg.yield %p : f32
  } -> tensor<8x32xf32>
  return %z : tensor<8x32xf32>
}
func.func private @other(tensor<8x32xf32>) -> tensor<8x32xf32>

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>

// One op gives what another needs, too.
// CHECK-LABEL: func @both(
// CHECK:         %[[Z:.*]]:2 = scf.forall
// CHECK:           %[[T:.*]]:2 = linalg.generic
// CHECK:             %[[P:.*]] = arith.mulf
// CHECK-NEXT:        %[[M:.*]] = arith.maximumf %[[P]]
// CHECK-NEXT:        linalg.yield %[[P]], %[[M]]
// CHECK-NOT:       linalg.generic
// CHECK:         return %[[Z]]#0, %[[Z]]#1
func.func @both(%x: tensor<8x32xf32>, %e: tensor<8x32xf32>, %i: tensor<8x32xf32>) -> (tensor<8x32xf32>, tensor<8x32xf32>) {
  %zero = arith.constant 0.0 : f32
  %y = scf.forall (%n) in (8) shared_outs(%o = %e) -> (tensor<8x32xf32>) {
    %a = tensor.extract_slice %x[%n, 0] [1, 32] [1, 1] : tensor<8x32xf32> to tensor<1x32xf32>
    %b = tensor.extract_slice %o[%n, 0] [1, 32] [1, 1] : tensor<8x32xf32> to tensor<1x32xf32>
    %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
        ins(%a : tensor<1x32xf32>) outs(%b : tensor<1x32xf32>) {
      ^bb0(%v: f32, %out: f32):
        %p = arith.mulf %v, %v : f32
        linalg.yield %p : f32
    } -> tensor<1x32xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %0 into %o[%n, 0] [1, 32] [1, 1] : tensor<1x32xf32> into tensor<8x32xf32>
    }
  }
  %z = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<8x32xf32>) outs(%i : tensor<8x32xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %out: f32):
      %m = arith.maximumf %v, %zero : f32
      linalg.yield %m : f32
  } -> tensor<8x32xf32>
  return %y, %z : tensor<8x32xf32>, tensor<8x32xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// A sum of two tensors is computed by each reader, also of slices of slices.
// CHECK-LABEL: func @producer(
// CHECK-SAME:    %[[X:.*]]: tensor<8x32xf32>, %[[R:.*]]: tensor<8x32xf32>
// CHECK-NOT:     linalg.generic
// CHECK:         scf.forall
// CHECK:           linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%{{.*}}, %{{.*}} : tensor<1x16xf32>, tensor<1x16xf32>)
// CHECK:             arith.addf
// CHECK:             arith.addf
// CHECK:           linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<1x32xf32>, tensor<1x32xf32>, tensor<1xf32>)
// CHECK:             arith.addf
// CHECK:             arith.subf
// CHECK:           scf.forall.in_parallel
func.func @producer(%x: tensor<8x32xf32>, %r: tensor<8x32xf32>, %e: tensor<8x32xf32>, %m: tensor<1xf32>) -> tensor<8x32xf32> {
  %s = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x, %r : tensor<8x32xf32>, tensor<8x32xf32>) outs(%e : tensor<8x32xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %w: f32, %out: f32):
      %s = arith.addf %v, %w : f32
      linalg.yield %s : f32
  } -> tensor<8x32xf32>
  %y = scf.forall (%n) in (8) shared_outs(%o = %e) -> (tensor<8x32xf32>) {
    %a = tensor.extract_slice %s[%n, 0] [1, 32] [1, 1] : tensor<8x32xf32> to tensor<1x32xf32>
    %c = tensor.extract_slice %a[0, 16] [1, 16] [1, 1] : tensor<1x32xf32> to tensor<1x16xf32>
    %b = tensor.extract_slice %o[%n, 0] [1, 32] [1, 1] : tensor<8x32xf32> to tensor<1x32xf32>
    %0 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
        ins(%c : tensor<1x16xf32>) outs(%m : tensor<1xf32>) {
      ^bb0(%v: f32, %out: f32):
        %p = arith.addf %out, %v : f32
        linalg.yield %p : f32
    } -> tensor<1xf32>
    %1 = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
        ins(%a, %0 : tensor<1x32xf32>, tensor<1xf32>) outs(%b : tensor<1x32xf32>) {
      ^bb0(%v: f32, %w: f32, %out: f32):
        %p = arith.subf %v, %w : f32
        linalg.yield %p : f32
    } -> tensor<1x32xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %1 into %o[%n, 0] [1, 32] [1, 1] : tensor<1x32xf32> into tensor<8x32xf32>
    }
  }
  return %y : tensor<8x32xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// Several readers do not each compute what takes many instructions; one does.
// CHECK-LABEL: func @expensive(
// CHECK:         %[[A:.*]] = linalg.generic
// CHECK:           math.exp
// CHECK-COUNT-2: linalg.generic {{.*}} ins(%[[A]]
// CHECK-NOT:     linalg.generic
// CHECK:         return
func.func @expensive(%x: tensor<8x32xf32>, %r: tensor<8x32xf32>, %e: tensor<8x32xf32>, %h: tensor<8x32xf16>, %m: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %a = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<8x32xf32>) outs(%e : tensor<8x32xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %out: f32):
      %s = math.exp %v : f32
      linalg.yield %s : f32
  } -> tensor<8x32xf32>
  %0 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<8x32xf32>) outs(%m : tensor<8xf32>) {
    ^bb0(%v: f32, %out: f32):
      %p = arith.addf %out, %v : f32
      linalg.yield %p : f32
  } -> tensor<8xf32>
  %1 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<8x32xf32>) outs(%m : tensor<8xf32>) {
    ^bb0(%v: f32, %out: f32):
      %p = arith.mulf %out, %v : f32
      linalg.yield %p : f32
  } -> tensor<8xf32>
  return %0, %1 : tensor<8xf32>, tensor<8xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// CHECK-LABEL: func @one_reader(
// CHECK:         linalg.generic {{.*}} "reduction"]} ins(%{{.*}} : tensor<8x32xf32>) outs(%{{.*}} : tensor<8xf32>)
// CHECK:           math.exp
// CHECK:           arith.addf
// CHECK-NOT:     linalg.generic
// CHECK:         return
func.func @one_reader(%x: tensor<8x32xf32>, %r: tensor<8x32xf32>, %e: tensor<8x32xf32>, %h: tensor<8x32xf16>, %m: tensor<8xf32>) -> (tensor<8xf32>) {
  %a = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<8x32xf32>) outs(%e : tensor<8x32xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %out: f32):
      %s = math.exp %v : f32
      linalg.yield %s : f32
  } -> tensor<8x32xf32>
  %0 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<8x32xf32>) outs(%m : tensor<8xf32>) {
    ^bb0(%v: f32, %out: f32):
      %p = arith.addf %out, %v : f32
      linalg.yield %p : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// Nor what has four times the bits of the result.
// CHECK-LABEL: func @wide(
// CHECK:         %[[A:.*]] = linalg.generic
// CHECK:           arith.truncf
// CHECK-COUNT-2: linalg.generic {{.*}} ins(%[[A]]
// CHECK:         return
func.func @wide(%x: tensor<8x32xf32>, %r: tensor<8x32xf32>, %e: tensor<8x32xf32>, %h: tensor<8x32xf16>, %m: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %a = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x, %r : tensor<8x32xf32>, tensor<8x32xf32>) outs(%h : tensor<8x32xf16>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %w: f32, %out: f16):
      %s = arith.addf %v, %w : f32
      %t = arith.truncf %s : f32 to f16
      linalg.yield %t : f16
  } -> tensor<8x32xf16>
  %0 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<8x32xf16>) outs(%m : tensor<8xf32>) {
    ^bb0(%v: f16, %out: f32):
      %w = arith.extf %v : f16 to f32
      %p = arith.addf %out, %w : f32
      linalg.yield %p : f32
  } -> tensor<8xf32>
  %1 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<8x32xf16>) outs(%m : tensor<8xf32>) {
    ^bb0(%v: f16, %out: f32):
      %w = arith.extf %v : f16 to f32
      %p = arith.mulf %out, %w : f32
      linalg.yield %p : f32
  } -> tensor<8xf32>
  return %0, %1 : tensor<8xf32>, tensor<8xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// What is written anyway is read again, if that is less.
// CHECK-LABEL: func @returned(
// CHECK:         %[[A:.*]] = linalg.generic
// CHECK:           arith.subf
// CHECK:         linalg.generic {{.*}} ins(%[[A]]
// CHECK:         return %[[A]]
func.func @returned(%x: tensor<8x32xf32>, %r: tensor<8x32xf32>, %e: tensor<8x32xf32>, %h: tensor<8x32xf16>, %m: tensor<8xf32>) -> (tensor<8x32xf32>, tensor<8xf32>) {
  %a = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x, %r : tensor<8x32xf32>, tensor<8x32xf32>) outs(%e : tensor<8x32xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %w: f32, %out: f32):
      %s = arith.subf %v, %w : f32
      linalg.yield %s : f32
  } -> tensor<8x32xf32>
  %0 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<8x32xf32>) outs(%m : tensor<8xf32>) {
    ^bb0(%v: f32, %out: f32):
      %p = arith.addf %out, %v : f32
      linalg.yield %p : f32
  } -> tensor<8xf32>
  return %a, %0 : tensor<8x32xf32>, tensor<8xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// Without the mark, an op is a part of a kernel.
// CHECK-LABEL: func @unmarked(
// CHECK:         %[[A:.*]] = linalg.generic
// CHECK:           arith.subf
// CHECK:         linalg.generic {{.*}} ins(%[[A]]
// CHECK:         return
func.func @unmarked(%x: tensor<8x32xf32>, %r: tensor<8x32xf32>, %e: tensor<8x32xf32>, %h: tensor<8x32xf16>, %m: tensor<8xf32>) -> (tensor<8xf32>) {
  %a = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x, %r : tensor<8x32xf32>, tensor<8x32xf32>) outs(%e : tensor<8x32xf32>) {
    ^bb0(%v: f32, %w: f32, %out: f32):
      %s = arith.subf %v, %w : f32
      linalg.yield %s : f32
  } -> tensor<8x32xf32>
  %0 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<8x32xf32>) outs(%m : tensor<8xf32>) {
    ^bb0(%v: f32, %out: f32):
      %p = arith.addf %out, %v : f32
      linalg.yield %p : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#id3 = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#row = affine_map<(d0, d1, d2) -> (d0, d1)>

// A kernel that splits an axis: what is around it does, too, but not what is returned.
// CHECK-LABEL: func @split(
// CHECK:         %[[S:.*]] = linalg.generic {{.*}} ["parallel", "parallel", "reduction"]} ins(%{{.*}} : tensor<8x2x16xf32>)
// CHECK:           arith.negf
// CHECK:           arith.addf
// CHECK:         %[[Z:.*]] = linalg.generic {{.*}} ["parallel", "parallel", "parallel"]} ins(%{{.*}}, %[[S]] : tensor<8x2x16xf32>, tensor<8x2xf32>)
// CHECK:           arith.negf
// CHECK:           arith.subf
// CHECK:           arith.maximumf
// CHECK-NOT:     linalg.generic
// CHECK:         %[[C:.*]] = tensor.collapse_shape %[[Z]] {{\[}}[0], [1, 2]] : tensor<8x2x16xf32> into tensor<8x32xf32>
// CHECK:         return %[[C]]
func.func @split(%x: tensor<8x32xf32>, %e: tensor<8x32xf32>, %e3: tensor<8x2x16xf32>, %m: tensor<8x2xf32>) -> tensor<8x32xf32> {
  %zero = arith.constant 0.0 : f32
  %a = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<8x32xf32>) outs(%e : tensor<8x32xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %out: f32):
      %s = arith.negf %v : f32
      linalg.yield %s : f32
  } -> tensor<8x32xf32>
  %x3 = tensor.expand_shape %a [[0], [1, 2]] output_shape [8, 2, 16] : tensor<8x32xf32> into tensor<8x2x16xf32>
  %0 = linalg.generic {indexing_maps = [#id3, #row], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x3 : tensor<8x2x16xf32>) outs(%m : tensor<8x2xf32>) {
    ^bb0(%v: f32, %out: f32):
      %p = arith.addf %out, %v : f32
      linalg.yield %p : f32
  } -> tensor<8x2xf32>
  %1 = linalg.generic {indexing_maps = [#id3, #row, #id3], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x3, %0 : tensor<8x2x16xf32>, tensor<8x2xf32>) outs(%e3 : tensor<8x2x16xf32>) {
    ^bb0(%v: f32, %w: f32, %out: f32):
      %p = arith.subf %v, %w : f32
      linalg.yield %p : f32
  } -> tensor<8x2x16xf32>
  %y = tensor.collapse_shape %1 [[0], [1, 2]] : tensor<8x2x16xf32> into tensor<8x32xf32>
  %z = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<8x32xf32>) outs(%e : tensor<8x32xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %out: f32):
      %p = arith.maximumf %v, %zero : f32
      linalg.yield %p : f32
  } -> tensor<8x32xf32>
  return %z : tensor<8x32xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>

// What is left becomes a parallel loop, unless it is one part.
// CHECK-LABEL: func @left(
// CHECK:         scf.forall (%[[N:.*]]) = (0) to (1024) step (128)
// CHECK:           linalg.generic {{.*}} ins(%{{.*}} : tensor<128x1024xf32>)
// CHECK:         linalg.generic {{.*}} ins(%{{.*}} : tensor<8x4xf32>)
func.func @left(%x: tensor<1024x1024xf32>, %e: tensor<1024x1024xf32>, %y: tensor<8x4xf32>, %f: tensor<8x4xf32>)
    -> (tensor<1024x1024xf32>, tensor<8x4xf32>) {
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<1024x1024xf32>) outs(%e : tensor<1024x1024xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %out: f32):
      %p = math.exp %v : f32
      linalg.yield %p : f32
  } -> tensor<1024x1024xf32>
  %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<8x4xf32>) outs(%f : tensor<8x4xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %out: f32):
      %p = math.exp %v : f32
      linalg.yield %p : f32
  } -> tensor<8x4xf32>
  return %0, %1 : tensor<1024x1024xf32>, tensor<8x4xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#one = affine_map<(d0) -> (d0)>
#none = affine_map<(d0) -> ()>

// Slices that are no tiles: of fewer axes, or with steps.
// CHECK-LABEL: func @slices(
// CHECK:         %[[S:.*]] = linalg.generic
// CHECK-DAG:     tensor.extract_slice %[[S]][0, 0] [1, 32] [1, 1] : tensor<8x32xf32> to tensor<32xf32>
// CHECK-DAG:     tensor.extract_slice %[[S]][0, 0] [8, 16] [1, 2] : tensor<8x32xf32> to tensor<8x16xf32>
func.func @slices(%x: tensor<8x32xf32>, %e: tensor<8x32xf32>, %m: tensor<f32>, %f: tensor<8x16xf32>) -> (tensor<f32>, tensor<8x16xf32>) {
  %s = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<8x32xf32>) outs(%e : tensor<8x32xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %out: f32):
      %p = arith.negf %v : f32
      linalg.yield %p : f32
  } -> tensor<8x32xf32>
  %row = tensor.extract_slice %s[0, 0] [1, 32] [1, 1] : tensor<8x32xf32> to tensor<32xf32>
  %steps = tensor.extract_slice %s[0, 0] [8, 16] [1, 2] : tensor<8x32xf32> to tensor<8x16xf32>
  %0 = linalg.generic {indexing_maps = [#one, #none], iterator_types = ["reduction"]} ins(%row : tensor<32xf32>) outs(%m : tensor<f32>) {
    ^bb0(%v: f32, %out: f32):
      %p = arith.addf %out, %v : f32
      linalg.yield %p : f32
  } -> tensor<f32>
  %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%steps : tensor<8x16xf32>) outs(%f : tensor<8x16xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %out: f32):
      %p = math.absf %v : f32
      linalg.yield %p : f32
  } -> tensor<8x16xf32>
  return %0, %1 : tensor<f32>, tensor<8x16xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#same = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#middle = affine_map<(d0, d1, d2) -> (d1)>

// Ops before and after a loop that joins the rows of what it reads and writes join
// these as well. What else reads the input has a copy with the axes as they are.
// CHECK-LABEL: func @joined(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: tensor<8x64x196xf32>, %[[R:[a-z0-9]+]]: tensor<8x64x196xf32>
// CHECK:         scf.forall
// CHECK:           %[[XS:.*]] = tensor.extract_slice %[[X]]
// CHECK:           %[[XJ:.*]] = tensor.collapse_shape %[[XS]] {{\[\[}}0], [1, 2]] : tensor<8x4x196xf32> into tensor<8x784xf32>
// CHECK:           linalg.generic {{.*}} iterator_types = ["reduction", "parallel", "reduction"]} ins(%[[XS]] : tensor<8x4x196xf32>)
// CHECK-NEXT:      ^bb0
// CHECK-NEXT:        math.absf
// CHECK-NEXT:        arith.maximumf
// CHECK:           %[[RS:.*]] = tensor.extract_slice %[[R]]
// CHECK:           %[[RJ:.*]] = tensor.collapse_shape %[[RS]] {{\[\[}}0], [1, 2]] : tensor<8x4x196xf32> into tensor<8x784xf32>
// CHECK:           %[[Z:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} ins(%[[XJ]], %[[RJ]] : tensor<8x784xf32>, tensor<8x784xf32>)
// CHECK-NEXT:      ^bb0
// CHECK-NEXT:        math.absf
// CHECK-NEXT:        arith.mulf
// CHECK-NEXT:        arith.addf
// CHECK-NEXT:        linalg.yield
// CHECK-NOT:       linalg.generic
// CHECK:           tensor.expand_shape %[[Z]]
// CHECK:           scf.forall.in_parallel
// CHECK-NOT:     linalg.generic
func.func @joined(%x: tensor<8x64x196xf32>, %r: tensor<8x64x196xf32>, %e: tensor<8x64x196xf32>, %se: tensor<64xf32>)
    -> (tensor<8x64x196xf32>, tensor<64xf32>) {
  %a = linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x : tensor<8x64x196xf32>) outs(%e : tensor<8x64x196xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %out: f32):
      %s = math.absf %v : f32
      linalg.yield %s : f32
  } -> tensor<8x64x196xf32>
  %y:2 = scf.forall (%c) = (0) to (64) step (4) shared_outs(%o = %e, %so = %se) -> (tensor<8x64x196xf32>, tensor<64xf32>) {
    %0 = tensor.extract_slice %a[0, %c, 0] [8, 4, 196] [1, 1, 1] : tensor<8x64x196xf32> to tensor<8x4x196xf32>
    %1 = tensor.extract_slice %o[0, %c, 0] [8, 4, 196] [1, 1, 1] : tensor<8x64x196xf32> to tensor<8x4x196xf32>
    %2 = tensor.extract_slice %so[%c] [4] [1] : tensor<64xf32> to tensor<4xf32>
    %3 = linalg.generic {indexing_maps = [#same, #middle], iterator_types = ["reduction", "parallel", "reduction"]}
        ins(%0 : tensor<8x4x196xf32>) outs(%2 : tensor<4xf32>) {
      ^bb0(%v: f32, %out: f32):
        %m = arith.maximumf %v, %out : f32
        linalg.yield %m : f32
    } -> tensor<4xf32>
    %4 = tensor.collapse_shape %0 [[0], [1, 2]] : tensor<8x4x196xf32> into tensor<8x784xf32>
    %5 = tensor.collapse_shape %1 [[0], [1, 2]] : tensor<8x4x196xf32> into tensor<8x784xf32>
    %6 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
        ins(%4 : tensor<8x784xf32>) outs(%5 : tensor<8x784xf32>) {
      ^bb0(%v: f32, %out: f32):
        %p = arith.mulf %v, %v : f32
        linalg.yield %p : f32
    } -> tensor<8x784xf32>
    %7 = tensor.expand_shape %6 [[0], [1, 2]] output_shape [8, 4, 196] : tensor<8x784xf32> into tensor<8x4x196xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %7 into %o[0, %c, 0] [8, 4, 196] [1, 1, 1] : tensor<8x4x196xf32> into tensor<8x64x196xf32>
      tensor.parallel_insert_slice %3 into %so[%c] [4] [1] : tensor<4xf32> into tensor<64xf32>
    }
  }
  %z = linalg.generic {indexing_maps = [#same, #same, #same], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%y#0, %r : tensor<8x64x196xf32>, tensor<8x64x196xf32>) outs(%e : tensor<8x64x196xf32>) attrs = {norm.elementwise} {
    ^bb0(%v: f32, %w: f32, %out: f32):
      %s = arith.addf %v, %w : f32
      linalg.yield %s : f32
  } -> tensor<8x64x196xf32>
  return %z, %y#1 : tensor<8x64x196xf32>, tensor<64xf32>
}
