//===- NormScopeOps.td - a region for affine ops ------------*- tablegen -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_IR_NORMSCOPEOPS_TD
#define NORM_IR_NORMSCOPEOPS_TD

include "Norm/IR/NormBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Norm_AffineScopeOp
    : Op<Norm_Dialect, "affine_scope",
         [AffineScope, NoRegionArguments, NoTerminator,
          RecursiveMemoryEffects, SingleBlock]> {
  let summary = "Runs its body once, in an affine scope of its own";
  let description = [{
    Every value from outside is a symbol of the affine ops in `body`, also one
    that changes with a loop around the scope, such as the size of a tile, which
    is less than the others for the last. Without the scope, affine loops with
    such bounds do not verify.

    `norm-affine-lower-linalg` makes it, and `norm-affine-inline-scopes` takes it
    away when the affine ops are gone.

    Example:

    ```mlir
    scf.for %i = %c0 to %n step %c64 {
      %size = affine.min affine_map<(d0)[s0] -> (64, s0 - d0)>(%i)[%n]
      norm.affine_scope {
        affine.for %j = 0 to %size {
          affine.store %v, %x[%i + %j] : memref<?xf32>
        }
      }
    }
    ```
  }];
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$body attr-dict";
}

#endif // NORM_IR_NORMSCOPEOPS_TD
