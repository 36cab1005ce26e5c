/// The codecs that lose something, for tests that go over all of them.
#pragma once

#include <array>
#include <cstddef>
#include <ostream>

#include "transport/codec.hpp"

namespace annulet::transport {

inline constexpr std::array kLossy = {Compress::f16, Compress::q8, Compress::q4};

/// Boost.Test prints it.
inline std::ostream& operator<<(std::ostream& out, Compress compress) {
  return out << std::array{"none", "f16", "q8", "q4"}.at(static_cast<std::size_t>(compress));
}

}  // namespace annulet::transport
