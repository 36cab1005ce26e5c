# Debian's cereal config file sits in an amd64 folder that cross builds do not see: find the header.
find_path(cereal_INCLUDE_DIR cereal/version.hpp)
if(cereal_INCLUDE_DIR)
  foreach(_part MAJOR MINOR PATCH)
    file(STRINGS "${cereal_INCLUDE_DIR}/cereal/version.hpp" _line
         REGEX "#define CEREAL_VERSION_${_part} ")
    string(REGEX MATCH "[0-9]+" _${_part} "${_line}")
  endforeach()
  set(cereal_VERSION "${_MAJOR}.${_MINOR}.${_PATCH}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(cereal REQUIRED_VARS cereal_INCLUDE_DIR
                                  VERSION_VAR cereal_VERSION)
if(cereal_FOUND AND NOT TARGET cereal::cereal)
  add_library(cereal::cereal INTERFACE IMPORTED)
  target_include_directories(cereal::cereal SYSTEM INTERFACE "${cereal_INCLUDE_DIR}")
endif()
mark_as_advanced(cereal_INCLUDE_DIR)
