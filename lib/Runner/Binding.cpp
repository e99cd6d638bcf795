//===- Binding.cpp - what arguments are bound to --------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Binding.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

/// Parses 2x3x4; an empty text is rank 0.
static Expected<SmallVector<int64_t>> parseShape(StringRef text) {
  SmallVector<int64_t> shape;
  if (text.empty())
    return shape;
  SmallVector<StringRef> parts;
  text.split(parts, 'x');
  for (StringRef part : parts) {
    int64_t size;
    if (part.getAsInteger(10, size) || size < 0)
      return createStringError("expected a shape such as 2x3x4, but got " +
                               text);
    shape.push_back(size);
  }
  return shape;
}

/// Creates the array of zeros that `text`, the part after `zeros`, describes.
static Expected<Array> createZeros(StringRef text, const ArrayType &type,
                                   ElementType element) {
  if (!text.consume_front(":")) {
    if (llvm::any_of(type.shape, ShapedType::isDynamic))
      return createStringError("expected zeros:SHAPE, as the argument is " +
                               formatType(type) + ", but got no shape");
    return Array::create(type.shape, element);
  }
  Expected<SmallVector<int64_t>> shape = parseShape(text);
  if (!shape)
    return shape.takeError();
  return Array::create(*shape, element);
}

/// Returns a copy of `array` with elements of the type `element`.
static Expected<Array> convert(const Array &array, ElementType element) {
  if (array.getType() == element)
    return array.clone();
  Expected<Array> converted = Array::create(array.getShape(), element);
  if (converted)
    for (int64_t i = 0; i < array.getNumElements(); ++i)
      converted->set(i, array.get(i));
  return converted;
}

static Expected<Binding>
bindArgument(const ArrayType &type, StringRef input, bool unrounded,
             llvm::function_ref<Expected<Array>(StringRef)> load) {
  ElementType outputElement =
      unrounded ? getUnroundedType(type.element) : type.element;
  if (input == "zeros" || input.starts_with("zeros:")) {
    Expected<Array> array =
        createZeros(input.drop_front(strlen("zeros")), type, outputElement);
    if (!array)
      return array.takeError();
    if (!type.fits(array->getShape()))
      return createStringError("expected " + formatType(type) + ", but got " +
                               formatShape(array->getShape()));
    return Binding{std::move(*array), /*isInput=*/false,
                   /*isOutput=*/type.isMemRef};
  }
  bool update = input.consume_front("update:");
  if (update && !type.isMemRef)
    return createStringError("expected update: for a memref, but the argument "
                             "is a tensor, which is not written into");
  Expected<Array> array = load(input);
  if (!array)
    return array.takeError();
  if (!type.fits(array->getShape()) || type.element != array->getType())
    return createStringError("expected " + formatType(type) + ", but got " +
                             formatType(array->getShape(), array->getType()));
  if (update && outputElement != type.element)
    array = convert(*array, outputElement);
  if (!array)
    return array.takeError();
  return Binding{std::move(*array), /*isInput=*/true, /*isOutput=*/update};
}

Expected<SmallVector<Binding>> norm::bindArguments(const Signature &signature,
                                                   ArrayRef<std::string> inputs,
                                                   bool unrounded,
                                                   Loader load) {
  size_t numArguments = signature.arguments.size();
  if (inputs.size() != numArguments)
    return createStringError(
        llvm::formatv("expected {0} inputs, one for each argument, but got {1}",
                      numArguments, inputs.size())
            .str());
  SmallVector<Binding> bindings;
  for (auto [index, type, input] :
       llvm::enumerate(signature.arguments, inputs)) {
    Expected<Binding> binding = bindArgument(
        type, input, unrounded,
        [&, index = index](StringRef file) { return load(index, file); });
    if (!binding)
      return createStringError(
          llvm::formatv("argument {0}, {1}: {2}", index, input,
                        llvm::toString(binding.takeError()))
              .str());
    bindings.push_back(std::move(*binding));
  }
  return std::move(bindings);
}

Expected<SmallVector<Binding>>
norm::cloneUnrounded(ArrayRef<Binding> bindings) {
  SmallVector<Binding> clones;
  for (const Binding &binding : bindings) {
    const Array &array = binding.array;
    Expected<Array> clone =
        convert(array, binding.isOutput ? getUnroundedType(array.getType())
                                        : array.getType());
    if (!clone)
      return clone.takeError();
    clones.push_back({std::move(*clone), binding.isInput, binding.isOutput});
  }
  return std::move(clones);
}

Expected<LaidOutArray> LaidOutArray::create(const ArrayType &type,
                                            Array &array) {
  LaidOutArray laidOut;
  laidOut.array = &array;
  Expected<SmallVector<int64_t>> strides = getStrides(type, array.getShape());
  if (!strides)
    return strides.takeError();
  int64_t extent = 0;
  int64_t dense = 1;
  bool isDense = true;
  bool overflow = llvm::AddOverflow<int64_t>(type.offset, 1, extent);
  for (size_t axis = strides->size(); axis-- > 0;) {
    int64_t size = array.getShape()[axis];
    int64_t span;
    overflow |= llvm::MulOverflow(std::max<int64_t>(size - 1, 0),
                                  (*strides)[axis], span) ||
                llvm::AddOverflow(extent, span, extent);
    // The stride of a dimension of size 1 or less does not matter.
    isDense &= size <= 1 || (*strides)[axis] == dense;
    dense *= std::max<int64_t>(size, 1);
  }
  int64_t size = getElementSize(type.element);
  int64_t bytes = 0;
  if (overflow || llvm::MulOverflow(extent, size, bytes))
    return createStringError("expected an array with its strides to fit into "
                             "memory, but got the shape " +
                             formatShape(array.getShape()));
  laidOut.view.shape.assign(array.getShape().begin(), array.getShape().end());
  laidOut.view.strides = std::move(*strides);
  if (isDense && type.offset == 0) {
    laidOut.view.data = static_cast<char *>(array.getData());
    return std::move(laidOut);
  }
  Expected<Memory> memory = Memory::allocate(bytes);
  if (!memory)
    return memory.takeError();
  laidOut.memory = std::move(*memory);
  // All ones are NaN in every floating-point type, and no boolean.
  std::memset(laidOut.memory.get(), 0xff, bytes);
  laidOut.view.data =
      static_cast<char *>(laidOut.memory.get()) + type.offset * size;
  copyToView(type.element, array.getData(), laidOut.view);
  return std::move(laidOut);
}

void LaidOutArray::copyBack() {
  if (memory.get())
    copyFromView(array->getType(), view, array->getData());
}
