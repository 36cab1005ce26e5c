/// What kind of CPU this program is compiled for.
#pragma once

#include <string_view>

namespace annulet::devices {

/// "x86-64-v3", "x86-64", "aarch64", "armv7", "armv6", "riscv64"; "another CPU" else.
[[nodiscard]] constexpr std::string_view compiled_for() {
#if defined(__x86_64__) && defined(__AVX2__) && defined(__FMA__)
  return "x86-64-v3";
#elif defined(__x86_64__)
  return "x86-64";
#elif defined(__aarch64__)
  return "aarch64";
#elif defined(__arm__) && __ARM_ARCH >= 7
  return "armv7";
#elif defined(__arm__) && __ARM_ARCH == 6
  return "armv6";
#elif defined(__riscv) && __riscv_xlen == 64
  return "riscv64";
#else
  return "another CPU";
#endif
}

}  // namespace annulet::devices
