# Headers, libraries, tools and the package that find_package(Norm) finds.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(NORM_INSTALL_CMAKEDIR "${CMAKE_INSTALL_LIBDIR}/cmake/Norm")

install(DIRECTORY "${NORM_SOURCE_DIR}/include/Norm"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.h" PATTERN "*.td")
install(DIRECTORY "${NORM_BINARY_DIR}/include/Norm"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.inc"
  PATTERN "*.md.inc" EXCLUDE
  PATTERN "CMakeFiles" EXCLUDE)

get_property(NORM_INSTALLED_LIBS GLOBAL PROPERTY NORM_LIBS)
get_property(NORM_INSTALLED_TOOLS GLOBAL PROPERTY NORM_TOOLS)
install(TARGETS Norm ${NORM_INSTALLED_LIBS} EXPORT NormTargets)
install(TARGETS ${NORM_INSTALLED_TOOLS}
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}"
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(EXPORT NormTargets NAMESPACE Norm::
  DESTINATION "${NORM_INSTALL_CMAKEDIR}")

configure_package_config_file(
  "${NORM_SOURCE_DIR}/cmake/NormConfig.cmake.in"
  "${NORM_BINARY_DIR}/cmake/NormConfig.cmake"
  INSTALL_DESTINATION "${NORM_INSTALL_CMAKEDIR}"
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(
  "${NORM_BINARY_DIR}/cmake/NormConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${NORM_BINARY_DIR}/cmake/NormConfig.cmake"
  "${NORM_BINARY_DIR}/cmake/NormConfigVersion.cmake"
  DESTINATION "${NORM_INSTALL_CMAKEDIR}")
