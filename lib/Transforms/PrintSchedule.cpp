//===- PrintSchedule.cpp - tells how layers are worked on -----------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Schedule.h"
#include "Tiling.h"

#include "Norm/Transforms/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_NORMPRINTSCHEDULE
#include "Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Returns the bytes of all `values`, or `kDynamic`.
static int64_t countAllBytes(ValueRange values) {
  int64_t sum = 0;
  for (Value value : values) {
    int64_t bytes = countBytes(value);
    if (ShapedType::isDynamic(bytes))
      return bytes;
    sum += bytes;
  }
  return sum;
}

static std::string describe(int64_t number, StringRef what) {
  return ShapedType::isDynamic(number) ? ("an unknown number of " + what).str()
                                       : (Twine(number) + " " + what).str();
}

namespace {
struct PrintSchedule : public norm::impl::NormPrintScheduleBase<PrintSchedule> {
  using NormPrintScheduleBase::NormPrintScheduleBase;

  void runOnOperation() override {
    if (failed(checkAtLeastOne(getOperation(), "min-slabs", minSlabs)) ||
        failed(checkAtLeastOne(getOperation(), "line-bytes", lineBytes)))
      return signalPassFailure();
    getOperation()->walk([&](NormLayerOpInterface op) { print(op); });
    markAllAnalysesPreserved();
  }

  void print(NormLayerOpInterface op) {
    Schedule schedule =
        chooseSchedule(op, {minSlabs, stripBytes, slabBytes, lineBytes});
    SmallVector<Value> outputs;
    for (Value init : cast<DestinationStyleOpInterface>(*op).getDpsInits())
      if (init.getType() == op.getInput().getType())
        outputs.push_back(init);
    int64_t input = countAllBytes(getLargeInputs(op));
    int64_t slab =
        schedule.kind == Schedule::Parts ? input : schedule.slabBytes;
    // Statistics first, and then what they are applied to: if there is
    // something, and the input is not in the cache any more.
    bool isUnknown = ShapedType::isDynamic(slab);
    bool isTwice = schedule.kind != Schedule::Elementwise && !outputs.empty() &&
                   (isUnknown || slab > cacheBytes);

    InFlightDiagnostic remark = op->emitRemark() << "schedule: ";
    switch (schedule.kind) {
    case Schedule::Elementwise:
      remark << "one value after the other";
      break;
    case Schedule::Slabs:
      remark << describe(schedule.slabs, "slabs");
      break;
    case Schedule::Strips:
      remark << describe(schedule.slabs, "strips of columns");
      break;
    case Schedule::Parts:
      remark << "parts";
      break;
    }
    if (schedule.kind == Schedule::Slabs || schedule.kind == Schedule::Strips)
      remark << ", each of " << describe(slab, "bytes");
    remark << "; reads " << describe(input, "bytes");
    if (isTwice)
      remark << (isUnknown ? " once or twice" : " twice");
    remark << ", writes " << describe(countAllBytes(outputs), "bytes");
  }
};
} // namespace
