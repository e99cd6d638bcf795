//===- Npy.h - arrays in .npy files -----------------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Declares how arrays are read from and written to NumPy's .npy files:
/// '<f8', '<f4', '<f2', and '<V2', as which ml_dtypes writes bf16.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_RUNNER_NPY_H
#define NORM_RUNNER_NPY_H

#include "Norm/Runner/Array.h"

#include "llvm/ADT/StringRef.h"

namespace mlir::norm {

/// The header of a .npy file.
struct NpyHeader {
  ElementType type;
  bool fortranOrder;
  SmallVector<int64_t> shape;
  /// The position of the first element in the file, in bytes.
  size_t dataOffset;
};

/// Parses the header of a .npy file whose bytes are `contents`. Fails if it is
/// malformed or cut off, or if its element type is none of ours.
llvm::Expected<NpyHeader> parseNpyHeader(StringRef contents);

/// Parses a .npy file whose bytes are `contents`; a file in Fortran order is
/// brought into row-major order. Fails if the file is malformed, too short or
/// too long.
llvm::Expected<Array> parseNpy(StringRef contents);

/// Loads the .npy file at `path`. Errors name the path.
llvm::Expected<Array> loadNpy(StringRef path);

/// Saves arrays as .npy files, all or none: each is written to a temporary file
/// in the folder of its path, and only once all are complete they are renamed.
/// A path that is a device or a pipe is written to directly. Errors name the
/// path.
llvm::Error saveNpy(ArrayRef<std::pair<StringRef, const Array *>> files);

} // namespace mlir::norm

#endif // NORM_RUNNER_NPY_H
