# cmake --install: the program, the libraries with their public headers, and find_package(annulet).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/annulet")

install(TARGETS annulet RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)

# ---- libraries
install(TARGETS annulet_usage annulet_devices annulet_model annulet_transport annulet_runtime
                annulet_annulet
        EXPORT annulet
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development
        INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT annulet NAMESPACE annulet:: FILE annuletTargets.cmake
        DESTINATION "${package_dir}" COMPONENT development)
configure_package_config_file(cmake/annuletConfig.cmake.in annuletConfig.cmake
                              INSTALL_DESTINATION "${package_dir}")
# Before 1.0 a new minor version may change the interface.
write_basic_package_version_file(annuletConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/annuletConfig.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/annuletConfigVersion.cmake" cmake/Findasio.cmake
        DESTINATION "${package_dir}" COMPONENT development)

# ---- headers: include/annulet/FOLDER/x.hpp, which include each other as "annulet/FOLDER/x.hpp"
get_property(headers GLOBAL PROPERTY ANNULET_PUBLIC_HEADERS)
foreach(header IN LISTS headers)
  # Found here, not after a build: what a public header includes must be public too.
  file(STRINGS "${header}" includes REGEX "^#include \"")
  foreach(include IN LISTS includes)
    string(REGEX REPLACE "^#include \"(.*)\".*" "\\1" include "${include}")
    if(NOT include IN_LIST headers)
      message(FATAL_ERROR "${header} is public and includes ${include}, which is not: name it in "
                          "PUBLIC_HEADERS in its folder's CMakeLists.txt, or include less.")
    endif()
  endforeach()
endforeach()
install(CODE "
  set(annulet_headers \"${headers}\")
  set(annulet_source \"${PROJECT_SOURCE_DIR}\")
  set(annulet_binary \"${PROJECT_BINARY_DIR}/installed_headers\")
  set(annulet_destination \"${CMAKE_INSTALL_INCLUDEDIR}/annulet\")"
  COMPONENT development)
install(SCRIPT cmake/InstallHeaders.cmake COMPONENT development)

# ---- papers: README, documents, manual page. The component papers is what Debian packages hold in
# forms of their own.
set(doc_dir "${CMAKE_INSTALL_DOCDIR}")
install(FILES README.md packaging/copyright DESTINATION "${doc_dir}" COMPONENT program)
install(FILES LICENSE CHANGELOG.md DESTINATION "${doc_dir}" COMPONENT papers)
install(DIRECTORY docs examples DESTINATION "${doc_dir}" COMPONENT program
        PATTERN "consumer" EXCLUDE PATTERN "__pycache__" EXCLUDE)
install(DIRECTORY examples/consumer DESTINATION "${doc_dir}/examples" COMPONENT development)

# annulet_gzip(file destination component): installs it compressed, without the time of day.
find_program(ANNULET_GZIP gzip REQUIRED)
function(annulet_gzip file destination component)
  cmake_path(GET file FILENAME name)
  set(packed "${PROJECT_BINARY_DIR}/packaging/${name}.gz")
  add_custom_command(OUTPUT "${packed}" COMMAND "${ANNULET_GZIP}" -9nc "${file}" > "${packed}"
                     DEPENDS "${file}" VERBATIM)
  add_custom_target(annulet_${name}_gz ALL DEPENDS "${packed}")
  install(FILES "${packed}" DESTINATION "${destination}" COMPONENT ${component} ${ARGN})
endfunction()
annulet_gzip("${PROJECT_SOURCE_DIR}/packaging/annulet.1" "${CMAKE_INSTALL_MANDIR}/man1" program)
install(FILES packaging/annulet.bash RENAME annulet COMPONENT program
        DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")

# ---- service
# As GNUInstallDirs has it: /etc holds the configuration of what is in /usr. Elsewhere the unit names
# that place's program and settings, but not in a package, whose files end up in /usr wherever cpack
# gathers them. Settings that are there are somebody's: they stay.
install(CODE "
  set(annulet_etc \"\${CMAKE_INSTALL_PREFIX}/etc\")
  set(annulet_unit \"${PROJECT_SOURCE_DIR}/packaging/annulet.service\")
  if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\")
    set(annulet_etc /etc)
  elseif(NOT annulet_is_packaged)
    file(READ \"\${annulet_unit}\" annulet_text)
    string(REPLACE \"/etc/annulet\" \"\${annulet_etc}/annulet\" annulet_text \"\${annulet_text}\")
    string(REPLACE \"/usr/bin/annulet up\"
           \"\\\"\${CMAKE_INSTALL_PREFIX}/bin/annulet\\\" up --config \\\"\${annulet_etc}/annulet/annulet.toml\\\"\"
           annulet_text \"\${annulet_text}\")
    set(annulet_unit \"${PROJECT_BINARY_DIR}/packaging/annulet.service\")
    file(WRITE \"\${annulet_unit}\" \"\${annulet_text}\")
  endif()
  file(INSTALL DESTINATION \"\${CMAKE_INSTALL_PREFIX}/lib/systemd/system\" TYPE FILE
       FILES \"\${annulet_unit}\")
  if(EXISTS \"\$ENV{DESTDIR}\${annulet_etc}/annulet/annulet.toml\")
    message(STATUS \"Kept as it is: \$ENV{DESTDIR}\${annulet_etc}/annulet/annulet.toml\")
  else()
    file(INSTALL DESTINATION \"\${annulet_etc}/annulet\" TYPE FILE
         FILES \"${PROJECT_SOURCE_DIR}/packaging/annulet.toml\")
  endif()"
  COMPONENT program)
