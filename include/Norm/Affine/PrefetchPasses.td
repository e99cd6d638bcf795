//===- PrefetchPasses.td - prefetching passes ---------------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes that ask for memory ahead of its use, in vectorized affine loops.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_AFFINE_PREFETCHPASSES_TD
#define NORM_AFFINE_PREFETCHPASSES_TD

include "mlir/Pass/PassBase.td"

def NormAffinePrefetchChunks : Pass<"norm-affine-prefetch-chunks"> {
  let summary = "Prefetch what later iterations of a sequential loop read";
  let description = [{
    A sequential loop that takes the mean of a chunk, and then the deviations from
    it, reads the chunk from memory once and from the cache once: meanwhile the
    memory is idle. This pass makes each nest prefetch its share of the next chunk
    into the first cache, so that reading goes on all the time.

    It applies to views that depend on the variable of an `scf.for`, and that
    nests of `affine.for` in its body read along rows. A single nest, such as that
    of the sums of gradients, finds in the second cache what
    norm-affine-prefetch-next has put there. Where the loop is in another
    `scf.for`, the first chunk of that one's next iteration follows the last; else
    the last chunk is named again.

    Views of 2 KiB or less that one nest reads, such as the rows of features that
    are innermost, are too short for the processor's own prefetching: they are
    prefetched as many iterations ahead as read 16 KiB.

    Before:

    ```mlir
    scf.for %i = %c0 to %c32 step %c2 {
      %x = memref.subview %X[%i, 0] [2, 3136] [1, 1] : ...
      affine.for %l = 0 to 3136 step 32 {
        %v = affine.vector_load %x[0, %l] : ...
        %w = affine.vector_load %x[0, %l + 16] : ...
        ...
      }
      affine.for %l = 0 to 3136 step 32 {
        %v = affine.vector_load %x[0, %l] : ...
        %w = affine.vector_load %x[0, %l + 16] : ...
        ...
      }
    }
    ```

    After:

    ```mlir
    scf.for %i = %c0 to %c32 step %c2 {
      %next = arith.addi %i, %c2 : index
      %last = arith.subi %c32, %c2 : index
      %j = arith.minsi %next, %last : index
      %x = memref.subview %X[%i, 0] [2, 3136] [1, 1] : ...
      %x_next = memref.subview %X[%j, 0] [2, 3136] [1, 1] : ...
      affine.for %l = 0 to 3136 step 32 {
        affine.prefetch %x_next[0, %l], read, locality<3>, data : ...
        %v = affine.vector_load %x[0, %l] : ...
        %w = affine.vector_load %x[0, %l + 16] : ...
        ...
      }
      affine.for %l = 0 to 3136 step 32 {
        %v = affine.vector_load %x[0, %l] : ...
        affine.prefetch %x_next[0, %l + 16], read, locality<3>, data : ...
        %w = affine.vector_load %x[0, %l + 16] : ...
        ...
      }
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::memref::MemRefDialect"
  ];
}

def NormAffinePrefetchNext : Pass<"norm-affine-prefetch-next"> {
  let summary = "Prefetch what the next iteration of a parallel loop reads first";
  let description = [{
    An iteration of a parallel loop that reads a slab, and then reads it again
    from the cache to write its output around the caches, leaves the memory's
    read side idle while it writes. This pass makes the nest with the streaming
    stores prefetch the slab of the next iteration into the second cache, at the
    places that it reads in its own slab.

    It applies to loads from slabs that an earlier nest of the same iteration has
    read, in nests with non-temporal stores. If there are several slabs, each has
    its share of `max-slab` bytes; dynamic sizes are tested at run time. After the
    last iteration the last slab is named again.

    Before:

    ```mlir
    scf.parallel (%i) = (%c0) to (%c64) step (%c1) {
      %x = memref.subview %X[%i, 0] [1, 3136] [1, 1] : ...
      ...
      affine.for %l = 0 to 3136 step 16 {
        %v = affine.vector_load %x[0, %l] : ...
        vector.store %v, %y[%c0, %l] {nontemporal = true} : ...
      }
    }
    ```

    After:

    ```mlir
    scf.parallel (%i) = (%c0) to (%c64) step (%c1) {
      %x = memref.subview %X[%i, 0] [1, 3136] [1, 1] : ...
      ...
      %next = arith.addi %i, %c1 : index
      %last = arith.subi %c64, %c1 : index
      %j = arith.minsi %next, %last : index
      %x_next = memref.subview %X[%j, 0] [1, 3136] [1, 1] : ...
      affine.for %l = 0 to 3136 step 16 {
        affine.prefetch %x_next[0, %l], read, locality<2>, data : ...
        %v = affine.vector_load %x[0, %l] : ...
        vector.store %v, %y[%c0, %l] {nontemporal = true} : ...
      }
    }
    ```
  }];
  let options = [
    Option<"maxSlab", "max-slab", "int64_t", /*default=*/"4194304",
           "Bytes of slabs, at most, that are prefetched: a share of a cache">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::memref::MemRefDialect"
  ];
}

def NormAffinePrefetchAhead : Pass<"norm-affine-prefetch-ahead"> {
  let summary = "Prefetch what a nest reads from memory";
  let description = [{
    The processor's own prefetching is late where a nest writes around the caches
    while it reads, and where it walks down narrow rows. This pass asks there for
    what comes 16 KiB later, into the second cache: before each vector that is
    read, for the place that is so much further on, or further back where rows are
    taken from the last one to the first. What comes behind the end of a buffer is
    not read.

    It applies to buffers of unknown size or of more than 2 MiB, of which the nest
    reads what is next to each other, or pieces of 128 KiB or more: in nests with non-temporal stores, once; and
    in loops that walk down rows of at most 2 KiB or of unknown width. Where another
    pass has prefetched some of a buffer, it is left as it is; but for what
    `norm-affine-prefetch-next` may find too large at run time.

    Before:

    ```mlir
    affine.for %r = 0 to 1024 {
      affine.for %c = 0 to 256 step 16 {
        %x = affine.vector_load %X[%r, %c] : memref<1024x256xf32>, vector<16xf32>
        ...
        vector.store %y, %Y[%r, %c] {nontemporal = true} : ...
      }
    }
    ```

    After:

    ```mlir
    affine.for %r = 0 to 1024 {
      affine.for %c = 0 to 256 step 16 {
        affine.prefetch %X[%r, %c + 4096], read, locality<2>, data : memref<1024x256xf32>
        %x = affine.vector_load %X[%r, %c] : memref<1024x256xf32>, vector<16xf32>
        ...
        vector.store %y, %Y[%r, %c] {nontemporal = true} : ...
      }
    }
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect"];
}

#endif // NORM_AFFINE_PREFETCHPASSES_TD
