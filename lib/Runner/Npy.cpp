//===- Npy.cpp - arrays in .npy files -------------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only file that is compiled with exceptions: xtensor throws them. None
// leaves it.
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/Npy.h"
#include "Norm/Runner/Compare.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

#include <cstring>
#include <sstream>
#include <streambuf>

#include "xtensor/xadapt.hpp"
#include "xtensor/xarray.hpp"
#include "xtensor/xnoalias.hpp"
#include "xtensor/xnpy.hpp"

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {
/// Presents two blocks of memory, one after the other, as one stream.
class TwoBlocks : public std::streambuf {
public:
  TwoBlocks(StringRef first, StringRef second) : second(second) { show(first); }

protected:
  int_type underflow() override {
    if (gptr() == egptr())
      show(std::exchange(second, StringRef()));
    return gptr() == egptr() ? traits_type::eof()
                             : traits_type::to_int_type(*gptr());
  }

private:
  /// std::streambuf wants pointers to non-constant memory, but only reads it.
  void show(StringRef block) {
    char *begin = const_cast<char *>(block.data());
    setg(begin, begin, begin + block.size());
  }

  StringRef second;
};
} // namespace

/// Adds spaces to `header`, of version 1.0, until the lower byte of its length
/// is below 128: xtensor 0.24 takes that byte for a signed one.
static std::string alignHeader(std::string header) {
  constexpr size_t kPreamble = 10;
  while ((header.size() - kPreamble) & 0x80)
    header.insert(header.size() - 1, 1, ' ');
  size_t length = header.size() - kPreamble;
  header[8] = static_cast<char>(length & 0xff);
  header[9] = static_cast<char>(length >> 8);
  return header;
}

/// Reads the elements in `data` with xtensor into `array`, as integers `T` of
/// their size: bits are bits, and xtensor does not know the 16-bit floats.
template <typename T>
static void readElements(const NpyHeader &header, StringRef data,
                         Array &array) {
  std::ostringstream canonical;
  xt::detail::write_header(
      canonical, xt::detail::build_typestring<T>(), header.fortranOrder,
      std::vector<int64_t>(header.shape.begin(), header.shape.end()));
  std::string front = alignHeader(canonical.str());
  TwoBlocks buffer(front, data);
  std::istream stream(&buffer);
  xt::xarray<T> loaded = xt::load_npy<T>(stream);
  // The assignment above brings Fortran order into row-major order.
  if (array.getNumBytes() != 0)
    std::memcpy(array.getData(), loaded.data(), array.getNumBytes());
}

/// Checks that booleans are 0 or 1.
static Error checkBooleans(const Array &array) {
  if (array.getType() != ElementType::I1)
    return Error::success();
  for (int64_t i = 0; i < array.getNumElements(); ++i)
    if (array.get(i) > 1)
      return createStringError("expected the byte of a boolean to be 0 or 1, "
                               "but got " +
                               array.format(i) + " at " +
                               formatIndex(array.getShape(), i));
  return Error::success();
}

Expected<Array> norm::parseNpy(StringRef contents) {
  Expected<NpyHeader> header = parseNpyHeader(contents);
  if (!header)
    return header.takeError();
  // Check the length before allocating anything.
  Expected<int64_t> numElements = getNumElements(header->shape, header->type);
  if (!numElements)
    return numElements.takeError();
  StringRef data = contents.drop_front(header->dataOffset);
  int64_t expected = *numElements * getElementSize(header->type);
  if (static_cast<int64_t>(data.size()) != expected)
    return createStringError(
        llvm::formatv("expected {0} bytes of data for the shape {1} of {2}, "
                      "but got {3}",
                      expected, formatShape(header->shape),
                      getElementName(header->type), data.size())
            .str());
  Expected<Array> array = Array::create(header->shape, header->type);
  if (!array)
    return array.takeError();
  try {
    switch (getElementSize(header->type)) {
    case 1:
      readElements<uint8_t>(*header, data, *array);
      break;
    case 2:
      readElements<uint16_t>(*header, data, *array);
      break;
    case 4:
      readElements<uint32_t>(*header, data, *array);
      break;
    default:
      readElements<uint64_t>(*header, data, *array);
    }
  } catch (const std::exception &exception) {
    return createStringError(exception.what());
  }
  if (Error error = checkBooleans(*array))
    return std::move(error);
  return array;
}

