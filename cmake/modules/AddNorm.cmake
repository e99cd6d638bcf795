# Norm's own libraries and tools. All of them link the shared MLIR and LLVM:
# linking the static dialect libraries beside them would put two copies of
# MLIR into one process.

include_guard()

# norm_add_library(NormIR SOURCES... [LINK_LIBS libs...] [DEPENDS targets...])
function(norm_add_library name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  add_library(Norm::${name} ALIAS ${name})
  target_include_directories(${name} INTERFACE
    $<BUILD_INTERFACE:${NORM_SOURCE_DIR}/include>
    $<BUILD_INTERFACE:${NORM_BINARY_DIR}/include>
    $<INSTALL_INTERFACE:include>)
  target_link_libraries(${name} PUBLIC ${ARG_LINK_LIBS} MLIR LLVM)
  add_dependencies(${name} NormIncGen ${ARG_DEPENDS})
  set_property(GLOBAL APPEND PROPERTY NORM_LIBS ${name})
endfunction()

# norm_add_tool(norm-opt SOURCES... [LINK_LIBS libs...])
function(norm_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINK_LIBS})
  add_dependencies(${name} NormIncGen)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${NORM_BINARY_DIR}/bin")
  set_property(GLOBAL APPEND PROPERTY NORM_TOOLS ${name})
endfunction()
