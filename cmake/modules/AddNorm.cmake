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

# Adds Norm::Norm, all that mlir::norm::registerAll needs.
function(norm_add_umbrella)
  get_property(libs GLOBAL PROPERTY NORM_LIBS)
  add_library(Norm INTERFACE)
  add_library(Norm::Norm ALIAS Norm)
  target_link_libraries(Norm INTERFACE ${libs})
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

# norm_add_unittest(NormIRTests SOURCES... [LINK_LIBS libs...])
# The name must end in "Tests", by which lit finds the executable.
function(norm_add_unittest name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINK_LIBS} GTest::gtest_main)
  add_dependencies(${name} NormIncGen)
  set_property(GLOBAL APPEND PROPERTY NORM_UNIT_TESTS ${name})
endfunction()

# norm_add_doc(Name File.td COMMAND tblgen-options... [TITLE title])
# Generates docs/reference/Name.md in the build directory.
add_custom_target(norm-doc ALL)
function(norm_add_doc name td)
  cmake_parse_arguments(ARG "" "TITLE" "COMMAND" ${ARGN})
  set(LLVM_TARGET_DEFINITIONS ${td})
  tablegen(MLIR ${name}.md.inc ${ARG_COMMAND})
  set(input "${CMAKE_CURRENT_BINARY_DIR}/${name}.md.inc")
  set(output "${NORM_BINARY_DIR}/docs/reference/${name}.md")
  set(script "${NORM_SOURCE_DIR}/cmake/modules/WriteDoc.cmake")
  add_custom_command(OUTPUT "${output}"
    COMMAND ${CMAKE_COMMAND} "-DINPUT=${input}" "-DOUTPUT=${output}"
      "-DTITLE=${ARG_TITLE}" -P "${script}"
    DEPENDS "${input}" "${script}" VERBATIM)
  add_custom_target(norm-doc-${name} DEPENDS "${output}")
  add_dependencies(norm-doc norm-doc-${name})
endfunction()
