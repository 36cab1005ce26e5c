/// A ring that is only measured: no data, no training, the same rendezvous, watch and end.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "devices/side_by_side.hpp"
#include "runtime/local_sgd.hpp"
#include "runtime/measured_ring.hpp"
#include "runtime/session.hpp"
#include "runtime/text.hpp"
#include "transport/hop_trial.hpp"
#include "transport/ring_bytes.hpp"

namespace annulet::runtime {
namespace {

// Heartbeats and the starter do not watch those of a trial; 4 KiB at 1 kbit/s take half of it. Who
// answers lets who asks complain.
constexpr std::chrono::seconds kLongestTrial{60}, kLongestAnswers{90};
constexpr std::size_t kMostSums = 10'000;
// Sizes of which one would take longer than so many times measure.time are left out.
constexpr double kLongestSum = 5;
// What the starter says of each size, and with each sum.
constexpr float kLeftOut = 0, kRing = 1, kMesh = 2;
constexpr float kLast = 0, kAgain = 1, kEnd = 2;

/// Of what another device says.
double sound(float said) { return std::isfinite(said) && said > 0 ? static_cast<double>(said) : 0; }

}  // namespace

/// A vector, and what a sum keeps beside it.
void Session::check_measured_sizes() const {
  const auto most = static_cast<double>(sizeof(float)) *
                    static_cast<double>(std::ranges::max(config_.measure->elements));
  const auto memory = static_cast<double>(machine_.memory_bytes);
  if (memory == 0 || 2 * most <= memory) return;
  throw model::DataError(ErrorCode::out_of_memory, "sums of " + bytes_text(most) +
                                                       " do not fit into this device's memory: "
                                                       "ask for smaller ones");
}

/// Has this device's user had enough? The starter then ends it for all, by a word that `said` has.
bool Session::is_measured_enough(float said) {
  if (said == kEnd) settle(TrainingEnd::stopped);
  if (!starter_ && stop_.requested()) settle(TrainingEnd::left);
  return settled_;
}

/// Each device in turn tries its line while the others wait in a sum, which then tells all what
/// came of it: one hop is loaded at a time.
asio::awaitable<void> Session::measure_hops() {
  for (const auto& member : view_.members) measured_.devices.push_back(member.name);
  observer_.measured(measured_);
  const auto [rank, size] = ring_->place();
  const auto time = config_.measure->hop;
  for (std::size_t from = 0; time > devices::Duration{0} && from < size; ++from) {
    transport::LineSpeed line;
    const auto now = machine_.clock.now();
    if (rank == from) {
      co_await devices::with_deadline(machine_.clock, now + kLongestTrial,
                                      ring_->try_next(time, line));
    } else if (rank == (from + 1) % size) {
      co_await devices::with_deadline(machine_.clock, now + kLongestAnswers,
                                      ring_->answer_previous());
    }
    std::vector<float> said{static_cast<float>(devices::seconds(line.round_trip)),
                            static_cast<float>(devices::seconds(line.least)),
                            static_cast<float>(devices::seconds(line.delay())),
                            static_cast<float>(line.bytes_per_second), word_after_hop()};
    co_await ring_->all_reduce({view_.epoch, 0, 0, false}, said, {}, now + kSumLimit);
    measured_.hops.push_back({sound(said[0]), sound(said[1]), sound(said[2]), sound(said[3])});
    observer_.measured(measured_);
    if (is_measured_enough(said[4])) co_return;
  }
}

float Session::word_after_hop() const { return starter_ && stop_.requested() ? kEnd : kLast; }

/// Sums of that many elements, until the starter says that there is no other; its last word.
asio::awaitable<float> Session::time_sums(SumsMeasured& sums, devices::TimePoint limit) {
  const transport::Operation operation{view_.epoch, 0, 0, false};
  std::vector<float> values(static_cast<std::size_t>(sums.elements));
  std::vector<double> seconds;
  float word = kAgain;
  for (const auto begin = machine_.clock.now(); word == kAgain;) {
    const auto start = machine_.clock.now();
    word = next_word(seconds.size(), start - begin);
    co_await ring_->all_reduce(operation, values, {&word, 1}, limit);
    seconds.push_back(devices::seconds(machine_.clock.now() - start));
  }
  fill_in(sums, std::move(seconds), view_.members.size());
  co_return word;
}

/// The starter says of each size by which way it is summed, and with each sum whether there is
/// another one: as many as fit into measure.time.
asio::awaitable<void> Session::measure_sums(transport::Membership& membership) {
  const transport::Operation operation{view_.epoch, 0, 0, false};
  const auto limit = machine_.clock.now() + kSumLimit;
  devices::LinkSpeed link;
  const bool may_mesh = config_.exchange == Exchange::automatic && !settled_;
  if (may_mesh) link = co_await transport::measure_hop(*ring_, machine_.clock, operation, limit);
  for (std::size_t i = 0; i < config_.measure->elements.size() && !settled_; ++i) {
    SumsMeasured sums{.elements = config_.measure->elements[i]};
    std::vector<float> values{way_of(sums.elements, may_mesh ? &link : nullptr)};
    co_await ring_->all_reduce(operation, values, {}, limit);
    sums.over_mesh = values[0] == kMesh;
    if (sums.over_mesh && !ring_->has_mesh()) co_await add_mesh(membership);
    float word = kLast;
    if (values[0] != kLeftOut) word = co_await time_sums(sums, limit);
    measured_.sums.push_back(sums);
    observer_.measured(measured_);
    if (is_measured_enough(word)) co_return;
  }
  if (settled_) co_return;
  agreed_ = true;
  result_.measured = view_.members.size();
  finish(0, "done");
}

/// What the starter says of a size; others say nothing. link: of a mesh; null where there is none.
float Session::way_of(std::int64_t elements, const devices::LinkSpeed* link) const {
  if (!starter_) return 0;
  const auto bytes = static_cast<std::uint64_t>(elements) * sizeof(float);
  if (link != nullptr && transport::is_mesh_faster(view_.members.size(), bytes, *link))
    return kMesh;
  const double most = kLongestSum * devices::seconds(config_.measure->time);
  return !measured_.hops.empty() && formula_seconds(measured_, elements) > most ? kLeftOut : kRing;
}

/// And whether there is another sum after the one that follows `done`.
float Session::next_word(std::size_t done, devices::Duration passed) const {
  if (!starter_) return 0;
  if (stop_.requested()) return kEnd;
  if (done == 0) return kAgain;
  const auto n = static_cast<std::int64_t>(done);
  return done < kMostSums && passed / n * (n + 2) <= config_.measure->time ? kAgain : kLast;
}

}  // namespace annulet::runtime
