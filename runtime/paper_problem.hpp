/// The paper's problem on a data set: what all runs of an experiment have in common.
#pragma once

#include <cmath>
#include <memory>
#include <stop_token>

#include "model/dataset.hpp"
#include "model/shard.hpp"

namespace annulet::runtime {

/// Logistic regression with l2 = 1/n, so mu = 1/n. Source: Stich 2019, section 4.
struct PaperProblem {
  std::shared_ptr<const model::Dataset> data;
  std::shared_ptr<const model::Shard> rows;  // all of them
  double l2 = 0;
  double f_star = 0;      // the least value of f
  double norm2 = 0;       // |x*|^2, x* where that is; a run begins at 0
  double smoothness = 0;  // L

  /// f - f* at x = 0, where a run begins.
  [[nodiscard]] double first_gap() const { return std::log(2.0) - f_star; }
  [[nodiscard]] double n() const { return static_cast<double>(rows->size()); }
  [[nodiscard]] double kappa() const { return smoothness / l2; }
};

/// Throws model::DataError where a run would begin within eps of f*.
void check_learnable(const PaperProblem& problem, double eps);

/// Finds f* and L, in a second or so. Throws model::DataError where the labels are not of two
/// classes, the rows are not sparse (LIBSVM), or no least value is found. Told to stop it ends
/// soon, with numbers of no meaning.
[[nodiscard]] PaperProblem make_paper_problem(std::shared_ptr<const model::Dataset> data,
                                              const std::stop_token& stop = {});

}  // namespace annulet::runtime
