/// Options that are a number within bounds.
#pragma once

#include <cstdint>

namespace CLI {
class Option;
}

namespace annulet::runtime {

/// Refuses what is no number from `least` to `most`, NaN and infinities included (CLI::Range lets
/// NaN pass).
CLI::Option& within(CLI::Option& option, double least, double most);
/// Refuses what is no whole number from `least` to `most`, each of a list. 1e3 is none.
CLI::Option& whole_within(CLI::Option& option, std::int64_t least, std::int64_t most);

}  // namespace annulet::runtime
