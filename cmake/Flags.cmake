# One interface target, annulet_flags, that every target of ours links.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(annulet_flags INTERFACE)
target_include_directories(annulet_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(annulet_flags INTERFACE
  # GCC contracts a*b+c to FMA by default on ARM: the same model must come out on every CPU.
  -ffp-contract=off
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
    -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wold-style-cast>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # Warns of overlapping copies inside std::string's own operator+ (GCC bug 105651).
  target_compile_options(annulet_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
if(ANNULET_WERROR)
  target_compile_options(annulet_flags INTERFACE -Werror)
endif()

if(ANNULET_GOLDEN)
  target_compile_definitions(annulet_flags INTERFACE EIGEN_DONT_VECTORIZE ANNULET_GOLDEN)
endif()

if(ANNULET_SANITIZER)
  target_compile_options(annulet_flags INTERFACE
    -fsanitize=${ANNULET_SANITIZER} -fno-omit-frame-pointer -fno-sanitize-recover=all
    $<$<STREQUAL:${ANNULET_SANITIZER},thread>:-Wno-tsan>)
  target_link_options(annulet_flags INTERFACE -fsanitize=${ANNULET_SANITIZER})
endif()

# Unused sections go: it is what keeps a static binary small.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(annulet_flags INTERFACE -ffunction-sections -fdata-sections)
  target_link_options(annulet_flags INTERFACE -Wl,--gc-sections)
endif()

# The "Dev" build type: quick to compile, with line numbers. It does not define NDEBUG, so that the
# assertions of Eigen and the standard headers hold in tests; Release does. Our own checks are plain
# code that throws, in every build.
# (Plain variables: project() has made empty cache entries of these names already.)
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1")
set(CMAKE_C_FLAGS_DEV "-O1 -g1")
