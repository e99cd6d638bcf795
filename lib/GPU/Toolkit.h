//===- Toolkit.h - programs of a CUDA toolkit -------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The assembler for PTX, and what puts the code for several GPUs into one
/// file, which the driver chooses from.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_TOOLKIT_H
#define NORM_LIB_GPU_TOOLKIT_H

#include "mlir/Support/LLVM.h"

#include "llvm/Support/Error.h"

#include <string>

namespace mlir::norm {

/// Code for one GPU.
struct Image {
  enum Kind { MachineCode, PTX };
  Kind kind;
  std::string chip;
  SmallVector<char, 0> data;
};

/// The programs ptxas and fatbinary.
class Toolkit {
public:
  /// Looks into the folder `root`; if that is empty, into those of CUDA_ROOT,
  /// CUDA_HOME and CUDA_PATH, the folders of PATH, and Python's packages. Fails
  /// with a message that names what to install.
  static llvm::Expected<Toolkit> find(StringRef root);

  /// Looks for the file of libdevice in the toolkit that `find` returns.
  static llvm::Expected<std::string> findLibdevice(StringRef root);

  /// Returns the machine code of `text`, in PTX, for `chip`.
  llvm::Expected<SmallVector<char, 0>> assemble(ArrayRef<char> text,
                                                StringRef chip) const;

  /// Returns one file with all images.
  llvm::Expected<SmallVector<char, 0>> join(ArrayRef<Image> images) const;

private:
  /// The folder of the programs.
  std::string directory;
};

} // namespace mlir::norm

#endif // NORM_LIB_GPU_TOOLKIT_H
