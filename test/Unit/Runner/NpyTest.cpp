//===- NpyTest.cpp - tests of .npy files
//-------------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runner/Npy.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include "gtest/gtest.h"

#include <random>

using namespace mlir;
using namespace mlir::norm;

/// Returns a file of version 1.0 with the header `text` and `data`.
static std::string makeFile(StringRef text, StringRef data) {
  std::string file("\x93NUMPY\x01\x00", 8);
  file.push_back(static_cast<char>(text.size() & 0xff));
  file.push_back(static_cast<char>(text.size() >> 8));
  return file + text.str() + data.str();
}

static std::string makeHeader(StringRef descr, StringRef order,
                              StringRef shape) {
  return ("{'descr': '" + descr + "', 'fortran_order': " + order +
          ", 'shape': " + shape + ", }\n")
      .str();
}

static std::string getError(StringRef file) {
  auto array = parseNpy(file);
  return array ? "" : llvm::toString(array.takeError());
}

/// The numbers from 0 to `size` - 1 in the bytes of `T`.
template <typename T> static std::string count(int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i) {
    T value = i;
    bytes.append(reinterpret_cast<const char *>(&value), sizeof(T));
  }
  return bytes;
}

TEST(Npy, readsBothOrders) {
  auto array =
      parseNpy(makeFile(makeHeader("<f4", "False", "(2, 3)"), count<float>(6)));
  ASSERT_TRUE(static_cast<bool>(array));
  EXPECT_EQ(array->getShape(), ArrayRef<int64_t>({2, 3}));
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(array->get(i), i);
  array =
      parseNpy(makeFile(makeHeader("<f8", "True", "(2, 3)"), count<double>(6)));
  ASSERT_TRUE(static_cast<bool>(array));
  const int expected[] = {0, 2, 4, 1, 3, 5};
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(array->get(i), expected[i]);
}

TEST(Npy, readsKeysInAnyOrder) {
  auto array = parseNpy(
      makeFile("{'shape':(1,),'descr':'<f4','fortran_order':False}   \n",
               count<float>(1)));
  ASSERT_TRUE(static_cast<bool>(array));
  EXPECT_EQ(array->getShape(), ArrayRef<int64_t>({1}));
}

TEST(Npy, readsHighRanks) {
  // The header is longer than 127 bytes, which xtensor misreads.
  std::string shape = "(";
  for (int i = 0; i < 40; ++i)
    shape += "1, ";
  auto array = parseNpy(
      makeFile(makeHeader("<f4", "False", shape + ")"), count<float>(1)));
  ASSERT_TRUE(static_cast<bool>(array));
  EXPECT_EQ(array->getShape().size(), 40u);
}

TEST(Npy, keepsEveryTypeAndShape) {
  SmallString<128> folder;
  ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("norm-npy", folder));
  std::string path = (folder + "/a.npy").str();
  for (ElementType type : kElementTypes)
    for (const SmallVector<int64_t> &shape :
         {SmallVector<int64_t>{}, {3}, {0, 4}, {2, 3, 4}}) {
      Array array = llvm::cantFail(Array::create(shape, type));
      for (int64_t i = 0; i < array.getNumElements(); ++i)
        array.set(i, i - 1.5);
      ASSERT_EQ(llvm::toString(saveNpy({{path, &array}})), "");
      auto loaded = loadNpy(path);
      ASSERT_TRUE(static_cast<bool>(loaded));
      EXPECT_EQ(loaded->getType(), type);
      EXPECT_EQ(loaded->getShape(), ArrayRef<int64_t>(shape));
      for (int64_t i = 0; i < array.getNumElements(); ++i)
        EXPECT_EQ(loaded->get(i), roundTo(type, i - 1.5));
    }
  EXPECT_FALSE(llvm::sys::fs::remove_directories(folder));
}

TEST(Npy, writesBF16LikeMlDtypes) {
  SmallString<128> path;
  ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("norm", "npy", path));
  Array array = llvm::cantFail(Array::create({2, 3}, ElementType::BF16));
  ASSERT_EQ(llvm::toString(saveNpy({{path, &array}})), "");
  auto buffer = llvm::MemoryBuffer::getFile(path);
  ASSERT_TRUE(static_cast<bool>(buffer));
  EXPECT_TRUE((*buffer)->getBuffer().drop_front(10).starts_with(
      "{'descr': '<V2', 'fortran_order': False, 'shape': (2, 3), }"));
  EXPECT_FALSE(llvm::sys::fs::remove(path));
}

