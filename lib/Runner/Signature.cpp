//===- Signature.cpp - what a function takes and returns ------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/Signature.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Expected;

bool ArrayType::fits(ArrayRef<int64_t> sizes) const {
  return succeeded(verifyCompatibleShape(shape, sizes));
}

std::string norm::formatType(ArrayRef<int64_t> shape, ElementType element) {
  return formatShape(shape) + " of " + getElementName(element).str();
}

std::string norm::formatType(const ArrayType &type) {
  return formatType(type.shape, type.element);
}

Expected<SmallVector<int64_t>> norm::getStrides(const ArrayType &type,
                                                ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(type.strides);
  int64_t next = 1;
  for (size_t axis = shape.size(); axis-- > 0;) {
    int64_t &stride = strides[axis];
    if (ShapedType::isDynamic(stride))
      stride = next;
    if (stride < 0)
      return createStringError(
          llvm::formatv("expected the strides to be at least 0, but got {0} "
                        "for dimension {1}",
                        stride, axis)
              .str());
    int64_t extent;
    if (llvm::MulOverflow(stride, std::max<int64_t>(shape[axis], 1), extent))
      return createStringError(
          llvm::formatv("expected the stride of dimension {0} to fit into "
                        "memory, but got {1}",
                        axis, stride)
              .str());
    next = std::max(next, extent);
  }
  return strides;
}

/// Returns the functions of `module` that can be entered.
static SmallVector<FunctionOpInterface> getEntries(ModuleOp module) {
  SmallVector<FunctionOpInterface> entries;
  for (auto function : module.getOps<FunctionOpInterface>()) {
    if (function.isExternal() ||
        !isa<func::FuncOp, LLVM::LLVMFuncOp>(function.getOperation()))
      continue;
    // The C interface of a function stands beside it.
    if (function.getName().starts_with("_mlir_ciface_"))
      continue;
    bool isPrivate = function.isPrivate();
    if (auto llvmFunction = dyn_cast<LLVM::LLVMFuncOp>(function.getOperation()))
      isPrivate = llvmFunction.getLinkage() != LLVM::Linkage::External;
    if (!isPrivate)
      entries.push_back(function);
  }
  return entries;
}

Expected<FunctionOpInterface> norm::findEntry(ModuleOp module,
                                              StringRef entry) {
  SmallVector<FunctionOpInterface> entries = getEntries(module);
  if (entries.empty())
    return createStringError(
        "expected a public function with a body, but the module has none");
  std::string names =
      llvm::join(llvm::map_range(entries,
                                 [](FunctionOpInterface function) {
                                   return function.getName().str();
                                 }),
                 ", ");
  if (entry.empty()) {
    if (entries.size() == 1)
      return entries.front();
    return createStringError("expected the entry to be named, one of: " +
                             names);
  }
  for (FunctionOpInterface function : entries)
    if (function.getName() == entry)
      return function;
  return createStringError("expected the entry to be one of: " + names +
                           ", but got " + entry);
}

/// Returns the type of an array for `type`; `what` names it in errors.
static Expected<ArrayType> getArrayType(Type type, const llvm::Twine &what) {
  auto fail = [&](const llvm::Twine &expected) {
    std::string text;
    llvm::raw_string_ostream(text) << type;
    return createStringError("expected " + what + " to be " + expected +
                             ", but got " + text);
  };
  auto shaped = dyn_cast<ShapedType>(type);
  std::optional<ElementType> element;
  if (isa<RankedTensorType, MemRefType>(type))
    element = getElementType(shaped.getElementType());
  if (!element)
    return fail("a ranked tensor or a memref of " + formatElementTypes());
  ArrayType array;
  array.element = *element;
  array.shape.assign(shaped.getShape().begin(), shaped.getShape().end());
  auto memref = dyn_cast<MemRefType>(type);
  array.isMemRef = static_cast<bool>(memref);
  array.strides.assign(array.shape.size(), ShapedType::kDynamic);
  array.offset = 0;
  array.isContiguous = !memref || memref.getLayout().isIdentity();
  if (memref) {
    array.strides.clear();
    if (failed(memref.getStridesAndOffset(array.strides, array.offset)))
      return fail("a memref with a strided layout");
    if (ShapedType::isDynamic(array.offset))
      array.offset = 0;
    if (array.offset < 0)
      return fail("a memref with an offset of at least 0");
  }
  return array;
}

Expected<Signature> norm::getSignature(FunctionOpInterface function) {
  auto type = dyn_cast<FunctionType>(function.getFunctionType());
  if (!type) {
    auto attribute = function->getAttrOfType<TypeAttr>(kSignatureAttr);
    if (attribute)
      type = dyn_cast<FunctionType>(attribute.getValue());
    if (!type)
      return createStringError(
          "expected @" + function.getName() +
          ", an llvm.func, to have the "
          "attribute " +
          kSignatureAttr + " with the type that it had before it was lowered");
  }
  Signature signature;
  for (auto [index, input] : llvm::enumerate(type.getInputs())) {
    Expected<ArrayType> array = getArrayType(
        input, "argument " + llvm::Twine(index) + " of @" + function.getName());
    if (!array)
      return array.takeError();
    signature.arguments.push_back(std::move(*array));
  }
  for (auto [index, result] : llvm::enumerate(type.getResults())) {
    Expected<ArrayType> array = getArrayType(
        result, "result " + llvm::Twine(index) + " of @" + function.getName());
    if (!array)
      return array.takeError();
    signature.results.push_back(std::move(*array));
  }
  return signature;
}
