# cpack: a Debian package and a tarball of the one static program, for the board of the toolchain.
# It says which one that is:
#
#   CPACK_DEBIAN_PACKAGE_ARCHITECTURE   Debian's name of it; without, there is only a tarball
#   ANNULET_BOARD                       what the files are called, where several boards share that name
set(ANNULET_PACKAGE_CONTACT "annulet maintainers <maintainers@annulet.example>" CACHE STRING
    "Who answers for packages made here: NAME <ADDRESS>")

set(board "${CMAKE_SYSTEM_PROCESSOR}")
if(CPACK_DEBIAN_PACKAGE_ARCHITECTURE)
  set(board "${CPACK_DEBIAN_PACKAGE_ARCHITECTURE}")
endif()
if(ANNULET_BOARD)
  set(board "${ANNULET_BOARD}")
endif()

# ---- what only Debian packages have
if(CPACK_DEBIAN_PACKAGE_ARCHITECTURE)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  set(changelog "${PROJECT_BINARY_DIR}/packaging/changelog")
  add_custom_command(OUTPUT "${changelog}"
    COMMAND Python3::Interpreter -B "${PROJECT_SOURCE_DIR}/packaging/changelog.py"
            "${PROJECT_SOURCE_DIR}/CHANGELOG.md" "${changelog}" "${ANNULET_PACKAGE_CONTACT}"
    DEPENDS packaging/changelog.py CHANGELOG.md VERBATIM)
  annulet_gzip("${changelog}" "${CMAKE_INSTALL_DOCDIR}" debian EXCLUDE_FROM_ALL)
  file(READ packaging/debian/lintian-overrides overrides)
  if(NOT ANNULET_ZLIB)
    string(REGEX REPLACE "[^\n]*embedded-library[^\n]*zlib[^\n]*\n" "" overrides "${overrides}")
  endif()
  file(CONFIGURE OUTPUT packaging/lintian-overrides CONTENT "${overrides}" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/packaging/lintian-overrides"
          DESTINATION "${CMAKE_INSTALL_DATADIR}/lintian/overrides" RENAME annulet
          COMPONENT debian EXCLUDE_FROM_ALL)
endif()

# ---- all packages
set(CPACK_PACKAGE_NAME annulet)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "${ANNULET_PACKAGE_CONTACT}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "train one model on a ring of small computers")
set(CPACK_PACKAGE_FILE_NAME "annulet-${PROJECT_VERSION}-linux-${board}")
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};annulet;program;/")
set(CPACK_CUSTOM_INSTALL_VARIABLES annulet_is_packaged=ON)
set(CPACK_PROJECT_CONFIG_FILE "${PROJECT_SOURCE_DIR}/packaging/cpack.cmake")
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/packaging/folder_modes.cmake")
set(CPACK_GENERATOR TGZ)

# ---- Debian's: the program is static, so it depends on nothing
if(CPACK_DEBIAN_PACKAGE_ARCHITECTURE)
  list(PREPEND CPACK_GENERATOR DEB)
  set(CPACK_DEBIAN_FILE_NAME "annulet_${PROJECT_VERSION}_${board}.deb")
  set(CPACK_DEBIAN_PACKAGE_SECTION science)
  set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
  set(CPACK_DEBIAN_PACKAGE_SUGGESTS dataset-fashion-mnist)
  set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
  set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
  set(scripts "${PROJECT_SOURCE_DIR}/packaging/debian")
  set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
      "${scripts}/postinst" "${scripts}/prerm" "${scripts}/postrm" "${scripts}/conffiles")
  if(EXISTS "${scripts}/${board}/preinst")
    list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${scripts}/${board}/preinst")
  endif()
  set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
      "Each device takes many steps of SGD on data that never leaves it; then a TCP
ring all-reduce averages what they learned (Local SGD). The service annulet
joins the runs of the device named in /etc/annulet/annulet.toml.
.
This package is for ${board}: one static program that needs no library.")
endif()
include(CPack)
