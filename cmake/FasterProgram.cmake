# The x86-64 program that is shipped is two: one for any x86-64, which holds, packed, the same program
# compiled for x86-64-v3 (AVX2, FMA), and goes on as that one where the CPU can. Two whole
# programs, not two sets of functions in one: Eigen's inline functions, compiled twice with other
# flags, would be one symbol to the linker, and which of the two an old CPU gets would be luck.

# annulet_faster_program(target): builds the other program in build/PRESET/x86-64-v3 and puts it into
# this one.
function(annulet_faster_program target)
  if(NOT ANNULET_ZLIB)
    message(FATAL_ERROR "The program for newer CPUs is packed with gzip: build with ANNULET_ZLIB, "
                        "or without ANNULET_FASTER_PROGRAM.")
  endif()
  include(ExternalProject)
  set(folder "${PROJECT_BINARY_DIR}/x86-64-v3")
  set(settings)
  string(TOUPPER "CMAKE_CXX_FLAGS_${CMAKE_BUILD_TYPE}" flags)
  foreach(name CMAKE_BUILD_TYPE ${flags} CMAKE_INTERPROCEDURAL_OPTIMIZATION CMAKE_TOOLCHAIN_FILE
               CMAKE_CXX_COMPILER CMAKE_CXX_FLAGS CMAKE_EXE_LINKER_FLAGS CMAKE_CXX_COMPILER_LAUNCHER
               CMAKE_C_COMPILER_LAUNCHER CMAKE_UNITY_BUILD ANNULET_GOLDEN ANNULET_WERROR
               ANNULET_STATIC ANNULET_UNUSED_FACETS ANNULET_ZLIB ANNULET_LZMA ANNULET_CHART_JS)
    if(DEFINED ${name})
      list(APPEND settings "-D${name}=${${name}}")
    endif()
  endforeach()
  ExternalProject_Add(${target}_faster
    SOURCE_DIR "${PROJECT_SOURCE_DIR}" BINARY_DIR "${folder}" PREFIX "${folder}-steps"
    CMAKE_ARGS ${settings} -DANNULET_X86_LEVEL=x86-64-v3 -DANNULET_FASTER_PROGRAM=OFF
               -DANNULET_TESTS=OFF -DANNULET_BENCHMARKS=OFF -DANNULET_INSTALL=OFF
    BUILD_COMMAND "${CMAKE_COMMAND}" --build <BINARY_DIR> --target annulet
    BUILD_ALWAYS ON INSTALL_COMMAND "" BUILD_BYPRODUCTS "${folder}/annulet"
    USES_TERMINAL_BUILD ON)
  annulet_embed_packed(${target} faster_program "${folder}/annulet")
  target_link_libraries(${target} PRIVATE ZLIB::ZLIB)
  target_compile_definitions(${target} PRIVATE ANNULET_FASTER_PROGRAM)
endfunction()
