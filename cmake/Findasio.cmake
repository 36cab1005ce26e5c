# Standalone Asio has no CMake package of its own. Defines asio::asio.
find_path(asio_INCLUDE_DIR asio.hpp)
if(asio_INCLUDE_DIR)
  file(STRINGS "${asio_INCLUDE_DIR}/asio/version.hpp" _line REGEX "#define ASIO_VERSION ")
  string(REGEX MATCH "[0-9]+" _number "${_line}")
  math(EXPR _major "${_number} / 100000")
  math(EXPR _minor "${_number} / 100 % 1000")
  math(EXPR _patch "${_number} % 100")
  set(asio_VERSION "${_major}.${_minor}.${_patch}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(asio REQUIRED_VARS asio_INCLUDE_DIR VERSION_VAR asio_VERSION)

if(asio_FOUND AND NOT TARGET asio::asio)
  find_package(Threads REQUIRED)
  add_library(asio::asio INTERFACE IMPORTED)
  target_include_directories(asio::asio SYSTEM INTERFACE "${asio_INCLUDE_DIR}")
  # Frames of coroutines are kept for the next ones, so many of each kind: no all-reduce allocates.
  target_compile_definitions(asio::asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED
                             ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=64)
  target_link_libraries(asio::asio INTERFACE Threads::Threads)
  # Asio 1.22 decides on aligned_alloc by a libstdc++ macro that is only there after a standard
  # header: two files could disagree and free what the other allocated.
  target_compile_options(asio::asio INTERFACE $<$<COMPILE_LANGUAGE:CXX>:SHELL:-include version>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # Asio 1.22 does not know that clang has coroutines; clang 14 does not tell libstdc++ either.
    target_compile_definitions(asio::asio INTERFACE ASIO_HAS_CO_AWAIT ASIO_HAS_STD_COROUTINE)
  endif()
endif()
mark_as_advanced(asio_INCLUDE_DIR)
