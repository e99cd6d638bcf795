//===- TilingPasses.td - passes that divide the work -------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_TRANSFORMS_TILINGPASSES_TD
#define NORM_TRANSFORMS_TILINGPASSES_TD

include "mlir/Pass/PassBase.td"

def NormPrintSchedule : Pass<"norm-print-schedule"> {
  let summary = "Tell how layer ops are worked on, and what memory moves";
  let description = [{
    Emits a remark at each layer op: what `norm-tile` will choose, given the same
    options, and the bytes of its large inputs and outputs that move between
    memory and the caches. The input is read twice, for the statistics and to
    apply them, if `cache-bytes` do not hold what lies between. Axes should be
    collapsed, as `norm-lower-to-cpu-pipeline` does before it runs this pass, if
    its option `print-schedule` is set.

    Example:

    ```mlir
    // schedule: 64 slabs, each of 401408 bytes; reads 25690112 bytes,
    // writes 25690112 bytes
    %y = norm.batch_norm_training ins(%x : tensor<32x64x3136xf32>)
        outs(%init : tensor<32x64x3136xf32>) features = [1]
    ```
  }];
  let options = [
    Option<"minSlabs", "min-slabs", "int64_t", /*default=*/"8",
           "As of norm-tile">,
    Option<"stripBytes", "strip-bytes", "int64_t", /*default=*/"1572864",
           "As of norm-tile">,
    Option<"slabBytes", "slab-bytes", "int64_t", /*default=*/"0",
           "As of norm-tile">,
    Option<"lineBytes", "line-bytes", "int64_t", /*default=*/"64",
           "As of norm-tile">,
    Option<"cacheBytes", "cache-bytes", "int64_t", /*default=*/"4194304",
           "The bytes of a thread's share of the caches">
  ];
}

