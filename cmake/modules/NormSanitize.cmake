# Sanitizers on Norm's own code. The shared MLIR and LLVM are not instrumented.
add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined
  -fno-omit-frame-pointer)
# A shared library leaves the sanitizer's runtime to the program that loads it.
add_link_options(-fsanitize=address,undefined
  $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,SHARED_LIBRARY>:-Wl,-z,undefs>
  $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,MODULE_LIBRARY>:-Wl,-z,undefs>)
