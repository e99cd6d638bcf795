//===- RuntimeLibrary.cpp - Norm's libraries that are opened --------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuntimeLibrary.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <dlfcn.h>

using namespace mlir;
using namespace mlir::norm;
using llvm::Expected;

Expected<RuntimeLibrary> RuntimeLibrary::open(StringRef name) {
  std::string file = ("lib" + name + ".so").str();
  Dl_info info;
  SmallVector<std::string> paths;
  void *here = reinterpret_cast<void *>(&RuntimeLibrary::open);
  if (dladdr(here, &info) && info.dli_fname) {
    // The system knows programs by what they were called.
    std::string self = info.dli_fname;
    if (!StringRef(self).contains(".so"))
      self = llvm::sys::fs::getMainExecutable(info.dli_fname, here);
    StringRef folder = llvm::sys::path::parent_path(self);
    paths.push_back((folder + "/" + file).str());
    paths.push_back((folder + "/../lib/" + file).str());
  }
  paths.push_back(file);
  for (const std::string &path : paths)
    if (void *handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL))
      return RuntimeLibrary(handle);
  const char *reason = dlerror();
  return llvm::createStringError(
      "expected the library " + file +
      " to be installed, but got: " + (reason ? reason : "none"));
}

void *RuntimeLibrary::find(StringRef name) const {
  return dlsym(handle, name.str().c_str());
}
