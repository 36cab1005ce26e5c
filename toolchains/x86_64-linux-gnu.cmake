# Any x86-64. On an x86-64 too it is made, and tested, as for another machine: the tests run on an
# emulated CPU of 2008, without AVX.
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(ANNULET_TRIPLE x86_64-linux-gnu)
set(ANNULET_DEBIAN amd64)
set(ANNULET_QEMU qemu-x86_64-static -cpu Nehalem)
include("${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake")
