/// Time that only moves on, for programs that measure: not for what annulet itself runs.
#pragma once

#include <chrono>

namespace annulet::benchmarks {

using Nanoseconds = std::chrono::nanoseconds;

/// Since some moment before the program began.
inline Nanoseconds monotonic() { return std::chrono::steady_clock::now().time_since_epoch(); }

inline double microseconds(Nanoseconds time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

}  // namespace annulet::benchmarks
