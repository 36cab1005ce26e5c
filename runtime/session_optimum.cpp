/// The starter's search for f*: for run.target_gap before step 0, for --gap after the end.
#include <exception>
#include <string>
#include <utility>

#include "devices/side_by_side.hpp"
#include "runtime/failure.hpp"
#include "runtime/memory_check.hpp"
#include "runtime/objective_options.hpp"
#include "runtime/optimum_search.hpp"
#include "runtime/session.hpp"

namespace annulet::runtime {
namespace {

std::string sentence_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& failure) {
    return failure_of(failure).sentence;
  }
}

}  // namespace

/// Why nobody can find f*, or "".
std::string Session::optimum_refusal() const {
  if (!entry_of(config_, machine_.catalogue).make_problem) {
    return "model.kind " + config_.model.kind + " is not convex, so nobody knows its least value";
  }
  for (const auto& member : view_.members) {
    if (member.own_data && view_.members.size() > 1) {
      return member.name + " brings data of its own, and the least value is that of all rows";
    }
  }
  return {};
}

void Session::say_where_no_optimum_is() {
  OptimumKnown none;
  none.problem = optimum_refusal();
  if (none.problem.empty()) return;
  wants_gap_ = false;
  observer_.optimum(none);
}

asio::awaitable<OptimumKnown> Session::search_optimum(std::stop_token hurry) {
  std::stop_source stop;
  const auto end = [&stop] { stop.request_stop(); };
  const std::stop_callback at_first(stop_.token(), end);
  const std::stop_callback at_second(std::move(hurry), end);
  model::Shard rows;
  co_await machine_.processor.run({}, [&] { rows = data_.whole(view_, label_use()); });
  const auto& entry = entry_of(config_, machine_.catalogue);
  const auto options =
      objective_options(config_.model, {view_.features, view_.labels.size(), view_.rows});
  const auto reason = search_refusal(model::dimension(options, machine_.catalogue), *rows.data,
                                     machine_.memory_bytes);
  if (!reason.empty()) throw model::DataError(ErrorCode::out_of_memory, reason);
  co_return co_await find_optimum({machine_.processor, observer_, entry, options, rows},
                                  stop.get_token());
}

asio::awaitable<double> Session::optimum_for_target(std::stop_token hurry) {
  const auto known = co_await search_optimum(hurry);
  if (stop_.requested() || hurry.stop_requested()) throw Interrupted{};
  if (!known.f_star) throw ConfigError(ErrorCode::no_optimum, "run.target_gap: " + known.problem);
  observer_.optimum(known);
  co_return *known.f_star;
}

/// The other devices have gone by now, and the results are written.
asio::awaitable<void> Session::measure_gap() {
  auto [error, known] = co_await devices::attempt(search_optimum(machine_.stop_computing));
  if (error) known.problem = sentence_of(error);
  if (known.f_star && result_.objective) {
    result_.f_star = known.f_star;
    result_.gap = *result_.objective - *known.f_star;
  }
  observer_.optimum(known);
}

}  // namespace annulet::runtime
