/// Newton steps on the processor.
#include "runtime/optimum_search.hpp"

#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

double norm_of(const std::vector<double>& x) {
  return std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0));
}

std::string failure_text(model::SearchEnd end, const model::OptimumProgress& progress) {
  if (end == model::SearchEnd::none) return "interrupted";
  if (end == model::SearchEnd::no_minimum) {
    return "f has no least value on these data: the larger the parameters, the better they fit. "
           "Set model.l2 above 0; \"1/n\" is the paper's";
  }
  return "no least value was found in " + std::to_string(progress.iterations) +
         " steps, |grad f| is still " + value_text(progress.gradient_norm) +
         ": bring the features to a like size, or raise model.l2";
}

}  // namespace

OptimumKnown optimum_of(const model::OptimumSearch& search, model::SearchEnd end) {
  const auto& progress = search.progress();
  OptimumKnown known{.f_star = std::nullopt,
                     .norm = norm_of(search.x()),
                     .gradient_norm = progress.gradient_norm,
                     .converged = end == model::SearchEnd::found,
                     .iterations = progress.iterations,
                     .problem = {}};
  if (known.converged || end == model::SearchEnd::nearest) {
    known.f_star = progress.f;
  } else {
    known.problem = failure_text(end, progress);
  }
  return known;
}

asio::awaitable<OptimumKnown> find_optimum(OptimumInputs in, std::stop_token stop) {
  std::unique_ptr<model::ConvexProblem> problem;
  std::unique_ptr<model::OptimumSearch> search;
  co_await in.processor.run({}, [&] {
    problem = in.entry.make_problem(in.options, in.rows);
    search = std::make_unique<model::OptimumSearch>(*problem);
  });
  auto end = model::SearchEnd::none;
  while (end == model::SearchEnd::none && !stop.stop_requested()) {
    const auto before = search->progress();
    co_await in.processor.run({}, [&] { end = search->step(stop); });
    const auto& now = search->progress();
    if (now == before) continue;
    in.observer.searched({now.iterations, now.f, now.gradient_norm, now.products});
  }
  co_return optimum_of(*search, end);
}

}  // namespace annulet::runtime
