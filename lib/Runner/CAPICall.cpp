//===- CAPICall.cpp - calls from C and other languages --------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CAPIKernel.h"
#include "DeviceArrays.h"
#include "Norm/Runner/Reference.h"

#include "llvm/Support/FormatVariadic.h"

#include <optional>

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

struct NormCall {
  const NormKernel *kernel;
  SmallVector<ArrayView> arguments;
  /// The arrays for the results, and their shapes, which they point to.
  SmallVector<NormArray> results;
  SmallVector<SmallVector<int64_t>> resultShapes;
  /// If the kernel is compiled.
  std::optional<BoundCall> bound;
};

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

/// Returns row-major strides of `shape`.
static SmallVector<int64_t> getRowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size());
  int64_t stride = 1;
  for (size_t axis = shape.size(); axis-- > 0;) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/// Returns true if the elements of `view` lie in row-major order without gaps.
static bool isRowMajor(const ArrayView &view) {
  SmallVector<int64_t> rowMajor = getRowMajorStrides(view.shape);
  return llvm::all_of(llvm::seq(view.shape.size()), [&](size_t axis) {
    return view.shape[axis] == 1 || view.strides[axis] == rowMajor[axis];
  });
}

/// Checks that an array of the sizes `shape` may have `strides`.
static Error checkStrides(ArrayRef<int64_t> shape, ArrayRef<int64_t> strides,
                          ArrayRef<int64_t> expected) {
  if (llvm::is_contained(shape, 0))
    return Error::success();
  for (auto [axis, size] : llvm::enumerate(shape))
    if (size != 1 && !ShapedType::isDynamic(expected[axis]) &&
        strides[axis] != expected[axis])
      return createStringError(
          llvm::formatv("expected the stride of dimension {0} to be {1}, but "
                        "got {2}",
                        axis, expected[axis], strides[axis])
              .str());
  return Error::success();
}

/// Checks `array` against `type` and returns a view of it.
static Expected<ArrayView> getView(const ArrayType &type,
                                   const NormArray &array, bool mayBeNull) {
  constexpr int32_t kLastType = std::size(kElementTypes) - 1;
  static_assert(kLastType == NORM_I64);
  if (array.type < 0 || array.type > kLastType || array.rank < 0)
    return createStringError(
        llvm::formatv("expected an element type from 0 to {0} and a rank of at "
                      "least 0, but got {1} and {2}",
                      kLastType, array.type, array.rank)
            .str());
  if (array.rank != 0 && !array.shape)
    return createStringError("expected a shape, but got null");
  auto element = static_cast<ElementType>(array.type);
  ArrayView view;
  view.data = static_cast<char *>(array.data);
  view.shape.assign(array.shape, array.shape + array.rank);
  if (element != type.element || !type.fits(view.shape))
    return createStringError("expected " + formatType(type) + ", but got " +
                             formatType(view.shape, element));
  Expected<int64_t> numElements = getNumElements(view.shape, element);
  if (!numElements)
    return numElements.takeError();
  if (*numElements != 0 && !view.data && !mayBeNull)
    return createStringError("expected data, but got null");
  if (reinterpret_cast<uintptr_t>(view.data) % getElementSize(element) != 0)
    return createStringError(
        llvm::formatv("expected data to be aligned to {0} bytes, but got {1}",
                      getElementSize(element), array.data)
            .str());
  SmallVector<int64_t> rowMajor = getRowMajorStrides(view.shape);
  view.strides = rowMajor;
  if (array.strides)
    view.strides.assign(array.strides, array.strides + array.rank);
  if (Error error = checkStrides(view.shape, view.strides,
                                 type.isContiguous ? rowMajor : type.strides))
    return std::move(error);
  return view;
}

