# norm_find_mpi(Mpich mpicc.mpich) makes the imported target NormMPI::Mpich of what
# the compiler wrapper adds, if there is one. CMake's FindMPI knows one MPI only.
function(norm_find_mpi name compiler)
  string(TOUPPER "NORM_MPICC_${name}" wrapper)
  find_program(${wrapper} ${compiler} DOC "the compiler wrapper of an MPI")
  set(status 1)
  if(${wrapper})
    execute_process(COMMAND ${${wrapper}} -show RESULT_VARIABLE status
      OUTPUT_VARIABLE command OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
  if(NOT status EQUAL 0)
    message(STATUS "No ${name}: expected its compiler ${compiler} or ${wrapper}; "
      "norm-run will not know it")
    return()
  endif()
  message(STATUS "Using ${name} of ${${wrapper}}")
  separate_arguments(arguments UNIX_COMMAND "${command}")
  add_library(NormMPI::${name} INTERFACE IMPORTED GLOBAL)
  foreach(argument ${arguments})
    if(argument MATCHES "^-I(.*)")
      target_include_directories(NormMPI::${name} SYSTEM INTERFACE
        "${CMAKE_MATCH_1}")
    elseif(argument MATCHES "^-L(.*)")
      target_link_directories(NormMPI::${name} INTERFACE "${CMAKE_MATCH_1}")
    elseif(argument MATCHES "^-(l|Wl,)")
      target_link_libraries(NormMPI::${name} INTERFACE "${argument}")
    endif()
  endforeach()
endfunction()
