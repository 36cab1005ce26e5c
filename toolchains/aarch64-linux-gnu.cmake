# 64-bit ARM: Raspberry Pi 3 to 5 and Zero 2 with a 64-bit system, Jetson, gateways.
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(ANNULET_TRIPLE aarch64-linux-gnu)
set(ANNULET_DEBIAN arm64)
set(ANNULET_QEMU qemu-aarch64-static)
include("${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake")
