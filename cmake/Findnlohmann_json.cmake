# nlohmann-json as a header alone: no config file of the build machine, for cross builds too.
find_path(nlohmann_json_INCLUDE_DIR nlohmann/json.hpp)
if(nlohmann_json_INCLUDE_DIR)
  # From 3.11 on the version is in a header of its own.
  set(_header "${nlohmann_json_INCLUDE_DIR}/nlohmann/detail/abi_macros.hpp")
  if(NOT EXISTS "${_header}")
    set(_header "${nlohmann_json_INCLUDE_DIR}/nlohmann/json.hpp")
  endif()
  foreach(_part MAJOR MINOR PATCH)
    file(STRINGS "${_header}" _line REGEX "#define NLOHMANN_JSON_VERSION_${_part} ")
    string(REGEX MATCH "[0-9]+" _${_part} "${_line}")
  endforeach()
  set(nlohmann_json_VERSION "${_MAJOR}.${_MINOR}.${_PATCH}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(nlohmann_json REQUIRED_VARS nlohmann_json_INCLUDE_DIR
                                  VERSION_VAR nlohmann_json_VERSION)
if(nlohmann_json_FOUND AND NOT TARGET nlohmann_json::nlohmann_json)
  add_library(nlohmann_json::nlohmann_json INTERFACE IMPORTED)
  target_include_directories(nlohmann_json::nlohmann_json SYSTEM INTERFACE
                             "${nlohmann_json_INCLUDE_DIR}")
endif()
mark_as_advanced(nlohmann_json_INCLUDE_DIR)
