# Installs the public headers. In the repository they include each other from its root
# ("model/shard.hpp"); installed, below the package's own name, so that no other package's folder of
# that name can come first.
foreach(header IN LISTS annulet_headers)
  cmake_path(GET header PARENT_PATH folder)
  file(READ "${annulet_source}/${header}" text)
  string(REGEX REPLACE "(#include \")((devices|model|transport|runtime)/)" "\\1annulet/\\2"
         text "${text}")
  set(copy "${annulet_binary}/${header}")
  set(old "")
  if(EXISTS "${copy}")
    file(READ "${copy}" old)
  endif()
  if(NOT old STREQUAL text)
    file(WRITE "${copy}" "${text}")
  endif()
  cmake_path(ABSOLUTE_PATH annulet_destination BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}"
             OUTPUT_VARIABLE destination)
  file(INSTALL DESTINATION "${destination}/${folder}" TYPE FILE FILES "${copy}")
endforeach()
