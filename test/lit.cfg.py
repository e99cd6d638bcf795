# The lit suite: which files are tests, and what their RUN lines may use.

import os
import platform
import shutil
import subprocess

import lit.formats

config.name = "Norm"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.join(config.norm_src_dir, "test")
config.test_exec_root = os.path.join(config.norm_build_dir, "test")

# Our own tools, then FileCheck, not, mlir-opt, mlir-runner and clang.
config.environment["PATH"] = os.pathsep.join(
    [
        os.path.join(config.norm_build_dir, "bin"),
        config.llvm_tools_dir,
        config.environment["PATH"],
    ]
)

# Our binding of the C library.
config.environment["PYTHONPATH"] = os.path.join(config.norm_src_dir, "python")
config.environment["PYTHONDONTWRITEBYTECODE"] = "1"

config.substitutions += [
    ("%norm_src_dir", config.norm_src_dir),
    ("%norm_build_dir", config.norm_build_dir),
    ("%mlir_lib_dir", config.mlir_lib_dir),
    ("%shlibext", config.shlibext),
    ("%python", config.python),
    ("%cmake", config.cmake),
    ("%cxx", config.cxx_compiler),
    ("%cc", config.c_compiler),
]

if platform.machine() == "x86_64":
    config.available_features.add("x86_64-host")

# The assembler of a CUDA toolkit.
if shutil.which("ptxas"):
    config.available_features.add("ptxas")

# How processes that exchange data are started, by each MPI that there is. Open MPI
# wants to be asked before it runs as root, or on fewer cores than processes.
for name, command in {
    "mpich": "mpirun.mpich",
    "openmpi": "mpirun.openmpi --allow-run-as-root --oversubscribe",
}.items():
    library = f"libNormRuntime{name.capitalize()}{config.shlibext}"
    if shutil.which(command.split()[0]) and os.path.exists(
        os.path.join(config.norm_build_dir, "lib", library)
    ):
        config.available_features.add(name)
        config.substitutions.append((f"%mpirun_{name}", command))

# Network namespaces, which are other hosts to MPI, are for root, where it may.
namespace = f"norm-lit-{os.getpid()}"
if shutil.which("ip") and not subprocess.call(
    ["ip", "netns", "add", namespace], stderr=subprocess.DEVNULL
):
    subprocess.call(["ip", "netns", "del", namespace])
    config.available_features.add("namespaces")

# A test that hangs fails.
if lit_config.maxIndividualTestTimeIsSupported[0]:
    lit_config.maxIndividualTestTime = lit_config.maxIndividualTestTime or 300

if config.sanitize:
    config.available_features.add("sanitize")
    # The headers' BumpPtrAllocator poisons memory that it shares with the
    # uninstrumented libraries, which never unpoison it.
    config.environment["ASAN_OPTIONS"] = "allow_user_poisoning=0"
    config.environment["UBSAN_OPTIONS"] = "print_stacktrace=1"
    # MPICH's UCX replaces functions of memory that the sanitizers replace.
    config.environment["UCX_MEM_EVENTS"] = "no"
