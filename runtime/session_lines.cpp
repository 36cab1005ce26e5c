/// How this device sends over its line to the next one: net.congestion, and net.streams = "auto".
#include <cstddef>
#include <system_error>
#include <utility>
#include <vector>

#include "runtime/local_sgd.hpp"
#include "runtime/session.hpp"
#include "transport/errors.hpp"

namespace annulet::runtime {
namespace {

constexpr std::size_t kTrialElements = std::size_t{64} << 10;  // 256 KiB
constexpr int kTrials = 2;
constexpr std::uint64_t kLook = 2000;  // segments between two looks at a line
constexpr const char* kSteady = "bbr";

/// Of what another device says.
std::size_t streams_of(float word) {
  if (word == 1) return 1;
  if (word == kMostChosenStreams) return kMostChosenStreams;
  throw std::system_error(transport::errc::unexpected_message);
}

}  // namespace

/// Before anything is sent over it. `link` may be null, where there is no such neighbour.
void Session::use_congestion(transport::Link* link) const {
  const auto& name = config_.congestion;
  if (name == kChosenCongestion || name == kSystemCongestion || link == nullptr) return;
  if (link->set_congestion(name)) return;
  throw transport::RendezvousError(
      ErrorCode::congestion_refused,
      "the kernel of this device refuses net.congestion " + name +
          ", so the run cannot begin. `sysctl net.ipv4.tcp_available_congestion_control` lists "
          "what it has now; as root `modprobe tcp_" +
          name +
          "` adds it, and `net.ipv4.tcp_allowed_congestion_control` gives it to all users. Or "
          "leave "
          "the key out");
}

/// What was seen, and what comes of it: whether BBR was taken, where that is left open.
LineChosen Session::choose_congestion(const transport::LineHealth& seen) {
  LineChosen chosen{.segments = seen.segments,
                    .lost = seen.lost,
                    .round_trip_s = devices::seconds(seen.round_trip)};
  if (!watching_ || !is_held_back(seen)) return chosen;
  watching_ = false;  // asked once: a kernel that refuses does so again
  chosen.congestion = ring_->to_next().set_congestion(kSteady) ? kSteady : "refused";
  return chosen;
}

/// After it both ends of each hop use as many connections as who sends has said to all.
asio::awaitable<void> Session::choose_streams() {
  const auto [rank, size] = ring_->place();
  watching_ = size > 1 && config_.congestion == kChosenCongestion;
  if (size == 1 || config_.streams != kChosenStreams) co_return;
  const transport::Operation operation{view_.epoch, 0, 0, false};
  const auto limit = machine_.clock.now() + kSumLimit;
  ring_->to_next().set_streams(1);
  ring_->from_previous().set_streams(1);
  std::vector<float> nothing(kTrialElements);
  for (int i = 0; i < kTrials; ++i) co_await ring_->all_reduce(operation, nothing, {}, limit);
  watched_ = ring_->to_next().health();
  auto chosen = choose_congestion(watched_);
  if (is_held_back(watched_) && chosen.congestion != kSteady) chosen.streams = kMostChosenStreams;
  std::vector<float> words(size);
  words[rank] = static_cast<float>(chosen.streams);
  co_await ring_->all_reduce(operation, words, {}, limit);
  ring_->to_next().set_streams(streams_of(words[rank]));
  ring_->from_previous().set_streams(streams_of(words[(rank + size - 1) % size]));
  streams_ = chosen.streams;
  chosen_ = chosen;
}

/// Between two rounds. What was chosen before step 0 is told first.
void Session::watch_line() {
  if (chosen_) observer_.line_chosen(*std::exchange(chosen_, std::nullopt));
  if (!watching_) return;
  const auto now = ring_->to_next().health();
  const auto seen = now.since(watched_);
  if (seen.segments < kLook) return;
  watched_ = now;
  auto chosen = choose_congestion(seen);
  chosen.streams = streams_;
  if (!chosen.congestion.empty()) observer_.line_chosen(chosen);
}

}  // namespace annulet::runtime
