# What all toolchain files here have in common: Debian's cross compiler of ANNULET_TRIPLE, its
# emulator, and where the target's libraries are. Not a toolchain file of its own.
#
#   ANNULET_TRIPLE     aarch64-linux-gnu
#   ANNULET_DEBIAN     arm64: Debian's name of the architecture, which packages get
#   ANNULET_QEMU       qemu-aarch64-static and its options
#
# Yocto and Buildroot bring toolchain files of their own; nothing of this is needed there.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_C_COMPILER ${ANNULET_TRIPLE}-gcc)
set(CMAKE_CXX_COMPILER ${ANNULET_TRIPLE}-g++)
set(CMAKE_ASM_COMPILER ${ANNULET_TRIPLE}-gcc)
set(CMAKE_LIBRARY_ARCHITECTURE ${ANNULET_TRIPLE})
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE ${ANNULET_DEBIAN})

# zlib and liblzma of the target, where `script/bootstrap --cross` unpacks them: side by side, so
# that no package of this machine has to make room.
set(ANNULET_SYSROOT "${CMAKE_CURRENT_LIST_DIR}/../build/sysroot/${ANNULET_DEBIAN}")
set(CMAKE_FIND_ROOT_PATH "${ANNULET_SYSROOT}" /usr/${ANNULET_TRIPLE})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
# BOTH: libraries that are headers alone are the same for all, in /usr.
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE BOTH)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)

list(POP_FRONT ANNULET_QEMU annulet_qemu_name)
find_program(ANNULET_EMULATOR ${annulet_qemu_name} DOC "Runs programs of the target")
if(ANNULET_EMULATOR)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${ANNULET_EMULATOR} ${ANNULET_QEMU})
endif()
set(annulet_emulator "${CMAKE_CROSSCOMPILING_EMULATOR}" CACHE INTERNAL "For script/cross")
