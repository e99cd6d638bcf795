# The GoogleTest executables that the build puts into test/Unit.

import os

import lit.formats

config.name = "Norm-Unit"
config.test_format = lit.formats.GoogleTest(".", "Tests")
config.suffixes = []
config.test_exec_root = os.path.join(config.norm_build_dir, "test", "Unit")
config.test_source_root = config.test_exec_root

if config.sanitize:
    config.environment["ASAN_OPTIONS"] = "allow_user_poisoning=0"
    config.environment["UBSAN_OPTIONS"] = "print_stacktrace=1"
