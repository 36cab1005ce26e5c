/// net.exchange = "auto": the starter tries the ring out, and decides for all whether a mesh is
/// faster.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "devices/side_by_side.hpp"
#include "runtime/objective_options.hpp"
#include "runtime/session.hpp"
#include "transport/ring_bytes.hpp"

namespace annulet::runtime {
namespace {

// As in training.cpp: all waits are watched by heartbeats and by the starter.
constexpr std::chrono::hours kLongest{24};

/// All-reduces before step 0, which no round counts.
struct Trial {
  transport::Ring& ring;
  devices::Clock& clock;
  transport::Operation operation;

  asio::awaitable<devices::Duration> time(std::size_t elements) {
    std::vector<float> values(elements);
    const auto start = clock.now();
    co_await ring.all_reduce(operation, values, {}, start + kLongest);
    co_return clock.now() - start;
  }

  /// What a hop takes: of the quickest of a few small sums, and of one that is large enough for the
  /// rate to show. The first of all only waits until everybody is there.
  asio::awaitable<devices::LinkSpeed> hop() {
    constexpr std::size_t kLarge = std::size_t{16} << 10;  // elements, 64 KiB
    constexpr int kTimes = 3;
    const auto W = static_cast<double>(ring.place().size), hops = 2 * (W - 1);
    co_await time(1);
    auto small = co_await time(1);
    for (int i = 1; i < kTimes; ++i) small = std::min(small, co_await time(1));
    const auto large = co_await time(kLarge);
    const double bytes = hops / W * static_cast<double>(kLarge * sizeof(float));
    const double byte_s = std::max(0.0, devices::seconds(large - small) / bytes);
    const double framing_s =
        byte_s * static_cast<double>(transport::all_reduce_framing(ring.place().size));
    const double delay = std::max(0.0, devices::seconds(small) - framing_s) / hops;
    co_return devices::LinkSpeed{byte_s > 0 ? 1 / byte_s : 0, devices::from_seconds(delay)};
  }

  /// Whether the starter says yes; what others say does not matter.
  asio::awaitable<bool> word_of_starter(bool ours) {
    std::vector<float> word{ring.place().rank == 0 && ours ? 1.0F : 0.0F};
    co_await ring.all_reduce(operation, word, {}, clock.now() + kLongest);
    co_return word[0] > 0;
  }
};

}  // namespace

/// After it all devices take the same way.
asio::awaitable<void> Session::choose_exchange(transport::Membership& membership) {
  const std::size_t W = view_.members.size();
  const bool wanted = config_.exchange == Exchange::automatic && W > 1 &&
                      config_.compress == transport::Compress::none;
  if (!wanted) co_return;
  const auto options =
      objective_options(config_.model, {view_.features, view_.labels.size(), view_.rows});
  const auto bytes = model::dimension(options, machine_.catalogue) * sizeof(float);
  Trial trial{*ring_, machine_.clock, {view_.epoch, 0, 0, false}};
  const auto hop = co_await trial.hop();
  if (!co_await trial.word_of_starter(transport::is_mesh_faster(W, bytes, hop))) co_return;
  others_.resize(W);
  co_await devices::with_deadline(machine_.clock, machine_.clock.now() + config_.peer_timeout,
                                  membership.connect_strangers(view_, others_));
  ring_->add_mesh(std::exchange(others_, {}));
}

}  // namespace annulet::runtime
