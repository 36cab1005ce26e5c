/// What `annulet bench step` measures: an objective and rows.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "runtime/commands/problem.hpp"

namespace annulet::runtime {

struct BenchOptions {
  std::string objective = "logistic";  // the name of an entry of the catalogue
  std::string data{}, label{};         // "": rows made here; chosen by the file
  std::vector<std::size_t> layers{};   // none: one of 64, where the objective has layers
  std::size_t batch = 32;
};

struct Bench {
  Problem problem;
  std::string rows;  // what is said of them
};

/// As a run on one device would have it, with l2 = 1/n. Throws UsageError, and what such a run
/// would throw.
[[nodiscard]] Bench bench_of(const BenchOptions& options);

}  // namespace annulet::runtime
