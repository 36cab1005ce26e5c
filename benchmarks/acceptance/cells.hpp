/// The trials behind the acceptance table.
#pragma once

#include <cstddef>
#include <vector>

#include "runtime/experiment.hpp"

namespace annulet::benchmarks {

/// Of those trials that do not vary it.
inline constexpr std::size_t kDevices = 8;

/// All of them; or, brief, those of the first claims, three seeds each at a step size that is known
/// to be good.
[[nodiscard]] std::vector<runtime::Cell> acceptance_cells(bool brief);

}  // namespace annulet::benchmarks
