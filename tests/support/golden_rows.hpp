/// Golden rows on w8a: float64 values of an independent implementation, and their run files.
#pragma once

#include <array>
#include <ostream>
#include <string>
#include <vector>

#include "runtime/run_file.hpp"
#include "tests/support/data_folder.hpp"

namespace annulet::tests {

/// File-order shards, cyclic batches of 4, T = 160, x0 = 0, l2 = 1/n, equal weights.
struct GoldenRow {
  std::size_t workers;
  int h;
  const char* lr;
  bool correct_drift;
  double objective;     // f(x_160)
  double norm;          // |x_160|
  double average;       // f(quadratic average of the iterates, a = 1)
  double momentum = 0;  // of the outer step
};

inline std::ostream& operator<<(std::ostream& out, const GoldenRow& row) {
  return out << "W=" << row.workers << " H=" << row.h << " lr=" << row.lr
             << (row.correct_drift ? " corrected" : "") << (row.momentum > 0 ? " momentum" : "");
}

inline constexpr const char* kEtaOne = R"({kind="constant", value=1.0})";
inline constexpr std::array<GoldenRow, 7> kGoldenRows{{
    {1, 1, kEtaOne, false, 0.304784975390, 4.738506948, 0.305929008037},
    {4, 1, kEtaOne, false, 0.278844739973, 5.330187361, 0.274902581969},
    {4, 16, kEtaOne, false, 0.275082720589, 4.940208146, 0.272084681538},
    {4, 16, R"({kind="inverse", lr0=4.0, tau=40})", false, 0.280780856882, 6.009041622,
     0.276858140310},
    {4, 160, kEtaOne, false, 0.272650811071, 4.614240092, 0.270788568333},
    {4, 16, kEtaOne, true, 0.275937115572, 5.021125536, 0.272649849609},
    {4, 16, kEtaOne, false, 0.294000968850, 6.938116407, 0.283992126, 0.5},
}};

/// Full-batch gradient descent with eta = 1/L: each device takes all its rows at every step.
struct DescentRow {
  std::size_t workers;  // 1 or 3, which 49,749 rows can be divided by
  int steps;
  double objective;
};

inline std::ostream& operator<<(std::ostream& out, const DescentRow& row) {
  return out << "W=" << row.workers << " steps=" << row.steps;
}

inline constexpr const char* kEtaOverL = R"({kind="constant", value=1.5123571251005363})";
inline constexpr std::array<DescentRow, 4> kDescentAlone{{
    {1, 1, 0.400883904465},
    {1, 10, 0.253565332879},
    {1, 100, 0.184105074572},
    {1, 1000, 0.145600468909},
}};
inline constexpr std::array<DescentRow, 4> kDescentTogether{{
    {3, 1, 0.400883904465},
    {3, 10, 0.253565332879},
    {3, 100, 0.184105074572},
    {3, 1000, 0.145600468909},
}};

/// The run file of a row, as a user would write it.
inline std::string golden_run_file(const GoldenRow& row) {
  return "[run]\nsteps = 160\n[model]\nkind = \"logistic\"\nl2 = \"1/n\"\n[data]\ntrain = \"" +
         (data_folder() / "w8a.xz").string() +
         "\"\nfeatures = 300\npartition = \"file-order\"\nsampling = \"cyclic\"\n[train]\n"
         "batch = 4\nlr = " +
         row.lr + "\ncorrect_drift = " + (row.correct_drift ? "true" : "false") +
         "\n[schedule]\nkind = \"fixed\"\nh = " + std::to_string(row.h) +
         "\n[outer]\nmomentum = " + (row.momentum > 0 ? "0.5" : "0.0") +
         "\n[round]\nweights = \"equal\"\n";
}

inline runtime::RunConfig golden_config(const GoldenRow& row,
                                        const std::vector<std::string>& settings = {}) {
  return runtime::parse_run_file(golden_run_file(row), "golden.toml", "/", settings);
}

inline runtime::RunConfig golden_config(const DescentRow& row) {
  const GoldenRow like{row.workers, 1, kEtaOverL, false, row.objective, 0, 0};
  const std::vector<std::string> settings{"run.steps=" + std::to_string(row.steps),
                                          "train.batch=" + std::to_string(49749 / row.workers)};
  return golden_config(like, settings);
}

}  // namespace annulet::tests