Expected<Array> norm::loadNpy(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError("cannot read " + path + ": " +
                             buffer.getError().message());
  Expected<Array> array = parseNpy((*buffer)->getBuffer());
  if (!array)
    return createStringError("cannot read " + path + ": " +
                             llvm::toString(array.takeError()));
  return array;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

/// Returns the header for `array`.
static std::string makeHeader(const Array &array) {
  std::ostringstream stream;
  xt::detail::write_header(
      stream, getNpyName(array.getType()).str(), /*fortran_order=*/false,
      std::vector<int64_t>(array.getShape().begin(), array.getShape().end()));
  return stream.str();
}

static Error makeWriteError(StringRef path, std::error_code code) {
  return createStringError(code, "cannot write " + path.str() + ": " +
                                     code.message());
}

/// Writes `array` to `fd`, which `path` names in errors, and closes it.
static Error writeArray(StringRef path, const Array &array, int fd) {
  llvm::raw_fd_ostream os(fd, /*shouldClose=*/true);
  try {
    os << makeHeader(array);
  } catch (const std::exception &exception) {
    return createStringError("cannot write " + path + ": " + exception.what());
  }
  os.write(static_cast<const char *>(array.getData()), array.getNumBytes());
  os.close();
  std::error_code code = os.error();
  os.clear_error();
  return code ? makeWriteError(path, code) : Error::success();
}

namespace {
/// A complete temporary file that is to be renamed to `path`.
struct StagedFile {
  std::string temporary;
  std::string path;
};
} // namespace

/// Writes `array` to a temporary file beside `path`, and adds it to `staged`;
/// or to `path` itself if that is a device or a pipe.
static Error stage(StringRef path, const Array &array,
                   SmallVectorImpl<StagedFile> &staged) {
  namespace fs = llvm::sys::fs;
  int fd;
  fs::file_status status;
  if (!fs::status(path, status) &&
      status.type() != fs::file_type::regular_file) {
    if (status.type() == fs::file_type::directory_file)
      return makeWriteError(path,
                            std::make_error_code(std::errc::is_a_directory));
    if (std::error_code code =
            fs::openFileForWrite(path, fd, fs::CD_OpenExisting, fs::OF_None))
      return makeWriteError(path, code);
    return writeArray(path, array, fd);
  }
  StagedFile file;
  // Keep a symbolic link, and replace what it points to.
  SmallString<128> target;
  if (fs::real_path(path, target))
    target = path;
  file.path = target.str();
  // The usual permissions of a new file; createUniqueFile subtracts the umask.
  unsigned mode = fs::all_read | fs::all_write;
  if (status.type() == fs::file_type::regular_file)
    mode = status.permissions();
  SmallString<128> temporary;
  if (std::error_code code = fs::createUniqueFile(target + ".tmp-%%%%%%%%", fd,
                                                  temporary, fs::OF_None, mode))
    return makeWriteError(path, code);
  file.temporary = temporary.str();
  llvm::sys::RemoveFileOnSignal(file.temporary);
  staged.push_back(file);
  return writeArray(path, array, fd);
}

Error norm::saveNpy(ArrayRef<std::pair<StringRef, const Array *>> files) {
  SmallVector<StagedFile> staged;
  Error error = Error::success();
  for (auto [path, array] : files) {
    error = stage(path, *array, staged);
    if (error)
      break;
  }
  for (StagedFile &file : staged) {
    if (!error) {
      if (std::error_code code =
              llvm::sys::fs::rename(file.temporary, file.path))
        error = makeWriteError(file.path, code);
    }
    // Without an error, the name does not exist any more.
    llvm::sys::fs::remove(file.temporary);
    llvm::sys::DontRemoveFileOnSignal(file.temporary);
  }
  return error;
}
