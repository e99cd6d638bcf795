//===- ExpandF16.cpp - conversions of f16 without an instruction
//----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A bf16 is an f32 without its last 16 bits. The bits of an f16, shifted to
// where an f32 has its fraction and exponent, are an f32 that is smaller by
// 2^112, because the exponents count from 15 and from 127. A product with 2^112
// mends that exactly, also for subnormal numbers.
//
//===----------------------------------------------------------------------===//

#include "Norm/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMEXPANDNARROWFLOATS
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;

namespace {

/// How many bits of the fraction an f16 lacks.
constexpr int64_t kLostBits = 23 - 10;

/// Builds arithmetic on numbers, or on vectors of one shape.
class Builder : public ImplicitLocOpBuilder {
public:
  Builder(Operation *op, Value value)
      : ImplicitLocOpBuilder(op->getLoc(), op), type(value.getType()) {}

  /// Returns the type of this shape with the elements `element`.
  Type getType(Type element) {
    if (auto vector = dyn_cast<VectorType>(type))
      return vector.clone(element);
    return element;
  }
  Value constant(int64_t bits) {
    Type i32 = getType(getI32Type());
    TypedAttr value = getI32IntegerAttr(static_cast<int32_t>(bits));
    if (auto vector = dyn_cast<VectorType>(i32))
      value = DenseElementsAttr::get(vector, Attribute(value));
    return arith::ConstantOp::create(*this, i32, value);
  }
  Value bits(Value value) {
    unsigned width = getElementTypeOrSelf(value).getIntOrFloatBitWidth();
    return cast(value, getIntegerType(width));
  }
  Value floats(Value value) { return cast(value, getF32Type()); }
  Value cast(Value value, Type element) {
    return arith::BitcastOp::create(*this, getType(element), value);
  }
  Value extend(Value value) {
    return arith::ExtUIOp::create(*this, getType(getI32Type()), value);
  }
  Value truncate(Value value) {
    return arith::TruncIOp::create(*this, getType(getI16Type()), value);
  }
  Value band(Value value, int64_t mask) {
    return arith::AndIOp::create(*this, value, constant(mask));
  }
  Value bor(Value lhs, Value rhs) {
    return arith::OrIOp::create(*this, lhs, rhs);
  }
  Value add(Value value, int64_t other) {
    return arith::AddIOp::create(*this, value, constant(other));
  }
  Value shl(Value value, int64_t count) {
    return arith::ShLIOp::create(*this, value, constant(count));
  }
  Value shr(Value value, int64_t count) {
    return arith::ShRUIOp::create(*this, value, constant(count));
  }
  /// Signed, which is what old processors compare vectors by; no value here has
  /// a sign.
  Value isLess(Value lhs, int64_t rhs) {
    return arith::CmpIOp::create(*this, arith::CmpIPredicate::slt, lhs,
                                 constant(rhs));
  }
  Value isNumber(Value value) {
    return arith::CmpFOp::create(*this, arith::CmpFPredicate::ORD, value,
                                 value);
  }
  Value select(Value condition, Value yes, Value no) {
    return arith::SelectOp::create(*this, condition, yes, no);
  }

private:
  Type type;
};

/// Returns `value`, a bf16, as an f32.
Value extendBF16(Builder &b, Value value) {
  return b.floats(b.shl(b.extend(b.bits(value)), 16));
}

/// Returns `value`, an f16, as an f32.
Value extendF16(Builder &b, Value value) {
  Value wide = b.extend(b.bits(value));
  Value magnitude = b.shl(b.band(wide, 0x7fff), kLostBits);
  Value scale = b.floats(b.constant(int64_t(127 + 112) << 23));
  Value finite = b.bits(arith::MulFOp::create(b, b.floats(magnitude), scale));
  // Infinity and NaN have the largest exponent here and there.
  Value special = b.bor(magnitude, b.constant(0x7f800000));
  Value isFinite = b.isLess(magnitude, int64_t(0x7c00) << kLostBits);
  Value sign = b.shl(b.band(wide, 0x8000), 16);
  return b.floats(b.bor(b.select(isFinite, finite, special), sign));
}

/// Returns `bits` and what rounds them to nearest, ties to even, once their
/// last `count` ones are cut off: a carry into the kept ones where the lost
/// ones are more than a half, or a half while the last kept one is odd. A carry
/// beyond the largest number gives infinity.
Value round(Builder &b, Value bits, int64_t count) {
  Value odd = b.band(b.shr(bits, count), 1);
  return b.add(arith::AddIOp::create(b, bits, odd),
               (int64_t(1) << (count - 1)) - 1);
}

/// Returns `value`, an f32, as the nearest bf16.
Value truncateToBF16(Builder &b, Value value) {
  Value wide = b.bits(value);
  // A NaN is not rounded: it would become infinity, or a number. It is made
  // quiet, as by an instruction.
  Value nan = b.bor(wide, b.constant(0x00400000));
  Value result = b.select(b.isNumber(value), round(b, wide, 16), nan);
  return b.cast(b.truncate(b.shr(result, 16)), b.getBF16Type());
}

/// Returns `value`, an f32, as the nearest f16.
Value truncateToF16(Builder &b, Value value) {
  Value wide = b.bits(value);
  Value magnitude = b.band(wide, 0x7fffffff);
  // Of a normal f16: the bias of the exponent changes.
  Value normal = b.shr(
      b.add(round(b, magnitude, kLostBits), -(int64_t(112) << 23)), kLostBits);
  // Of a subnormal one, whose last bit is 2^-24: the last bit of 0.5 is that,
  // too, so a sum with 0.5 rounds to it.
  constexpr int64_t kHalf = int64_t(126) << 23;
  Value half = b.floats(b.constant(kHalf));
  Value sum = arith::AddFOp::create(b, b.floats(magnitude), half);
  Value subnormal = b.add(b.bits(sum), -kHalf);
  Value isSubnormal = b.isLess(magnitude, int64_t(127 - 14) << 23);
  // From 2^16 on, infinity.
  Value special =
      b.select(b.isNumber(value), b.constant(0x7c00), b.constant(0x7e00));
  Value isInRange = b.isLess(magnitude, int64_t(127 + 16) << 23);
  Value result = b.select(isInRange, normal, special);
  result = b.select(isSubnormal, subnormal, result);
  result = b.bor(result, b.band(b.shr(wide, 16), 0x8000));
  return b.cast(b.truncate(result), b.getF16Type());
}

struct ExpandNarrowFloats
    : public norm::impl::NormExpandNarrowFloatsBase<ExpandNarrowFloats> {
  using NormExpandNarrowFloatsBase::NormExpandNarrowFloatsBase;

  void runOnOperation() override {
    getOperation()->walk([&](Operation *op) {
      if (!isa<arith::ExtFOp, arith::TruncFOp>(op))
        return;
      Value in = op->getOperand(0), out = op->getResult(0);
      Type from = getElementTypeOrSelf(in), to = getElementTypeOrSelf(out);
      auto convert = getConversion(from, to);
      if (!convert)
        return;
      Builder builder(op, in);
      out.replaceAllUsesWith(convert(builder, in));
      op->erase();
    });
  }

  /// Returns what converts `from` to `to`, or null for what stays.
  Value (*getConversion(Type from, Type to))(Builder &, Value) {
    if (f16 && from.isF16() && to.isF32())
      return extendF16;
    if (f16 && from.isF32() && to.isF16())
      return truncateToF16;
    if (bf16 && from.isBF16() && to.isF32())
      return extendBF16;
    if (bf16 && from.isF32() && to.isBF16())
      return truncateToBF16;
    return nullptr;
  }
};

} // namespace
