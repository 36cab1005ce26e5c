/// The rows of rounds.csv, and which rounds get one.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/observer.hpp"

namespace annulet::runtime {

/// Column names, named as the members of RoundDone, with a line feed.
[[nodiscard]] std::string rounds_csv_header();
/// One row with a line feed. What is not finite is written as nan or inf.
[[nodiscard]] std::string rounds_csv_row(const RoundDone& event);

/// True for every round up to 10^4, every 10th up to 10^5, every 100th up to 10^6 and so on: 9,000
/// more for each factor of ten, so that SD cards live and a report stays small.
[[nodiscard]] bool keeps_round(std::int64_t round);

}  // namespace annulet::runtime