TEST(Npy, readsIntegersOfNumPy) {
  auto read = [](StringRef descr, StringRef order, StringRef data) {
    return llvm::cantFail(
        parseNpy(makeFile(makeHeader(descr, order, "(2, 2)"), data)));
  };
  Array booleans = read("|b1", "True", StringRef("\0\1\0\0", 4));
  EXPECT_EQ(booleans.getType(), ElementType::I1);
  EXPECT_EQ(booleans.get(1), 0);
  EXPECT_EQ(booleans.get(2), 1);
  Array bytes = read("|i1", "False", StringRef("\x7f\xff\x80\0", 4));
  EXPECT_EQ(bytes.get(0), 127);
  EXPECT_EQ(bytes.get(1), -1);
  EXPECT_EQ(bytes.get(2), -128);
  EXPECT_EQ(read("<i4", "False", count<int32_t>(4)).get(3), 3);
  EXPECT_EQ(read("<i8", "True", count<int64_t>(4)).get(2), 1);
}

TEST(Npy, savesAllFilesOrNone) {
  SmallString<128> folder;
  ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("norm-npy", folder));
  Array array = llvm::cantFail(Array::create({2}, ElementType::F32));
  std::string good = (folder + "/good.npy").str();
  std::string bad = (folder + "/missing/bad.npy").str();
  EXPECT_EQ(llvm::toString(saveNpy({{good, &array}, {bad, &array}})),
            "cannot write " + bad + ": No such file or directory");
  std::error_code code;
  EXPECT_EQ(llvm::sys::fs::directory_iterator(folder, code),
            llvm::sys::fs::directory_iterator());
  EXPECT_FALSE(llvm::sys::fs::remove_directories(folder));
}

TEST(Npy, explainsMalformedFiles) {
  EXPECT_EQ(getError(""), "expected a .npy file, which starts with \\93NUMPY, "
                          "but got an empty file");
  EXPECT_EQ(getError("PK\x03\x04zip"),
            "expected a .npy file, which starts with \\93NUMPY, but got "
            "'PK\\03\\04zi'");
  EXPECT_EQ(getError(makeFile(makeHeader("<u8", "False", "(2,)"), "")),
            "expected the element type to be '<f8' (f64), '<f4' (f32), '<f2' "
            "(f16), '<V2' (bf16), '|b1' (i1), '|i1' (i8), '<i4' (i32) or '<i8' "
            "(i64), but got '<u8'");
  EXPECT_EQ(getError(makeFile(makeHeader("|b1", "False", "(2, 2)"),
                              StringRef("\0\1\xff\2", 4))),
            "expected the byte of a boolean to be 0 or 1, but got 255 at "
            "[1, 0]");
  EXPECT_EQ(
      getError(makeFile(makeHeader("<f4", "False", "(2, 3)"), count<float>(5))),
      "expected 24 bytes of data for the shape 2x3 of f32, but got 20");
  EXPECT_EQ(
      getError(makeFile(makeHeader("<f4", "False", "(2,)"), count<float>(3))),
      "expected 8 bytes of data for the shape 2 of f32, but got 12");
  EXPECT_EQ(getError(makeFile(
                makeHeader("<f4", "False", "(4294967296, 4294967296)"), "")),
            "expected the size of an array in bytes to be below 2^63, but got "
            "the shape 4294967296x4294967296");
  EXPECT_EQ(getError(makeFile(
                makeHeader("<f4", "False", "(99999999999999999999,)"), "")),
            "expected a size from 0 to 2^63 - 1 in the shape, but got "
            "'99999999999999999999'");
  EXPECT_EQ(getError(makeFile(makeHeader("<f4", "Maybe", "(1,)"), "")),
            "expected fortran_order to be True or False, but got 'Maybe, "
            "'shape': (1,), }\\0A'");
  EXPECT_EQ(getError(makeFile("{'descr': '<f4', 'shape': (1,)}\n", "")),
            "expected the keys descr, fortran_order and shape in the header, "
            "but got only 2 of them");
  EXPECT_EQ(getError(StringRef("\x93NUMPY\x02\x00\xff\xff\xff\x7f", 12)),
            "expected the header to have at most 10000 bytes, but got "
            "2147483647");
  EXPECT_EQ(getError(StringRef("\x93NUMPY\x09\x00\x01\x00{", 11)),
            "expected version 1.0, 2.0 or 3.0 of the .npy format, but got 9.0");
}

TEST(Npy, survivesDamage) {
  std::string file =
      makeFile(makeHeader("<f4", "True", "(2, 3)"), count<float>(6));
  // Every prefix is refused.
  for (size_t length = 0; length < file.size(); ++length)
    EXPECT_NE(getError(StringRef(file).take_front(length)), "");
  // Any change is refused or gives an array; it never crashes.
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    std::string damaged = file;
    for (int changes = 1 + random() % 3; changes > 0; --changes)
      damaged[random() % damaged.size()] = static_cast<char>(random());
    (void)getError(damaged);
  }
}
