# ARMv6: Raspberry Pi Zero and 1. The armel compiler, with the instructions of the ARM1176: what the
# armhf compiler brings (its libc, libstdc++, start files) is ARMv7 and dies there of SIGILL. softfp
# calls like armel's libraries and computes in hardware. To be linked statically: these boards'
# systems call themselves armhf and have no armel libraries.
set(CMAKE_SYSTEM_PROCESSOR armv6l)
set(ANNULET_TRIPLE arm-linux-gnueabi)
set(ANNULET_DEBIAN armel)
set(ANNULET_QEMU qemu-arm-static -cpu arm1176)
foreach(language C CXX ASM)
  set(CMAKE_${language}_FLAGS_INIT "-march=armv6+fp -marm -mfloat-abi=softfp")
endforeach()
include("${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake")

# The systems of these boards call themselves armhf: the package is for them, and the names of files
# tell it from ARMv7's.
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE armhf)
set(ANNULET_BOARD armv6)
