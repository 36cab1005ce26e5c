/// The search for f*, beside heartbeats: before step 0 or after the end of a run.
#pragma once

#include <stop_token>
#include <string>

#include <asio/awaitable.hpp>

#include "devices/processor.hpp"
#include "model/catalogue.hpp"
#include "model/optimum.hpp"
#include "runtime/observer.hpp"

namespace annulet::runtime {

/// What a search borrows; all of it outlives the search.
struct OptimumInputs {
  devices::Processor& processor;
  Observer& observer;                  // told of each step
  const model::CatalogueEntry& entry;  // has a make_problem
  const model::ObjectiveOptions& options;
  const model::Shard& rows;  // all of them
};

/// One Newton step after the other; costs no virtual time. Told to stop, it is a problem of the
/// words "interrupted". Throws model::DataError, std::bad_alloc.
asio::awaitable<OptimumKnown> find_optimum(OptimumInputs in, std::stop_token stop);

/// What a search found: f_star, or the problem.
[[nodiscard]] OptimumKnown optimum_of(const model::OptimumSearch& search, model::SearchEnd end);

}  // namespace annulet::runtime
