# Read by cpack once for each kind of package. Debian's have the changes and the licence in Debian's
# own forms, others the files of the repository.
list(GET CPACK_INSTALL_CMAKE_PROJECTS 0 annulet_build)
set(annulet_papers papers)
if(CPACK_GENERATOR STREQUAL "DEB")
  set(annulet_papers debian)
endif()
list(APPEND CPACK_INSTALL_CMAKE_PROJECTS "${annulet_build}" annulet ${annulet_papers} /)
