# toml++ as a header alone: Debian's own config file links a shared library of the build machine's
# architecture, which neither a cross build nor a static program can use.
find_path(tomlplusplus_INCLUDE_DIR toml++/toml.h)
if(tomlplusplus_INCLUDE_DIR)
  foreach(_part MAJOR MINOR PATCH)
    file(STRINGS "${tomlplusplus_INCLUDE_DIR}/toml++/impl/version.h" _line
         REGEX "#define TOML_LIB_${_part} ")
    string(REGEX MATCH "[0-9]+" _${_part} "${_line}")
  endforeach()
  set(tomlplusplus_VERSION "${_MAJOR}.${_MINOR}.${_PATCH}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(tomlplusplus REQUIRED_VARS tomlplusplus_INCLUDE_DIR
                                  VERSION_VAR tomlplusplus_VERSION)
if(tomlplusplus_FOUND AND NOT TARGET tomlplusplus::tomlplusplus)
  add_library(tomlplusplus::tomlplusplus INTERFACE IMPORTED)
  target_include_directories(tomlplusplus::tomlplusplus SYSTEM INTERFACE
                             "${tomlplusplus_INCLUDE_DIR}")
endif()
mark_as_advanced(tomlplusplus_INCLUDE_DIR)