/// Checks `arrays` against `types`; `what` names one in errors.
static Expected<SmallVector<ArrayView>> getViews(StringRef what,
                                                 ArrayRef<ArrayType> types,
                                                 ArrayRef<NormArray> arrays,
                                                 bool mayBeNull = false) {
  if (types.size() != arrays.size())
    return createStringError(llvm::formatv("expected {0} {1}s, but got {2}",
                                           types.size(), what, arrays.size())
                                 .str());
  SmallVector<ArrayView> views;
  for (auto [index, type, array] : llvm::enumerate(types, arrays)) {
    Expected<ArrayView> view = getView(type, array, mayBeNull);
    if (!view)
      return createStringError(llvm::formatv("{0} {1}: {2}", what, index,
                                             llvm::toString(view.takeError()))
                                   .str());
    views.push_back(std::move(*view));
  }
  return std::move(views);
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

/// Checks that what is returned as result `index` fits what was given for it.
static Error checkResult(size_t index, ArrayRef<int64_t> given,
                         ArrayRef<int64_t> returned) {
  if (given == returned)
    return Error::success();
  return createStringError(
      llvm::formatv("result {0}: expected an array of the shape {1}, but got "
                    "{2}",
                    index, formatShape(returned), formatShape(given))
          .str());
}

/// Stores what is at `view` as result `result`, in new memory if it has none;
/// `take` takes the memory of the view over if it can.
static Error storeResult(ElementType type, const ArrayView &view,
                         NormArray &result,
                         llvm::function_ref<bool(const void *)> take) {
  if (!result.data) {
    if (isRowMajor(view) && take(view.data)) {
      result.data = view.data;
      return Error::success();
    }
    size_t bytes = llvm::product_of(view.shape) * getElementSize(type);
    result.data = normMemoryAllocate(bytes);
    if (!result.data)
      return createStringError(
          llvm::formatv("expected {0} bytes of memory to be available", bytes)
              .str());
  }
  copyFromView(type, view, result.data);
  return Error::success();
}

/// Stores what is at `views` as `results`. On failure, frees what is new.
static Error storeResults(ArrayRef<ArrayType> types, ArrayRef<ArrayView> views,
                          MutableArrayRef<NormArray> results,
                          llvm::function_ref<bool(const void *)> take) {
  for (auto [index, view, result] : llvm::enumerate(views, results))
    if (Error error =
            checkResult(index, ArrayRef(result.shape, result.rank), view.shape))
      return error;
  SmallVector<NormArray *> fresh;
  for (auto [type, view, result] : llvm::zip_equal(types, views, results)) {
    if (!result.data)
      fresh.push_back(&result);
    if (Error error = storeResult(type.element, view, result, take)) {
      for (NormArray *array : fresh)
        normMemoryFree(std::exchange(array->data, nullptr));
      return error;
    }
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

static Error callCompiled(const NormKernel &kernel, BoundCall &call,
                          MutableArrayRef<NormArray> results) {
  Expected<ReturnedArrays> returned = call.invoke();
  if (!returned)
    return returned.takeError();
  return storeResults(kernel.signature.results, returned->getViews(), results,
                      [&](const void *data) { return returned->take(data); });
}

/// Calls a kernel for a GPU on copies of the arguments in its memory.
static Error callOnDevice(const NormKernel &kernel,
                          ArrayRef<ArrayView> arguments,
                          MutableArrayRef<NormArray> results) {
  DeviceArrays copies;
  SmallVector<ArrayView> onDevice, onHost;
  for (auto [type, view] :
       llvm::zip_equal(kernel.signature.arguments, arguments)) {
    Expected<ArrayView> copy = copies.add(view, getElementSize(type.element));
    if (!copy)
      return copy.takeError();
    onDevice.push_back(std::move(*copy));
  }
  Expected<ReturnedArrays> returned = kernel.compiled->invoke(onDevice);
  if (!returned)
    return returned.takeError();
  std::vector<std::vector<char>> memory;
  for (auto [type, view] :
       llvm::zip_equal(kernel.signature.results, returned->getViews())) {
    Expected<ArrayView> copy =
        copyToHost(view, getElementSize(type.element), memory.emplace_back());
    if (!copy)
      return copy.takeError();
    onHost.push_back(std::move(*copy));
  }
  if (Error error = copies.copyBack())
    return error;
  return storeResults(kernel.signature.results, onHost, results,
                      [](const void *) { return false; });
}

static Error callReference(const NormKernel &kernel,
                           ArrayRef<ArrayView> arguments,
                           MutableArrayRef<NormArray> results) {
  SmallVector<Array> arrays;
  for (auto [type, view] :
       llvm::zip_equal(kernel.signature.arguments, arguments)) {
    Expected<Array> array = Array::create(view.shape, type.element);
    if (!array)
      return array.takeError();
    copyFromView(type.element, view, array->getData());
    arrays.push_back(std::move(*array));
  }
  Expected<SmallVector<Array>> returned = runReference(kernel.function, arrays);
  if (!returned)
    return returned.takeError();
  SmallVector<ArrayView> views;
  for (Array &array : *returned)
    views.push_back({static_cast<char *>(array.getData()),
                     llvm::to_vector(array.getShape()),
                     getRowMajorStrides(array.getShape())});
  if (Error error = storeResults(kernel.signature.results, views, results,
                                 [](const void *) { return false; }))
    return error;
  for (auto [type, view, array] :
       llvm::zip_equal(kernel.signature.arguments, arguments, arrays))
    if (type.isMemRef)
      copyToView(type.element, array.getData(), view);
  return Error::success();
}

/// Checks all arrays, and returns the views of the arguments. Results are
/// copied as a whole, so they are in row-major order.
static Expected<SmallVector<ArrayView>> check(const NormKernel &kernel,
                                              ArrayRef<NormArray> arguments,
                                              ArrayRef<NormArray> results,
                                              bool mayBeNull) {
  auto views = getViews("argument", kernel.signature.arguments, arguments);
  if (!views)
    return views.takeError();
  auto resultTypes = llvm::to_vector(kernel.signature.results);
  for (ArrayType &type : resultTypes)
    type.isContiguous = true;
  auto resultViews = getViews("result", resultTypes, results, mayBeNull);
  if (!resultViews)
    return resultViews.takeError();
  return views;
}

int normKernelInvoke(const NormKernel *kernel, const NormArray *arguments,
                     size_t numArguments, NormArray *results,
                     size_t numResults) {
  MutableArrayRef<NormArray> resultArrays(results, numResults);
  auto views = check(*kernel, ArrayRef(arguments, numArguments), resultArrays,
                     /*mayBeNull=*/true);
  if (!views)
    return keepError(views.takeError());
  if (!kernel->compiled)
    return keepError(callReference(*kernel, *views, resultArrays));
  if (kernel->isOnDevice)
    return keepError(callOnDevice(*kernel, *views, resultArrays));
  BoundCall call(*kernel->compiled, *views);
  return keepError(callCompiled(*kernel, call, resultArrays));
}

NormCall *normCallCreate(const NormKernel *kernel, const NormArray *arguments,
                         size_t numArguments, const NormArray *results,
                         size_t numResults) {
  keepError(Error::success());
  ArrayRef<NormArray> resultArrays(results, numResults);
  auto views = check(*kernel, ArrayRef(arguments, numArguments), resultArrays,
                     /*mayBeNull=*/false);
  if (!views) {
    keepError(views.takeError());
    return nullptr;
  }
  auto *call = new NormCall{kernel, std::move(*views), {}, {}, {}};
  call->results.assign(resultArrays.begin(), resultArrays.end());
  for (NormArray &result : call->results)
    call->resultShapes.emplace_back(result.shape, result.shape + result.rank);
  for (auto [result, shape] : llvm::zip(call->results, call->resultShapes))
    result.shape = shape.data();
  if (kernel->compiled && !kernel->isOnDevice)
    call->bound.emplace(*kernel->compiled, call->arguments);
  return call;
}

int normCallInvoke(NormCall *call) {
  const NormKernel &kernel = *call->kernel;
  if (call->bound)
    return keepError(callCompiled(kernel, *call->bound, call->results));
  return keepError((kernel.isOnDevice ? callOnDevice : callReference)(
      kernel, call->arguments, call->results));
}

void normCallDestroy(NormCall *call) { delete call; }
