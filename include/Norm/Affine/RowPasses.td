//===- RowPasses.td - passes on rows in memory --------------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes that change in which order, and from where on, affine loops take rows.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_AFFINE_ROWPASSES_TD
#define NORM_AFFINE_ROWPASSES_TD

include "mlir/Pass/PassBase.td"

def NormAffineBlockRows : Pass<"norm-affine-block-rows"> {
  let summary = "Let reductions of columns read a few rows at a time";
  let description = [{
    A reduction of columns, such as the sums of gradients where features are
    innermost, has the loop over rows inside the loop over columns, so that its
    accumulators are registers. Where a row is wider than what these hold, it is
    read in strips, each of which jumps from row to row; memory is fastest in
    order. This pass goes over a few rows at a time: the accumulators are read
    and written once for these, from the first cache, and the rows are read in
    order. The order of additions is kept.

    It applies to two loops without `iter_args`, one inside the other, that
    store at places that do not depend on the row, read rows of more than 512
    bytes or of unknown width, and read nothing that another column writes. Rows
    that are left over have their own loops.

    Before:

    ```mlir
    affine.for %c = 0 to 512 {
      affine.for %r = 0 to 22 {
        %x = affine.load %X[%r, %c] : memref<22x512xf32>
        %a = affine.load %A[%c] : memref<512xf32>
        %s = arith.addf %a, %x : f32
        affine.store %s, %A[%c] : memref<512xf32>
      }
    }
    ```

    After, with rows=4:

    ```mlir
    affine.for %b = 0 to 20 step 4 {
      affine.for %c = 0 to 512 {
        affine.for %r = #map(%b) to #map1(%b) {  // %b to %b + 4
          %x = affine.load %X[%r, %c] : memref<22x512xf32>
          %a = affine.load %A[%c] : memref<512xf32>
          %s = arith.addf %a, %x : f32
          affine.store %s, %A[%c] : memref<512xf32>
        }
      }
    }
    affine.for %c = 0 to 512 {
      affine.for %r = 20 to 22 {
        ...
      }
    }
    ```
  }];
  let options = [
    Option<"rows", "rows", "int64_t", /*default=*/"4",
           "The number of rows that are read at a time; 0 or 1: all">
  ];
  let statistics = [Statistic<"numBlocked", "num-blocked",
                              "reductions that read a few rows at a time">];
  let dependentDialects = ["::mlir::affine::AffineDialect"];
}

def NormAffineReadBackwards : Pass<"norm-affine-read-backwards"> {
  let summary = "Begin with what was read last";
  let description = [{
    What is too large for a cache leaves its end there. A nest that reads it
    again, and may take its rows in any order, begins with the last one.

    Before:

    ```mlir
    affine.for %r = 0 to 4096 {
      affine.for %i = 0 to 320 {
        %x = affine.load %X[%r, %i] : memref<4096x320xf32>
        ...
      }
    }
    affine.for %r = 0 to 4096 {
      affine.for %i = 0 to 320 {
        %x = affine.load %X[%r, %i] : memref<4096x320xf32>
        ...
        affine.store %y, %Y[%r, %i] : memref<4096x320xf32>
      }
    }
    ```

    After, in the second nest:

    ```mlir
    affine.for %r = 0 to 4096 {
      %s = affine.apply affine_map<(d0) -> (4095 - d0)>(%r)
      affine.for %i = 0 to 320 {
        %x = affine.load %X[%s, %i] : memref<4096x320xf32>
        ...
        affine.store %y, %Y[%s, %i] : memref<4096x320xf32>
      }
    }
    ```
  }];
  let options = [
    Option<"bytes", "bytes", "int64_t", /*default=*/"0",
           "Bytes up to which what is read again is known to be in a cache">
  ];
  let statistics = [
    Statistic<"numReversed", "num-reversed", "loops that were turned around">
  ];
  let dependentDialects = ["::mlir::affine::AffineDialect"];
}

def NormAffineAlignRows : Pass<"norm-affine-align-rows"> {
  let summary = "Begin rows of large outputs at a cache line";
  let description = [{
    Streaming stores need aligned addresses, and rows of 25 x 25 pixels begin
    anywhere in a cache line. This pass splits a loop along such a row in two:
    the first one goes to the next line, the second one from there on writes to
    a view, whose alignment `norm-affine-stream-stores` then finds.

    It applies to the loop that computes the elements of rows of at least
    `row-bytes`, in a nest over all rows of a buffer that the function does not
    read and that has at least `threshold` bytes, if rows are not known to be
    multiples of half a line. Where run time alone knows sizes, the nest has two
    versions, and what is too small, or begins at lines by itself, is left as
    it is.

    Before:

    ```mlir
    affine.for %r = 0 to 8192 {
      affine.for %i = 0 to 625 {
        %x = affine.load %X[%r, %i] : memref<8192x625xf32>
        ...
        affine.store %y, %Y[%r, %i] : memref<8192x625xf32>
      }
    }
    ```

    After:

    ```mlir
    affine.for %r = 0 to 8192 {
      norm.affine_scope {
        // %ahead is how many elements the next line is ahead of %Y[%r, 0].
        %middle = affine.min #map()[%c0, %ahead, %c625]
        %length = arith.subi %c625, %middle : index
        %view = memref.subview %Y[%r, %middle] [1, %length] [1, 1] : ...
        affine.for %i = 0 to %middle {
          %x = affine.load %X[%r, %i] : memref<8192x625xf32>
          ...
          affine.store %y, %Y[%r, %i] : memref<8192x625xf32>
        }
        affine.for %i = 0 to %length {
          %x = affine.load %X[%r, %i + symbol(%middle)] : memref<8192x625xf32>
          ...
          affine.store %y, %view[0, %i] : memref<1x?xf32, strided<[625, 1], offset: ?>>
        }
      }
    }
    ```
  }];
  let options = [
    Option<"threshold", "threshold", "int64_t", /*default=*/"8388608",
           "Bytes of a buffer from which on its rows are aligned">,
    Option<"rowBytes", "row-bytes", "int64_t", /*default=*/"1024",
           "Bytes of a row from which on it is aligned">
  ];
  let statistics = [
    Statistic<"numAligned", "num-aligned", "loops that were split">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::memref::MemRefDialect", "::mlir::norm::NormDialect",
    "::mlir::scf::SCFDialect"
  ];
}

#endif // NORM_AFFINE_ROWPASSES_TD
