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

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <optional>

namespace mlir::norm {

/// The element types of arrays.
enum class ElementType { F64, F32, F16, BF16 };

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

/// Returns the name as MLIR spells it: f64, f32, f16 or bf16.
StringRef getElementName(ElementType type);

/// Returns the layout of `type`.
FloatFormat getFloatFormat(ElementType type);

/// Returns the element type that corresponds to `type`, or none.
std::optional<ElementType> getElementType(Type type);

/// Returns `value` rounded to the nearest value of `type`, ties to even.
double roundTo(ElementType type, double value);

/// Returns the element at `index` of `data`, exactly.
double loadElement(ElementType type, const void *data, int64_t index);

/// Stores `value`, rounded to nearest, ties to even, at `index` of `data`.
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

  /// Returns the element at the row-major position `index`, exactly.
  double get(int64_t index) const {
    return loadElement(type, memory.get(), index);
  }
  /// Stores `value`, rounded to nearest, ties to even, at `index`.
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