def NormTile : Pass<"norm-tile"> {
  let summary = "Tile layer ops into parallel slabs";
  let description = [{
    A slab is what one statistic is taken of: a feature of a batch norm, a group
    of a sample. Where slabs are many, each becomes one iteration of an
    `scf.forall`, which takes the statistics of the slab and applies them while
    the slab is in the cache. Where the channels are innermost, a group norm is
    tiled by samples only, and a batch norm not at all; but if that makes slabs
    that are few, or of more than 4 MiB, they become strips of columns of known
    sizes: as wide as `strip-bytes` permits, of whole lines of `line-bytes`, and
    at least four of these. Where rows are no multiples of `line-bytes`, a slab has as
    many features as make one, for `norm-join-rows`, if slabs then are still many
    or fit `slab-bytes`. If strips of four lines or more fit `slab-bytes`, the
    narrowest are taken. What is left untiled is for `norm-parallelize`;
    few slabs are, unless each fits `slab-bytes`, or parts of it do that
    `norm-split-slabs` can make.

    Before:

    ```mlir
    %y = norm.batch_norm_training ins(%x : tensor<8x64x25xf32>)
        outs(%init : tensor<8x64x25xf32>) features = [1]
    ```

    After:

    ```mlir
    %y = scf.forall (%c) in (64) shared_outs(%o = %init)
        -> (tensor<8x64x25xf32>) {
      %0 = tensor.extract_slice %x[0, %c, 0] [8, 1, 25] [1, 1, 1]
          : tensor<8x64x25xf32> to tensor<8x1x25xf32>
      %1 = tensor.extract_slice %o[0, %c, 0] [8, 1, 25] [1, 1, 1]
          : tensor<8x64x25xf32> to tensor<8x1x25xf32>
      %2 = norm.batch_norm_training ins(%0 : tensor<8x1x25xf32>)
          outs(%1 : tensor<8x1x25xf32>) features = [1]
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %2 into %o[0, %c, 0] [8, 1, 25] [1, 1, 1]
            : tensor<8x1x25xf32> into tensor<8x64x25xf32>
      }
    }
    ```
  }];
  let options = [
    Option<"minSlabs", "min-slabs", "int64_t", /*default=*/"8",
           "The number of slabs from which on they are worked on in parallel; "
           "a dynamic number counts as large">,
    Option<"stripBytes", "strip-bytes", "int64_t", /*default=*/"1572864",
           "The bytes of the input in a strip of columns, at most; 0: none">,
    Option<"slabBytes", "slab-bytes", "int64_t", /*default=*/"0",
           "The bytes of a slab, in all large inputs, up to which slabs are "
           "worked on in parallel however few they are">,
    Option<"lineBytes", "line-bytes", "int64_t", /*default=*/"64",
           "What the bytes of rows should be a multiple of, for stores">,
    Option<"slabParts", "slab-parts", "int64_t", /*default=*/"1",
           "The number of equal parts of a slab, at most, each of which may "
           "have slab-bytes, as for norm-split-slabs">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def NormJoinRows : Pass<"norm-join-rows"> {
  let summary = "Apply statistics to several rows that are whole cache lines";
  let description = [{
    Rows that are no whole lines of 64 bytes (`line-bytes`), as those of 7 x 7
    pixels, can neither be written around the caches nor without masks. Where the
    two innermost axes together are the fewest rows that fill whole lines, at most
    2048 elements, this pass makes them one axis for `norm.normalize` and
    `norm.gradient_apply`, and repeats what each row has, its coefficients, along
    it. They are used for at least 8 such rows. `norm-tile` makes slabs of as
    many features as it takes.

    Before:

    ```mlir
    %y = norm.normalize ins(%x : tensor<32x16x49xf32>)
        mean(%m : tensor<16xf32>) scale(%f : tensor<16xf32>)
        outs(%init : tensor<32x16x49xf32>)
        statistics_axes = [1] parameter_axes = [1]
    ```

    After:

    ```mlir
    %0 = tensor.collapse_shape %x [[0], [1, 2]]
        : tensor<32x16x49xf32> into tensor<32x784xf32>
    %1 = linalg.broadcast ins(%m : tensor<16xf32>)
        outs(%empty : tensor<16x49xf32>) dimensions = [1]
    %2 = tensor.collapse_shape %1 [[0, 1]] : tensor<16x49xf32> into tensor<784xf32>
    ...
    %y = norm.normalize ins(%0 : tensor<32x784xf32>)
        mean(%2 : tensor<784xf32>) scale(%3 : tensor<784xf32>)
        outs(%4 : tensor<32x784xf32>) statistics_axes = [1] parameter_axes = [1]
    ```
  }];
  let options = [
    Option<"lineBytes", "line-bytes", "int64_t", /*default=*/"64",
           "What the bytes of rows should be a multiple of, for stores">
  ];
  let dependentDialects = [
    "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"
  ];
}

def NormSplitSlabs : Pass<"norm-split-slabs"> {
  let summary = "Split slabs that are too large for one block of a GPU";
  let description = [{
    A slab, an iteration of a parallel loop, whose large inputs do not fit the
    workgroup memory of a block, `tile-bytes`, together with partial results, is
    split into 2, 4 or 8 equal parts, the fewest that do fit, along its
    outermost axes. These are for the blocks of a cluster, which the mapping of
    the loops over parts tells; `norm-gpu-form-clusters` makes them of it. Other
    slabs stay whole: those that fit, those that no such parts make fit, and
    those of unknown sizes.

    `norm.moments` and `norm.gradient_sums` give partial results, which are
    combined as `norm-parallelize` does it; `norm.normalize` and
    `norm.gradient_apply` are tiled. All else of a slab is done for all of it.

    Before:

    ```mlir
    scf.forall (%c) in (16) ... {
      %slab = tensor.extract_slice %x[0, %c, 0] [8, 1, 100] [1, 1, 1]
      %n, %mean, %m2 = norm.moments ins(%slab : tensor<8x1x100xf32>) ...
      ...
      %y = norm.normalize ins(%slab : tensor<8x1x100xf32>) ...
    ```

    After, with `tile-bytes=2048`:

    ```mlir
    scf.forall (%c) in (16) ... {
      %slab = tensor.extract_slice %x[0, %c, 0] [8, 1, 100] [1, 1, 1]
      %p:3 = scf.forall (%i) = (0) to (8) step (4) ... {
        %part = tensor.extract_slice %slab[%i, 0, 0] [4, 1, 100] [1, 1, 1]
        ... norm.moments ins(%part : tensor<4x1x100xf32>) ...
      } {mapping = [#gpu.block<linear_dim_0>]}
      %n, %mean, %m2 = norm.combine_moments ins(%p#0, %p#1, %p#2 : ...) ...
      ...
      %y = scf.forall (%i) = (0) to (8) step (4) ... {
        %part = tensor.extract_slice %slab[%i, 0, 0] [4, 1, 100] [1, 1, 1]
        ... norm.normalize ins(%part : tensor<4x1x100xf32>) ...
      } {mapping = [#gpu.block<linear_dim_0>]}
    ```
  }];
  let options = [
    Option<"tileBytes", "tile-bytes", "int64_t", /*default=*/"32768",
           "The bytes that a block keeps, at most">,
    Option<"clusterSize", "cluster-size", "int64_t", /*default=*/"8",
           "The number of parts, at most, and of blocks: 1, 2, 4 or 8">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::gpu::GPUDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

def NormParallelize : Pass<"norm-parallelize"> {
  let summary = "Run kernel ops in parallel over parts of their input";
  let description = [{
    For kernel ops that are not in a parallel loop. `norm.moments` takes partial
    moments of parts, one an iteration, and combines them in an order that
    depends on the sizes alone, by `PartialReductionOpInterface`; so does
    `norm.gradient_sums`. Where the innermost axis is reduced and sizes are
    known, parts are what lies together in memory; else, they are pieces of the
    outermost reduced axis. `norm.normalize` and `norm.gradient_apply` are tiled
    along their outermost axes.

    Before:

    ```mlir
    %n, %mean, %m2 = norm.moments ins(%x : tensor<4096x64xf32>)
        outs(%0, %0, %0 : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
        axes = [0]
    ```

    After:

    ```mlir
    %p:3 = scf.forall (%i) = (0) to (4096) step (64) ... {
      %part = tensor.extract_slice %x[%i, 0] [64, 64] [1, 1]
      ... norm.moments ins(%part) ... axes = [0]
    }
    %n, %mean, %m2 = norm.combine_moments
        ins(%p#0, %p#1, %p#2
            : tensor<64x64xf32>, tensor<64x64xf32>, tensor<64x64xf32>)
        outs(%0, %0, %0 : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
        axes = [0]
    ```
  }];
  let options = [
    Option<"partSize", "part-size", "int64_t", /*default=*/"131072",
           "The number of elements that one iteration works on, about">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def NormFuseElementwise : Pass<"norm-fuse-elementwise"> {
  let summary = "Fuse elementwise ops into the loops of kernels";
  let description = [{
    Fuses the elementwise ops that `norm-gather-elementwise` has marked into the
    linalg ops that kernels have become, so that nothing of the size of an input
    is written between them and read again. Three steps, each by upstream's
    fusion:

    1. What takes the result of a parallel loop goes into this loop. Where
       several loops give its operands, the last one takes it.
    2. What slices of are taken, or what kernels read, is computed by each of its
       readers from slices of its operands. A kernel reads its input at most
       twice from memory, so that this moves fewer bytes as long as the operands
       have up to three times the bits of the result. It is not done with
       functions such as `math.exp` where there is more than one reader, and
       where the result has to be written anyway only if the operands are not
       wider than it.
    3. Ops that follow each other become one, also if others need the result of
       the first: then the one op gives both.

    What is left becomes parallel loops over parts, as kernels do in
    `norm-parallelize`.

    Before:

    ```mlir
    %y = scf.forall (%c) in (64) shared_outs(%o = %e) -> (tensor<8x64x25xf32>) {
      %slice = tensor.extract_slice %x[0, %c, 0] [8, 1, 25] [1, 1, 1] ...
      ...
      %0 = linalg.generic ... ins(%slice, %mean, %factor : ...) ...
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %0 into %o[0, %c, 0] [8, 1, 25] [1, 1, 1] ...
      }
    }
    %z = linalg.generic ... ins(%y, %r : ...) outs(%e : ...)
        attrs = {norm.elementwise} ...
    ```

    After:

    ```mlir
    %z = scf.forall (%c) in (64) shared_outs(%o = %e) -> (tensor<8x64x25xf32>) {
      %slice = tensor.extract_slice %x[0, %c, 0] [8, 1, 25] [1, 1, 1] ...
      %other = tensor.extract_slice %r[0, %c, 0] [8, 1, 25] [1, 1, 1] ...
      ...
      %0 = linalg.generic ... ins(%slice, %mean, %factor, %other : ...) ...
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %0 into %o[0, %c, 0] [8, 1, 25] [1, 1, 1] ...
      }
    }
    ```
  }];
  let options = [
    Option<"partSize", "part-size", "int64_t", /*default=*/"131072",
           "The number of elements, about, that one iteration of a parallel "
           "loop over parts works on">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

def NormChunk : Pass<"norm-chunk"> {
  let summary = "Split long sums into chunks";
  let description = [{
    Puts `norm.moments` and `norm.gradient_sums` into sequential loops over
    chunks of their reduced axes, so that long sums are taken in two levels, and
    gives stable moments a guess, the mean of their first chunk, with which they
    read each chunk once. Where each statistic has enough values, one is taken
    after the other, in the order of memory.

    There is no guess with a mask, and none where the innermost axis has
    statistics of its own: `convert-norm-to-linalg` reads columns once anyway.

    Before:

    ```mlir
    %m:3 = norm.moments ins(%x : tensor<32x1x3136xf32>)
        outs(%0, %0, %0 : tensor<1xf32>, tensor<1xf32>, tensor<1xf32>)
        axes = [0, 2]
    ```

    After:

    ```mlir
    %first = tensor.extract_slice %x[0, 0, 0] [1, 1, 3136] [1, 1, 1]
        : tensor<32x1x3136xf32> to tensor<1x1x3136xf32>
    %guess = norm.shift ins(%first : tensor<1x1x3136xf32>)
        outs(%empty : tensor<1xf32>) axes = [0, 2] all
    %m:3 = scf.for %n = %c0 to %c32 step %c1
        iter_args(%a = %0, %b = %0, %c = %0) -> (...) {
      %chunk = tensor.extract_slice %x[%n, 0, 0] [1, 1, 3136] [1, 1, 1]
          : tensor<32x1x3136xf32> to tensor<1x1x3136xf32>
      %1:3 = norm.moments ins(%chunk : tensor<1x1x3136xf32>)
          guess(%guess : tensor<1xf32>)
          outs(%a, %b, %c : tensor<1xf32>, tensor<1xf32>, tensor<1xf32>)
          axes = [0, 2]
      scf.yield %1#0, %1#1, %1#2 : ...
    }
    ```
  }];
  let options = [
    Option<"chunkSize", "chunk-size", "int64_t", /*default=*/"8192",
           "The number of elements of a chunk, at most">,
    Option<"chunkRows", "chunk-rows", "int64_t", /*default=*/"64",
           "The number of rows of a chunk, at least, where the innermost axis "
           "has statistics of its own; at most, as where moments are taken "
           "without a mask, it has four times as many">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

#endif // NORM_TRANSFORMS_TILINGPASSES_TD
