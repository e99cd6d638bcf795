//===- Array.cpp - arrays that functions are run on -----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/Array.h"

#include "Norm/Runtime/Memory.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

template <typename T> static double toDouble(T value) { return value; }
template <typename T> static T toFloat(double value) {
  return static_cast<T>(value);
}

/// Returns the integer nearest to `value`, ties to even.
template <typename T> static T toInteger(double value) {
  using Limits = std::numeric_limits<T>;
  if (std::isnan(value))
    return 0;
  // The largest i64 is rounded up here to a double that is not one.
  if (value >= static_cast<double>(Limits::max()))
    return Limits::max();
  if (value <= static_cast<double>(Limits::min()))
    return Limits::min();
  return static_cast<T>(std::nearbyint(value));
}

/// Returns the byte of the boolean nearest to `value`, ties to even.
static uint8_t toBoolean(double value) { return value > 0.5; }

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

/// Returns the value of the bf16 with the bits `bits`.
static double fromBF16(uint16_t bits) {
  return llvm::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}

/// Returns the bits of the bf16 nearest to `value`.
static uint16_t toBF16(double value) {
  if (std::isnan(value))
    return std::signbit(value) ? 0xffc0 : 0x7fc0;
  // A bf16 is an f32 without its last 16 bits.
  auto exact = static_cast<float>(roundTo(ElementType::BF16, value));
  return static_cast<uint16_t>(llvm::bit_cast<uint32_t>(exact) >> 16);
}

namespace {
/// All that is known of an element type.
struct ElementInfo {
  StringLiteral name;
  StringLiteral npyName;
  bool (*matches)(Type);
  /// The precision of an integer is 0.
  FloatFormat format;
  int64_t size;
  double (*load)(const void *data, int64_t index);
  void (*store)(void *data, int64_t index, double value);
};

/// How elements that are stored as `T` are read and written.
template <typename T, double (*read)(T), T (*write)(double)>
constexpr ElementInfo makeInfo(StringLiteral name, StringLiteral npyName,
                               bool (*matches)(Type),
                               FloatFormat format = {0, 0, 0}) {
  return {name,
          npyName,
          matches,
          format,
          sizeof(T),
          [](const void *data, int64_t index) {
            return read(static_cast<const T *>(data)[index]);
          },
          [](void *data, int64_t index, double value) {
            static_cast<T *>(data)[index] = write(value);
          }};
}

/// In the order of ElementType.
constexpr ElementInfo kElementInfos[] = {
    makeInfo<double, toDouble, toFloat>("f64", "<f8",
                                        [](Type type) { return type.isF64(); },
                                        {53, -1022, 1023}),
    makeInfo<float, toDouble, toFloat>(
        "f32", "<f4", [](Type type) { return type.isF32(); }, {24, -126, 127}),
    makeInfo<uint16_t, fromF16, toF16>(
        "f16", "<f2", [](Type type) { return type.isF16(); }, {11, -14, 15}),
    makeInfo<uint16_t, fromBF16, toBF16>(
        "bf16", "<V2", [](Type type) { return type.isBF16(); }, {8, -126, 127}),
    makeInfo<uint8_t, toDouble, toBoolean>(
        "i1", "|b1", [](Type type) { return type.isSignlessInteger(1); }),
    makeInfo<int8_t, toDouble, toInteger>(
        "i8", "|i1", [](Type type) { return type.isSignlessInteger(8); }),
    makeInfo<int32_t, toDouble, toInteger>(
        "i32", "<i4", [](Type type) { return type.isSignlessInteger(32); }),
    makeInfo<int64_t, toDouble, toInteger>("i64", "<i8", [](Type type) {
      return type.isSignlessInteger(64) || type.isIndex();
    })};
static_assert(std::size(kElementInfos) == std::size(kElementTypes));
} // namespace

static const ElementInfo &getInfo(ElementType type) {
  return kElementInfos[static_cast<size_t>(type)];
}

int64_t norm::getElementSize(ElementType type) { return getInfo(type).size; }

StringRef norm::getElementName(ElementType type) { return getInfo(type).name; }

StringRef norm::getNpyName(ElementType type) { return getInfo(type).npyName; }

std::string
norm::formatElementTypes(llvm::function_ref<std::string(ElementType)> format) {
  std::string text;
  for (ElementType type : kElementTypes) {
    if (type == llvm::ArrayRef(kElementTypes).back())
      text += " or ";
    else if (!text.empty())
      text += ", ";
    text += format(type);
  }
  return text;
}

bool norm::isFloat(ElementType type) {
  return getInfo(type).format.precision != 0;
}

FloatFormat norm::getFloatFormat(ElementType type) {
  assert(isFloat(type) && "expected a floating-point type");
  return getInfo(type).format;
}

double norm::getLargest(ElementType type) {
  FloatFormat format = getFloatFormat(type);
  return std::ldexp(2 - std::ldexp(1.0, 1 - format.precision),
                    format.maxExponent);
}

std::optional<ElementType> norm::getElementType(Type type) {
  for (ElementType element : kElementTypes)
    if (getInfo(element).matches(type))
      return element;
  return std::nullopt;
}

ElementType norm::getUnroundedType(ElementType type) {
  return isFloat(type) ? ElementType::F64 : type;
}

double norm::loadElement(ElementType type, const void *data, int64_t index) {
  return getInfo(type).load(data, index);
}

void norm::storeElement(ElementType type, void *data, int64_t index,
                        double value) {
  getInfo(type).store(data, index, value);
}

double norm::roundTo(ElementType type, double value) {
  if (!isFloat(type)) {
    int64_t storage;
    storeElement(type, &storage, 0, value);
    return loadElement(type, &storage, 0);
  }
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

void Memory::Free::operator()(void *pointer) const { normRuntimeFree(pointer); }

Expected<Memory> Memory::allocate(int64_t bytes) {
  Memory memory;
  memory.data.reset(normRuntimeAllocate(bytes, /*alignment=*/64));
  if (!memory.data)
    return createStringError(
        llvm::formatv("expected {0} bytes of memory to be available", bytes)
            .str());
  std::memset(memory.get(), 0, bytes);
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

int64_t Array::getInteger(int64_t index) const {
  assert(!isFloat(type) && "expected an array of integers");
  if (type == ElementType::I64)
    return static_cast<const int64_t *>(getData())[index];
  return static_cast<int64_t>(get(index));
}

std::string Array::format(int64_t index) const {
  if (!isFloat(type))
    return std::to_string(getInteger(index));
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.17g", get(index));
  return text;
}

Expected<Array> Array::clone() const {
  Expected<Array> copy = create(shape, type);
  if (copy)
    std::memcpy(copy->getData(), getData(), getNumBytes());
  return copy;
}
