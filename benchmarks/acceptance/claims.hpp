/// The acceptance table: what is claimed, and what was measured.
#pragma once

#include <string>
#include <vector>

#include "runtime/experiment.hpp"

namespace annulet::benchmarks {

struct Claim {
  std::string about;     // "drift correction"
  std::string what;      // "labels sorted, H = 64: T at a constant step"
  std::string target;    // "<= 7,000"
  std::string measured;  // "5,060 ± 210 (c0.0625)"
  bool holds = false;
  std::string instead{};  // of "holds" and "misses": "reported" where there is no target
};

/// What `instead` says where something that is needed is not on this machine.
inline constexpr const char* kNotMeasured = "not measured";

/// Those of whose cells all have been measured.
[[nodiscard]] std::vector<Claim> claims(const runtime::Measurements& found);

/// T of each W and H beside that of the reference simulator.
struct TableEntry {
  std::size_t devices = 1;
  std::string h;
  double reference = 0;  // mean T
  double deviation = 0;
  std::string reference_step;
  std::string cell;
};
[[nodiscard]] std::vector<TableEntry> reference_table();

/// "5,060 ± 210 (c0.0625)", "never"
[[nodiscard]] std::string steps_text(const std::optional<runtime::Tuned>& tuned);

}  // namespace annulet::benchmarks
