/// Options that are a number within bounds.
#pragma once

namespace CLI {
class Option;
}

namespace annulet::runtime {

/// Refuses what is no number from `least` to `most`, NaN and infinities included (CLI::Range lets
/// NaN pass).
CLI::Option& within(CLI::Option& option, double least, double most);

}  // namespace annulet::runtime
