# 64-bit RISC-V with the G and C extensions: VisionFive, Milk-V, SiFive boards.
set(CMAKE_SYSTEM_PROCESSOR riscv64)
set(ANNULET_TRIPLE riscv64-linux-gnu)
set(ANNULET_DEBIAN riscv64)
set(ANNULET_QEMU qemu-riscv64-static)
include("${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake")
