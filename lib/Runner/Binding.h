//===- Binding.h - what arguments are bound to ------------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNNER_BINDING_H
#define NORM_LIB_RUNNER_BINDING_H

#include "Norm/Runner/Jit.h"

namespace mlir::norm {

/// An argument and what is bound to it.
struct Binding {
  Array array;
  /// The function reads the elements that the array has.
  bool isInput;
  /// The function writes into the array, which becomes an output.
  bool isOutput;
};

/// Loads the array FILE for an argument.
using Loader =
    llvm::function_ref<llvm::Expected<Array>(size_t argument, StringRef file)>;

/// Binds `inputs`, each FILE, update:FILE or zeros:SHAPE, to the arguments of
/// `signature`. Outputs that are floats are f64 if `unrounded` is true. Errors
/// name the input, and what was expected and found.
llvm::Expected<SmallVector<Binding>> bindArguments(const Signature &signature,
                                                   ArrayRef<std::string> inputs,
                                                   bool unrounded, Loader load);

/// Returns a copy of `bindings` in which outputs that are floats are f64.
llvm::Expected<SmallVector<Binding>> cloneUnrounded(ArrayRef<Binding> bindings);

/// Calls `use` with the arrays of `bindings`, and returns what it returns.
template <typename Use>
auto withArrays(MutableArrayRef<Binding> bindings, Use use) {
  SmallVector<Array> arrays;
  for (Binding &binding : bindings)
    arrays.push_back(std::move(binding.array));
  auto result = use(MutableArrayRef<Array>(arrays));
  for (auto [binding, array] : llvm::zip_equal(bindings, arrays))
    binding.array = std::move(array);
  return result;
}

/// An array in the layout that an argument has: the array itself if this is
/// row-major, and a copy otherwise.
class LaidOutArray {
public:
  /// Lays `array` out for `type`. Memory between the elements holds
  /// all ones, which are NaN.
  static llvm::Expected<LaidOutArray> create(const ArrayType &type,
                                             Array &array);

  const ArrayView &getView() const { return view; }

  /// Copies the elements back to the array.
  void copyBack();

private:
  ArrayView view;
  Memory memory;
  Array *array = nullptr;
};

} // namespace mlir::norm

#endif // NORM_LIB_RUNNER_BINDING_H
