//===- Toolkit.cpp - programs of a CUDA toolkit ---------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Toolkit.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::norm;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static constexpr llvm::StringLiteral kPrograms[] = {"ptxas", "fatbinary"};

namespace {
/// A file that goes with this object.
class TemporaryFile {
public:
  static Expected<TemporaryFile> create(StringRef suffix) {
    SmallString<128> name;
    if (std::error_code error = fs::createTemporaryFile("norm", suffix, name))
      return createStringError(error, "cannot make a temporary file");
    return TemporaryFile(name);
  }
  static Expected<TemporaryFile> create(StringRef suffix,
                                        ArrayRef<char> content) {
    Expected<TemporaryFile> file = create(suffix);
    if (!file)
      return file;
    std::error_code error;
    llvm::raw_fd_ostream stream(file->name, error);
    stream.write(content.data(), content.size());
    stream.close();
    if (stream.has_error()) {
      error = stream.error();
      stream.clear_error();
    }
    if (error)
      return createStringError(error, "cannot write " + file->name);
    return file;
  }

  explicit TemporaryFile(StringRef name) : name(name) {}
  TemporaryFile(TemporaryFile &&other) : name(std::move(other.name)) {
    other.name.clear();
  }
  ~TemporaryFile() {
    if (!name.empty())
      fs::remove(name);
  }

  const std::string &getName() const { return name; }

  Expected<std::unique_ptr<llvm::MemoryBuffer>> read() const {
    auto buffer = llvm::MemoryBuffer::getFile(name);
    if (!buffer)
      return createStringError(buffer.getError(), "cannot read " + name);
    return std::move(*buffer);
  }

private:
  std::string name;
};
} // namespace

/// Runs `program` and returns what it writes to standard output or error.
static Expected<std::string> runProgram(StringRef program,
                                        ArrayRef<std::string> arguments) {
  Expected<TemporaryFile> output = TemporaryFile::create("txt");
  if (!output)
    return output.takeError();
  SmallVector<StringRef> words = {program};
  words.append(arguments.begin(), arguments.end());
  std::optional<StringRef> redirects[] = {StringRef(""),
                                          StringRef(output->getName()),
                                          StringRef(output->getName())};
  std::string message;
  int status = llvm::sys::ExecuteAndWait(program, words, std::nullopt,
                                         redirects, 0, 0, &message);
  Expected<std::unique_ptr<llvm::MemoryBuffer>> text = output->read();
  if (!text)
    return text.takeError();
  if (status != 0)
    return createStringError("expected " + path::filename(program) +
                             " to succeed, but it says: " + message +
                             (*text)->getBuffer().trim());
  return (*text)->getBuffer().str();
}

static bool hasPrograms(const Twine &directory) {
  return llvm::all_of(kPrograms, [&](StringRef program) {
    return fs::can_execute(directory + "/" + program);
  });
}

/// Returns where a package of Python has the programs, or nothing.
static std::optional<std::string> findInPython() {
  auto python = llvm::sys::findProgramByName("python3");
  if (!python)
    return std::nullopt;
  Expected<std::string> folders =
      runProgram(*python, {"-c", "import sys; print('\\n'.join(sys.path))"});
  if (!folders) {
    llvm::consumeError(folders.takeError());
    return std::nullopt;
  }
  for (StringRef folder : llvm::split(*folders, '\n')) {
    std::error_code error;
    for (fs::directory_iterator package((folder + "/nvidia").str(), error), end;
         package != end && !error; package.increment(error))
      if (hasPrograms(package->path() + "/bin"))
        return package->path() + "/bin";
  }
  return std::nullopt;
}

Expected<Toolkit> Toolkit::find(StringRef root) {
  Toolkit kit;
  auto take = [&](const Twine &directory) {
    kit.directory = directory.str();
    return kit;
  };
  if (!root.empty()) {
    if (hasPrograms(root + "/bin"))
      return take(root + "/bin");
    return createStringError("expected ptxas and fatbinary in " + root +
                             "/bin, but got none");
  }
  for (const char *variable : {"CUDA_ROOT", "CUDA_HOME", "CUDA_PATH"})
    if (std::optional<std::string> value = llvm::sys::Process::GetEnv(variable))
      if (hasPrograms(*value + "/bin"))
        return take(*value + "/bin");
  if (auto program = llvm::sys::findProgramByName(kPrograms[0]))
    if (StringRef directory = path::parent_path(*program);
        hasPrograms(directory))
      return take(directory);
  if (std::optional<std::string> directory = findInPython())
    return take(*directory);
  return createStringError(
      "expected ptxas and fatbinary of a CUDA toolkit in CUDA_ROOT, CUDA_HOME, "
      "CUDA_PATH, PATH or Python's packages, but got none: install "
      "nvidia-cuda-nvcc from PyPI, name a toolkit, or choose the format isa");
}

Expected<std::string> Toolkit::findLibdevice(StringRef root) {
  Expected<Toolkit> kit = find(root);
  if (!kit)
    return kit.takeError();
  std::string file =
      (path::parent_path(kit->directory) + "/nvvm/libdevice/libdevice.10.bc")
          .str();
  if (fs::exists(file))
    return file;
  return createStringError("expected " + file +
                           " for the functions that kernels call, but got "
                           "none: install nvidia-nvvm from PyPI");
}

static Expected<SmallVector<char, 0>> readAll(const TemporaryFile &file) {
  Expected<std::unique_ptr<llvm::MemoryBuffer>> buffer = file.read();
  if (!buffer)
    return buffer.takeError();
  StringRef text = (*buffer)->getBuffer();
  return SmallVector<char, 0>(text.begin(), text.end());
}

Expected<SmallVector<char, 0>> Toolkit::assemble(ArrayRef<char> text,
                                                 StringRef chip) const {
  Expected<TemporaryFile> source = TemporaryFile::create("ptx", text);
  if (!source)
    return source.takeError();
  Expected<TemporaryFile> target = TemporaryFile::create("cubin");
  if (!target)
    return target.takeError();
  Expected<std::string> said = runProgram(
      directory + "/ptxas", {"-arch=" + chip.str(), "-O3", source->getName(),
                             "-o", target->getName()});
  if (!said)
    return said.takeError();
  return readAll(*target);
}

Expected<SmallVector<char, 0>> Toolkit::join(ArrayRef<Image> images) const {
  Expected<TemporaryFile> target = TemporaryFile::create("fatbin");
  if (!target)
    return target.takeError();
  std::vector<TemporaryFile> files;
  std::vector<std::string> arguments = {"--64", "--create", target->getName()};
  for (const Image &image : images) {
    bool isPTX = image.kind == Image::PTX;
    Expected<TemporaryFile> file =
        TemporaryFile::create(isPTX ? "ptx" : "cubin", image.data);
    if (!file)
      return file.takeError();
    StringRef chip = image.chip;
    chip.consume_front("sm_");
    arguments.push_back("--image3=kind=" + std::string(isPTX ? "ptx" : "elf") +
                        ",sm=" + chip.str() + ",file=" + file->getName());
    files.push_back(std::move(*file));
  }
  Expected<std::string> said = runProgram(directory + "/fatbinary", arguments);
  if (!said)
    return said.takeError();
  return readAll(*target);
}
