# 32-bit ARMv7: Raspberry Pi 2 to 4 and Zero 2 with a 32-bit system. All of these have NEON with FMA
# (VFPv4: Cortex-A7, A15 and later; A8 and A9 take the file for ARMv6).
# It takes denormals for 0, so the compiler uses it for integers only; Eigen does in local steps, where
# devices need not agree. What must be the same on all of them uses no Eigen.
set(CMAKE_SYSTEM_PROCESSOR armv7l)
set(ANNULET_TRIPLE arm-linux-gnueabihf)
set(ANNULET_DEBIAN armhf)
set(ANNULET_QEMU qemu-arm-static -cpu cortex-a7)
foreach(language C CXX)
  set(CMAKE_${language}_FLAGS_INIT "-mfpu=neon-vfpv4")
endforeach()
include("${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake")
set(ANNULET_BOARD armv7)  # armhf alone would be a name for ARMv6 too
