//===- JitInvoke.cpp - calling compiled code ------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In LLVM, a memref is passed as the fields of a descriptor, one by one, and
// returned as a descriptor; several results are a struct of descriptors:
//
//   https://mlir.llvm.org/docs/TargetLLVMIR/#ranked-memref-types
//
//===----------------------------------------------------------------------===//

#include "CudaRuntime.h"
#include "Guard.h"
#include "Norm/Emulator/Emulator.h"
#include "Norm/Runner/Jit.h"
#include "Norm/Runtime/Memory.h"
#include "Norm/Runtime/Runtime.h"
#include "OpenMPRuntime.h"

#include "mlir/ExecutionEngine/ExecutionEngine.h"

#include <cstring>

using namespace mlir;
using namespace mlir::norm;
using llvm::Error;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Returned arrays
//===----------------------------------------------------------------------===//

ReturnedArrays &ReturnedArrays::operator=(ReturnedArrays &&other) {
  std::swap(views, other.views);
  std::swap(owned, other.owned);
  std::swap(traffic, other.traffic);
  std::swap(free, other.free);
  return *this;
}

ReturnedArrays::~ReturnedArrays() {
  for (void *pointer : owned)
    free(pointer);
}

bool ReturnedArrays::take(const void *data) {
  auto *it = llvm::find(owned, data);
  if (it == owned.end())
    return false;
  owned.erase(it);
  return true;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

// UndefinedBehaviorSanitizer would read the function's type in front of it,
// which compiled code does not have: where it is the first of a page, nothing
// is there.
LLVM_NO_SANITIZE("function")
static void call(void (*function)(void **), void **pointers) {
  function(pointers);
}

/// The number of words of the descriptor of a memref.
static size_t getDescriptorSize(size_t rank) { return 3 + 2 * rank; }

/// The base of memrefs that live in constant memory, which must not be freed;
/// the lowering of memref.get_global writes it.
static constexpr uintptr_t kGlobalBase = 0xdeadbeef;

std::pair<char *, size_t> norm::getExtent(const ArrayView &array,
                                          int64_t elementSize) {
  if (llvm::is_contained(array.shape, 0))
    return {array.data, 0};
  int64_t first = 0, last = 0;
  for (auto [size, stride] : llvm::zip_equal(array.shape, array.strides))
    (stride < 0 ? first : last) += (size - 1) * stride;
  return {array.data + first * elementSize, (last - first + 1) * elementSize};
}

BoundCall::BoundCall(const CompiledFunction &function,
                     ArrayRef<ArrayView> arguments)
    : function(function) {
  const Signature &signature = function.signature;
  for (auto [argument, type] :
       llvm::zip_equal(arguments, signature.arguments)) {
    char *base = argument.data - type.offset * getElementSize(type.element);
    bases.push_back(base);
    extents.push_back(getExtent(argument, getElementSize(type.element)));
    fields.push_back(reinterpret_cast<intptr_t>(base));
    fields.push_back(reinterpret_cast<intptr_t>(base));
    fields.push_back(type.offset);
    fields.append(argument.shape.begin(), argument.shape.end());
    fields.append(argument.strides.begin(), argument.strides.end());
  }
  size_t numResultWords = 0;
  for (const ArrayType &type : signature.results)
    numResultWords += getDescriptorSize(type.shape.size());
  resultWords.resize(numResultWords);
  for (intptr_t &field : fields)
    pointers.push_back(&field);
  pointers.push_back(resultWords.data());
}

Expected<ReturnedArrays> BoundCall::invoke() {
  if (function.usesOpenMP) {
    Expected<OpenMPRuntime *> openMP = OpenMPRuntime::get();
    if (!openMP)
      return openMP.takeError();
    (*openMP)->configure(function.options.threads, function.options.blockTime);
  }
  bool isEmulated = function.options.device == Device::GPUEmulator;
  if (isEmulated)
    for (const auto &[data, bytes] : extents)
      emulator::addMemory(data, bytes);
  ReturnedArrays returned;
  returned.free = function.options.device == Device::CUDA
                      ? CudaRuntime::getIfOpen()->free
                      : normRuntimeFree;
  emulator::Traffic before = emulator::getTraffic();
  Error error = callGuarded([&] { call(function.function, pointers.data()); });
  if (isEmulated) {
    for (const auto &[data, bytes] : extents)
      returned.traffic.push_back(emulator::getTraffic(data));
    for (const auto &[data, bytes] : extents)
      emulator::removeMemory(data);
    emulator::Traffic after = emulator::getTraffic();
    returned.traffic.push_back({after.reads - before.reads,
                                after.bytesRead - before.bytesRead,
                                after.writes - before.writes,
                                after.bytesWritten - before.bytesWritten});
  }
  if (error)
    return std::move(error);

  const intptr_t *word = resultWords.data();
  for (const ArrayType &type : function.signature.results) {
    size_t rank = type.shape.size();
    void *base = reinterpret_cast<void *>(word[0]);
    // A result may be an argument, another result, or a constant.
    if (base && reinterpret_cast<uintptr_t>(base) != kGlobalBase &&
        !llvm::is_contained(bases, base) &&
        !llvm::is_contained(returned.owned, base))
      returned.owned.push_back(base);
    if (isEmulated)
      emulator::removeMemory(base);
    ArrayView view;
    view.data = reinterpret_cast<char *>(word[1]) +
                word[2] * getElementSize(type.element);
    view.shape.assign(word + 3, word + 3 + rank);
    view.strides.assign(word + 3 + rank, word + 3 + 2 * rank);
    returned.views.push_back(std::move(view));
    word += getDescriptorSize(rank);
  }
  return std::move(returned);
}

Expected<ReturnedArrays>
CompiledFunction::invoke(ArrayRef<ArrayView> arguments) const {
  return BoundCall(*this, arguments).invoke();
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

/// Calls `copy(strided, dense, count, stride)` for every innermost row of
/// `view`, with pointers to its first element in the strided and in the
/// row-major memory at `dense`.
template <typename Byte, typename Copy>
static void forEachRow(int64_t size, const ArrayView &view, Byte *dense,
                       Copy copy) {
  int64_t rank = view.shape.size();
  if (llvm::is_contained(view.shape, 0))
    return;
  if (rank == 0)
    return copy(view.data, dense, 1, 1);
  SmallVector<int64_t> indices(rank, 0);
  char *strided = view.data;
  for (;;) {
    copy(strided, dense, view.shape[rank - 1], view.strides[rank - 1]);
    dense += view.shape[rank - 1] * size;
    int64_t axis = rank - 2;
    for (; axis >= 0; --axis) {
      strided += view.strides[axis] * size;
      if (++indices[axis] < view.shape[axis])
        break;
      strided -= view.shape[axis] * view.strides[axis] * size;
      indices[axis] = 0;
    }
    if (axis < 0)
      return;
  }
}

void norm::copyToView(ElementType type, const void *source,
                      const ArrayView &target) {
  int64_t size = getElementSize(type);
  forEachRow(size, target, static_cast<const char *>(source),
             [&](char *strided, const char *dense, int64_t n, int64_t stride) {
               if (stride == 1) {
                 std::memcpy(strided, dense, n * size);
                 return;
               }
               for (int64_t i = 0; i < n; ++i)
                 std::memcpy(strided + i * stride * size, dense + i * size,
                             size);
             });
}

void norm::copyFromView(ElementType type, const ArrayView &source,
                        void *target) {
  int64_t size = getElementSize(type);
  forEachRow(size, source, static_cast<char *>(target),
             [&](const char *strided, char *dense, int64_t n, int64_t stride) {
               if (stride == 1) {
                 std::memcpy(dense, strided, n * size);
                 return;
               }
               for (int64_t i = 0; i < n; ++i)
                 std::memcpy(dense + i * size, strided + i * stride * size,
                             size);
             });
}
