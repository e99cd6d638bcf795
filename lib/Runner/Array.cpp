//===- Array.cpp - arrays that functions are run on -----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/Array.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <cstdlib>
#include <cstring>

#ifdef __linux__
#include <sys/mman.h>
#endif

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

int64_t norm::getElementSize(ElementType type) {
  switch (type) {
  case ElementType::F64:
    return 8;
  case ElementType::F32:
    return 4;
  case ElementType::F16:
  case ElementType::BF16:
    return 2;
  }
  llvm_unreachable("unknown element type");
}

StringRef norm::getElementName(ElementType type) {
  switch (type) {
  case ElementType::F64:
    return "f64";
  case ElementType::F32:
    return "f32";
  case ElementType::F16:
    return "f16";
  case ElementType::BF16:
    return "bf16";
  }
  llvm_unreachable("unknown element type");
}

FloatFormat norm::getFloatFormat(ElementType type) {
  switch (type) {
  case ElementType::F64:
    return {53, -1022, 1023};
  case ElementType::F32:
    return {24, -126, 127};
  case ElementType::F16:
    return {11, -14, 15};
  case ElementType::BF16:
    return {8, -126, 127};
  }
  llvm_unreachable("unknown element type");
}

std::optional<ElementType> norm::getElementType(Type type) {
  if (type.isF64())
    return ElementType::F64;
  if (type.isF32())
    return ElementType::F32;
  if (type.isF16())
    return ElementType::F16;
  if (type.isBF16())
    return ElementType::BF16;
  return std::nullopt;
}

double norm::roundTo(ElementType type, double value) {
  if (type == ElementType::F64 || !std::isfinite(value) || value == 0)
    return value;
  if (type == ElementType::F32)
    return static_cast<float>(value);
  FloatFormat format = getFloatFormat(type);
  int exponent = std::max(std::ilogb(value), format.minExponent);
  int lastPlace = exponent - (format.precision - 1);
  // Scaling by a power of two is exact: the type's smallest number is far
  // above that of f64. nearbyint rounds ties to even.
  double rounded =
      std::ldexp(std::nearbyint(std::ldexp(value, -lastPlace)), lastPlace);
  if (std::ilogb(rounded) > format.maxExponent)
    return std::copysign(HUGE_VAL, value);
  return rounded;
}

/// Returns the value of the f16 with the bits `bits`.
static double fromF16(uint16_t bits) {
  int exponent = (bits >> 10) & 0x1f;
  int fraction = bits & 0x3ff;
  double magnitude;
  if (exponent == 0x1f)
    magnitude = fraction ? NAN : HUGE_VAL;
  else if (exponent == 0)
    magnitude = std::ldexp(fraction, -24);
  else
    magnitude = std::ldexp(fraction + 1024, exponent - 25);
  return std::copysign(magnitude, bits & 0x8000 ? -1.0 : 1.0);
}

/// Returns the bits of the f16 nearest to `value`.
static uint16_t toF16(double value) {
  uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  if (std::isnan(value))
    return sign | 0x7e00;
  double magnitude = std::fabs(roundTo(ElementType::F16, value));
  if (std::isinf(magnitude))
    return sign | 0x7c00;
  if (magnitude < std::ldexp(1.0, -14))
    return sign | static_cast<uint16_t>(std::ldexp(magnitude, 24));
  int exponent = std::ilogb(magnitude);
  auto significand =
      static_cast<uint16_t>(std::ldexp(magnitude, 10 - exponent));
  return sign |
         static_cast<uint16_t>(((exponent + 15) << 10) + (significand - 1024));
}

/// Returns the bits of the bf16 nearest to `value`.
static uint16_t toBF16(double value) {
  if (std::isnan(value))
    return std::signbit(value) ? 0xffc0 : 0x7fc0;
  // A bf16 is an f32 without its last 16 bits.
  auto exact = static_cast<float>(roundTo(ElementType::BF16, value));
  return static_cast<uint16_t>(llvm::bit_cast<uint32_t>(exact) >> 16);
}

double norm::loadElement(ElementType type, const void *data, int64_t index) {
  switch (type) {
  case ElementType::F64:
    return static_cast<const double *>(data)[index];
  case ElementType::F32:
    return static_cast<const float *>(data)[index];
  case ElementType::F16:
    return fromF16(static_cast<const uint16_t *>(data)[index]);
  case ElementType::BF16:
    return llvm::bit_cast<float>(
        static_cast<uint32_t>(static_cast<const uint16_t *>(data)[index])
        << 16);
  }
  llvm_unreachable("unknown element type");
}

void norm::storeElement(ElementType type, void *data, int64_t index,
                        double value) {
  switch (type) {
  case ElementType::F64:
    static_cast<double *>(data)[index] = value;
    return;
  case ElementType::F32:
    static_cast<float *>(data)[index] = static_cast<float>(value);
    return;
  case ElementType::F16:
    static_cast<uint16_t *>(data)[index] = toF16(value);
    return;
  case ElementType::BF16:
    static_cast<uint16_t *>(data)[index] = toBF16(value);
    return;
  }
  llvm_unreachable("unknown element type");
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

Expected<int64_t> norm::getNumElements(ArrayRef<int64_t> shape,
                                       ElementType type) {
  int64_t bytes = getElementSize(type);
  bool empty = false;
  bool overflow = false;
  for (int64_t size : shape) {
    if (size < 0)
      return createStringError("expected all sizes to be at least 0, but got " +
                               formatShape(shape));
    empty |= size == 0;
    overflow |= size != 0 && llvm::MulOverflow(bytes, size, bytes);
  }
  // An overflow counts also where another size is 0, so that strides fit.
  if (overflow)
    return createStringError(
        "expected the size of an array in bytes to be below 2^63, but got "
        "the shape " +
        formatShape(shape));
  return empty ? 0 : bytes / getElementSize(type);
}

//===----------------------------------------------------------------------===//
// Memory and Array
//===----------------------------------------------------------------------===//

void Memory::Free::operator()(void *pointer) const { std::free(pointer); }

Expected<Memory> Memory::allocate(int64_t bytes) {
  constexpr size_t kHugePage = size_t(2) << 20;
  size_t alignment = static_cast<size_t>(bytes) >= kHugePage ? kHugePage : 64;
  // At least one byte, so that the pointer of an empty array is not null.
  size_t size = llvm::alignTo(std::max<size_t>(bytes, 1), alignment);
  Memory memory;
  memory.data.reset(std::aligned_alloc(alignment, size));
  if (!memory.data)
    return createStringError(
        llvm::formatv("expected {0} bytes of memory to be available", bytes)
            .str());
#ifdef __linux__
  if (alignment == kHugePage)
    // A hint; without huge pages the array is merely slower.
    (void)madvise(memory.get(), size, MADV_HUGEPAGE);
#endif
  std::memset(memory.get(), 0, size);
  return std::move(memory);
}

Expected<Array> Array::create(ArrayRef<int64_t> shape, ElementType type) {
  Expected<int64_t> numElements = norm::getNumElements(shape, type);
  if (!numElements)
    return numElements.takeError();
  Expected<Memory> memory =
      Memory::allocate(*numElements * getElementSize(type));
  if (!memory)
    return memory.takeError();
  Array array;
  array.shape.assign(shape.begin(), shape.end());
  array.type = type;
  array.numElements = *numElements;
  array.memory = std::move(*memory);
  return std::move(array);
}

Expected<Array> Array::clone() const {
  Expected<Array> copy = create(shape, type);
  if (copy)
    std::memcpy(copy->getData(), getData(), getNumBytes());
  return copy;
}
