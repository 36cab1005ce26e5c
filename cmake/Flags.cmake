# Two interface targets: annulet_usage, what whoever links annulet must compile with too, and
# annulet_flags, what only our own targets do. Our targets link both.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(annulet_usage INTERFACE)
add_library(annulet::usage ALIAS annulet_usage)
set_target_properties(annulet_usage PROPERTIES EXPORT_NAME usage)
target_compile_features(annulet_usage INTERFACE cxx_std_20)
# From the root of the repository; those who link us read the same paths below annulet/.
target_include_directories(annulet_usage INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
# Files of 2 GB and more, and file systems that number files with 64 bits, on 32-bit boards, too.
target_compile_definitions(annulet_usage INTERFACE _FILE_OFFSET_BITS=64)
# GCC contracts a*b+c to FMA by default on ARM: the same model must come out on every CPU.
target_compile_options(annulet_usage INTERFACE $<$<COMPILE_LANGUAGE:C,CXX>:-ffp-contract=off>)
set(annulet_x86_level "${ANNULET_X86_LEVEL}")
if(ANNULET_X86_LEVEL STREQUAL "host")
  include(CheckCXXSourceRuns)
  check_cxx_source_runs("int main() { return !__builtin_cpu_supports(\"x86-64-v3\"); }"
                        ANNULET_HOST_IS_X86_64_V3)
  set(annulet_x86_level "")
  if(ANNULET_HOST_IS_X86_64_V3)
    set(annulet_x86_level "x86-64-v3")
  endif()
endif()
if(annulet_x86_level)
  # All of a program or none: Eigen's inline functions must be the same in all files.
  target_compile_options(annulet_usage INTERFACE -march=${annulet_x86_level})
endif()
if(ANNULET_GOLDEN)
  # Also with those who use Eigen themselves: its inline functions must be the same in all files.
  target_compile_definitions(annulet_usage INTERFACE EIGEN_DONT_VECTORIZE)
endif()
if(ANNULET_SANITIZER)
  target_compile_options(annulet_usage INTERFACE
    -fsanitize=${ANNULET_SANITIZER} -fno-omit-frame-pointer -fno-sanitize-recover=all
    $<$<STREQUAL:${ANNULET_SANITIZER},thread>:-Wno-tsan>)
  target_link_options(annulet_usage INTERFACE -fsanitize=${ANNULET_SANITIZER})
endif()

add_library(annulet_flags INTERFACE)
target_compile_options(annulet_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
    -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wold-style-cast>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # Warns of overlapping copies inside std::string's own operator+ (GCC bug 105651).
  target_compile_options(annulet_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^arm" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # A note wherever a std::span of doubles is passed, of how GCC 6 would have done it.
  target_compile_options(annulet_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-psabi>)
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Several sources in one file look like one that others include; and a coroutine's frame that is
  # allocated inline, by Asio's own new and delete, like one that has not both.
  target_compile_options(annulet_flags INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wno-subobject-linkage -Wno-mismatched-new-delete>)
endif()
if(CMAKE_INTERPROCEDURAL_OPTIMIZATION AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Frames of one coroutine template look like different types to each file that has one. In one
  # partition what parts have in common is there once: 9 kB less for 64-bit ARM.
  target_link_options(annulet_flags INTERFACE -Wno-odr -flto-partition=one)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(arm|aarch64)")
    target_link_options(annulet_flags INTERFACE -Wno-psabi)
  endif()
endif()
if(ANNULET_SANITIZER AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # An optional that is returned empty looks unset to it there; the other builds keep the warning.
  target_compile_options(annulet_flags INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized>)
endif()
if(ANNULET_WERROR)
  target_compile_options(annulet_flags INTERFACE -Werror)
endif()
if(ANNULET_GOLDEN)
  target_compile_definitions(annulet_flags INTERFACE ANNULET_GOLDEN)
endif()

# Where the time goes: compiled for speed also in programs that are compiled for size; but for size
# what lies among it and takes no time.
set(annulet_for_size $<$<AND:$<CONFIG:MinSizeRel>,$<COMPILE_LANGUAGE:CXX>>:-Oz>)
set(annulet_for_speed $<$<AND:$<CONFIG:MinSizeRel>,$<COMPILE_LANGUAGE:CXX>>:-O2>)
# Long loops over floats: GCC's -O2 makes vector code only of those whose length it knows.
set(annulet_for_vectors ${annulet_for_speed}
    $<$<AND:$<CONFIG:MinSizeRel>,$<COMPILE_LANG_AND_ID:CXX,GNU>>:-fvect-cost-model=dynamic>)

# Unused sections go: it is what keeps a static binary small.
if(CMAKE_BUILD_TYPE MATCHES "^(Release|MinSizeRel)$")
  target_compile_options(annulet_flags INTERFACE -ffunction-sections -fdata-sections)
  target_link_options(annulet_flags INTERFACE -Wl,--gc-sections)
endif()

# The "Dev" build type: quick to compile, with line numbers. It does not define NDEBUG, so that the
# assertions of Eigen and the standard headers hold in tests; Release does. Our own checks are plain
# code that throws, in every build.
# (Plain variables: project() has made empty cache entries of these names already.)
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1")
set(CMAKE_C_FLAGS_DEV "-O1 -g1")
