//===- Array.h - arrays that functions are run on ---------------*- C++ -*-===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Declares the element types and the dense row-major arrays that the runner
/// loads, passes to functions, compares and saves.
///
//===----------------------------------------------------------------------===//

#ifndef NORM_RUNNER_ARRAY_H
#define NORM_RUNNER_ARRAY_H

#include "Norm/IR/Utils.h"

#include "mlir/IR/BuiltinTypes.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <optional>

namespace mlir::norm {

/// The element types of arrays. A boolean, I1, is a byte that is 0 or 1; other
/// integers are signed.
enum class ElementType { F64, F32, F16, BF16, I1, I8, I32, I64 };

/// All of them, in this order.
inline constexpr ElementType kElementTypes[] = {
    ElementType::F64, ElementType::F32, ElementType::F16, ElementType::BF16,
    ElementType::I1,  ElementType::I8,  ElementType::I32, ElementType::I64};

/// The layout of a binary floating-point type.
struct FloatFormat {
  /// The bits of the significand, with the implicit one.
  int precision;
  /// The exponent of the smallest normal number.
  int minExponent;
  /// The exponent of the largest number.
  int maxExponent;
};

/// Returns the size of one element in bytes.
int64_t getElementSize(ElementType type);

/// Returns the name as MLIR spells it, such as bf16.
StringRef getElementName(ElementType type);

/// Returns the name that .npy files use, such as <f4; for bf16, as ml_dtypes
/// writes it.
StringRef getNpyName(ElementType type);

/// Returns the names of all element types, as `format` gives them, as a list
/// that ends with "or"; by default those of MLIR.
std::string formatElementTypes(
    llvm::function_ref<std::string(ElementType)> format = [](ElementType type) {
      return getElementName(type).str();
    });

/// Returns true if `type` is a floating-point type.
bool isFloat(ElementType type);

/// Returns the layout of `type`, a floating-point type.
FloatFormat getFloatFormat(ElementType type);

/// Returns the largest number of `type`, a floating-point type.
double getLargest(ElementType type);

/// Returns the element type that corresponds to `type`, or none; `index` is an
/// i64.
std::optional<ElementType> getElementType(Type type);

/// Returns the type of what is not rounded to `type`: f64 for a floating-point
/// type, and `type` for an integer.
ElementType getUnroundedType(ElementType type);

/// Returns `value` rounded to the nearest value of `type`, ties to even. For an
/// integer type this is the smallest or the largest if `value` is beyond it,
/// and 0 if it is NaN.
double roundTo(ElementType type, double value);

/// Returns the element at `index` of `data`, exactly; but an i64 beyond 2^53 is
/// rounded.
double loadElement(ElementType type, const void *data, int64_t index);

/// Stores `value`, rounded as by `roundTo`, at `index` of `data`.
void storeElement(ElementType type, void *data, int64_t index, double value);

/// Returns the number of elements of `shape`. Fails if a size is negative, or
/// if the array would not fit into the address space.
llvm::Expected<int64_t> getNumElements(ArrayRef<int64_t> shape,
                                       ElementType type);

/// A block of memory, aligned to 64 bytes; a large one is on huge pages where
/// the system has them.
class Memory {
public:
  Memory() = default;
  /// Allocates `bytes` bytes of zeros. Fails if the memory is exhausted.
  static llvm::Expected<Memory> allocate(int64_t bytes);

  void *get() const { return data.get(); }

private:
  struct Free {
    void operator()(void *pointer) const;
  };
  std::unique_ptr<void, Free> data;
};

/// A dense array in row-major order that owns its elements.
class Array {
public:
  /// Creates an array of zeros. Fails if `shape` has a negative size or if the
  /// memory is exhausted.
  static llvm::Expected<Array> create(ArrayRef<int64_t> shape,
                                      ElementType type);

  ArrayRef<int64_t> getShape() const { return shape; }
  ElementType getType() const { return type; }
  int64_t getNumElements() const { return numElements; }
  int64_t getNumBytes() const { return numElements * getElementSize(type); }
  void *getData() { return memory.get(); }
  const void *getData() const { return memory.get(); }

  /// Returns the element at the row-major position `index`, as `loadElement`.
  double get(int64_t index) const {
    return loadElement(type, memory.get(), index);
  }
  /// Returns the element of an array of integers exactly.
  int64_t getInteger(int64_t index) const;
  /// Returns the element as text that tells all of it.
  std::string format(int64_t index) const;
  /// Stores `value`, rounded as by `roundTo`, at `index`.
  void set(int64_t index, double value) {
    storeElement(type, memory.get(), index, value);
  }

  /// Returns a copy. Fails if the memory is exhausted.
  llvm::Expected<Array> clone() const;

private:
  Array() = default;

  SmallVector<int64_t> shape;
  ElementType type = ElementType::F64;
  int64_t numElements = 0;
  Memory memory;
};

} // namespace mlir::norm

#endif // NORM_RUNNER_ARRAY_H
