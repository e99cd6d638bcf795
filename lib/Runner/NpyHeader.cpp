//===- NpyHeader.cpp - the header of .npy files ---------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Checks headers before they reach xtensor's reader, which expects the keys in
// one order, trusts all sizes and misreads headers of more than 127 bytes.
//
//   https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/Npy.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

namespace {

/// The longest header that is read; NumPy itself refuses longer ones.
constexpr size_t kMaxHeader = 10000;

/// Quotes what a file holds for a message, without unprintable characters.
std::string quote(StringRef text) {
  std::string quoted;
  llvm::raw_string_ostream os(quoted);
  os << '\'';
  llvm::printEscapedString(text.take_front(40), os);
  os << (text.size() > 40 ? "...'" : "'");
  return quoted;
}

/// Parses the dictionary of a header, a Python literal.
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : text(text) {}

  Expected<NpyHeader> parse();

private:
  Error expect(char c) {
    text = text.ltrim(" \n");
    if (text.consume_front(StringRef(&c, 1)))
      return Error::success();
    return createStringError(
        llvm::formatv("expected '{0}' in the header, but got {1}", c,
                      quote(text))
            .str());
  }
  bool consume(StringRef token) {
    text = text.ltrim(" \n");
    return text.consume_front(token);
  }
  /// Parses a string in single quotes.
  Expected<StringRef> parseString();
  /// Parses a tuple of integers.
  Error parseShape(SmallVectorImpl<int64_t> &shape);
  /// Parses the value of `key` into `header`.
  Error parseValue(StringRef key, NpyHeader &header);

  StringRef text;
};

} // namespace

Expected<StringRef> HeaderParser::parseString() {
  if (Error error = expect('\''))
    return std::move(error);
  auto [string, rest] = text.split('\'');
  if (string.size() == text.size())
    return createStringError("expected a closing quote in the header");
  text = rest;
  return string;
}

Error HeaderParser::parseShape(SmallVectorImpl<int64_t> &shape) {
  if (Error error = expect('('))
    return error;
  while (!consume(")")) {
    text = text.ltrim(" \n");
    int64_t size;
    if (text.consumeInteger(10, size) || size < 0)
      return createStringError(
          "expected a size from 0 to 2^63 - 1 in the shape, but got " +
          quote(text.take_until([](char c) { return c == ',' || c == ')'; })));
    shape.push_back(size);
    if (consume(","))
      continue;
    return expect(')');
  }
  return Error::success();
}

Error HeaderParser::parseValue(StringRef key, NpyHeader &header) {
  if (key == "shape")
    return parseShape(header.shape);
  if (key == "fortran_order") {
    header.fortranOrder = consume("True");
    if (header.fortranOrder || consume("False"))
      return Error::success();
    return createStringError(
        "expected fortran_order to be True or False, but got " + quote(text));
  }
  if (key != "descr")
    return createStringError("expected the keys descr, fortran_order and "
                             "shape in the header, but got " +
                             quote(key));
  auto fail = [](StringRef got) {
    return createStringError("expected the element type to be " +
                             formatElementTypes([](ElementType type) {
                               return "'" + getNpyName(type).str() + "' (" +
                                      getElementName(type).str() + ")";
                             }) +
                             ", but got " + quote(got));
  };
  if (!text.ltrim().starts_with("'"))
    return fail(text);
  Expected<StringRef> descr = parseString();
  if (!descr)
    return descr.takeError();
  // ml_dtypes writes '<V2', NumPy by itself '|V2'.
  StringRef name = *descr == "|V2" ? "<V2" : *descr;
  const auto *type = llvm::find_if(
      kElementTypes, [&](ElementType t) { return getNpyName(t) == name; });
  if (type == std::end(kElementTypes))
    return fail(*descr);
  header.type = *type;
  return Error::success();
}

Expected<NpyHeader> HeaderParser::parse() {
  NpyHeader header{};
  SmallVector<StringRef> seen;
  if (Error error = expect('{'))
    return std::move(error);
  while (!consume("}")) {
    Expected<StringRef> key = parseString();
    if (!key)
      return key.takeError();
    if (llvm::is_contained(seen, *key))
      return createStringError("expected every key once in the header, but "
                               "got a second " +
                               quote(*key));
    seen.push_back(*key);
    if (Error error = expect(':'))
      return std::move(error);
    if (Error error = parseValue(*key, header))
      return std::move(error);
    if (consume(","))
      continue;
    if (Error error = expect('}'))
      return std::move(error);
    break;
  }
  if (seen.size() != 3)
    return createStringError("expected the keys descr, fortran_order and "
                             "shape in the header, but got only " +
                             llvm::Twine(seen.size()) + " of them");
  if (!text.ltrim(" \n").empty())
    return createStringError(
        "expected the header to end after the dictionary, but got " +
        quote(text.ltrim(" \n")));
  return header;
}

Expected<NpyHeader> norm::parseNpyHeader(StringRef contents) {
  constexpr StringLiteral kMagic = "\x93NUMPY";
  if (!contents.starts_with(kMagic))
    return createStringError(
        "expected a .npy file, which starts with \\93NUMPY, but got " +
        (contents.empty() ? "an empty file"
                          : quote(contents.take_front(kMagic.size()))));
  constexpr StringLiteral kShort =
      "expected the whole header of a .npy file, but the file ends inside it";
  if (contents.size() < 10)
    return createStringError(kShort);
  unsigned major = static_cast<unsigned char>(contents[6]);
  unsigned minor = static_cast<unsigned char>(contents[7]);
  if (major < 1 || major > 3 || minor != 0)
    return createStringError(
        llvm::formatv("expected version 1.0, 2.0 or 3.0 of the .npy format, "
                      "but got {0}.{1}",
                      major, minor)
            .str());
  size_t start = major == 1 ? 10 : 12;
  if (contents.size() < start)
    return createStringError(kShort);
  size_t length = major == 1
                      ? llvm::support::endian::read16le(contents.data() + 8)
                      : llvm::support::endian::read32le(contents.data() + 8);
  if (length > kMaxHeader)
    return createStringError(
        llvm::formatv("expected the header to have at most {0} bytes, but got "
                      "{1}",
                      kMaxHeader, length)
            .str());
  if (contents.size() - start < length)
    return createStringError(kShort);
  Expected<NpyHeader> header =
      HeaderParser(contents.substr(start, length)).parse();
  if (header)
    header->dataOffset = start + length;
  return header;
}
