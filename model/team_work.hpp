/// Work of a step that the threads of a team share, where it is long enough to meet for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>

#include "model/team.hpp"
#include "model/types.hpp"

namespace annulet::model {

/// Calls use(begin, end) so that all of [0, count) is covered: once, or in each thread of the team
/// with its part. numbers: that the whole work touches.
template <class Use>
void share(Team* team, std::size_t count, std::size_t numbers, const Use& use) {
  constexpr std::size_t kFew = 8192;  // some microseconds: two meetings
  if (team == nullptr || numbers < kFew) return use(0, count);
  const auto use_part = [&](std::size_t part) {
    const auto n = team->size();
    use(count * part / n, count * (part + 1) / n);
  };
  team->run(std::cref(use_part));
}

/// g = factor x; zeros where the factor is 0, whatever x is. Both: (d).
template <class Scalar>
void set_scaled(Team* team, Scalar factor, ConstParams<Scalar> x, Params<Scalar> g) {
  share(team, g.size(), g.size(), [&](std::size_t begin, std::size_t end) {
    if (factor == 0) {
      std::ranges::fill(g.subspan(begin, end - begin), Scalar(0));
      return;
    }
    for (std::size_t j = begin; j < end; ++j) g[j] = factor * x[j];
  });
}

}  // namespace annulet::model
