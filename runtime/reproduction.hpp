/// The paper's experiment, all of it: what is measured, and the figures that come of it.
#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "runtime/experiment.hpp"
#include "runtime/figure.hpp"

namespace annulet::runtime {

/// How much of it.
struct ReproductionScope {
  std::vector<std::size_t> devices{1, 2, 4, 8, 16, 32, 64};
  std::vector<model::Step> h{1, 4, 16, 64};
  std::vector<model::Step> factors{4, 16, 64};  // batches this many times larger
  std::vector<double> alphas{0.5, 1, 2, 4};     // of doubling
  std::size_t ring = 8;                         // of one ring's comparisons; one of devices
  std::vector<StepChoice> grid = step_grid();
  int seeds = 5;
  std::vector<double> targets{0.005, 0.0001};  // eps, the first for all but (b)
  model::Step longest = 131'072;               // T of bound against measurement
};

[[nodiscard]] ReproductionScope whole_scope();
/// A minute or so on two cores.
[[nodiscard]] ReproductionScope quick_scope();

/// All that is to be measured; the longest first.
[[nodiscard]] std::vector<Cell> reproduction_cells(const ReproductionScope& scope);

/// One number with what it is.
struct KeyFigure {
  std::string figure;  // "20.1x"
  std::string words;   // "speed-up of 64 devices with H = 64"
};

struct Reproduction {
  std::vector<KeyFigure> key_figures;
  std::vector<Figure> figures;  // (a) to (g)
  std::string table_csv;        // a row for each cell
};

/// measured: of reproduction_cells(scope). Runs what else (f) needs; told to stop it ends soon, and
/// (f) means nothing.
[[nodiscard]] Reproduction reproduce(const PaperProblem& problem, const ReproductionScope& scope,
                                     const Measurements& measured, std::size_t threads,
                                     const std::stop_token& stop = {});

/// The page: it holds its data and needs no network. about: what was run, for its head.
[[nodiscard]] std::string reproduction_page(const Reproduction& found, const std::string& about);

}  // namespace annulet::runtime
