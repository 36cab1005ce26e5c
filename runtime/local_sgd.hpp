/// Local SGD: Algorithm 1 of Stich, ICLR 2019, as one device runs it. Read this first.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/processor.hpp"
#include "model/solver.hpp"
#include "runtime/round.hpp"
#include "runtime/schedule.hpp"
#include "transport/ring.hpp"

namespace annulet::runtime {

/// After which a sum fails, as a last resort: heartbeats and the starter watch all waits for other
/// devices (Session::tell_progress), and this bounds what those would miss.
inline constexpr std::chrono::hours kSumLimit{24};

/// What neighbours compare in every operation: that they have the same model after as many steps.
[[nodiscard]] std::uint64_t digest_of(std::uint64_t hash, model::Step t);

/// Times and numbers of one committed round, for observers.
struct RoundRecord {
  model::Step h = 0;
  model::Step own = 0;             // of them, the steps that this device took
  std::vector<model::Step> all{};  // and those of every device; empty where rounds are even
  bool cut = false;  // there were no more steps: a run of more would have gone another way
  Facts facts;       // summed over the devices
  devices::Duration compute{0};
  transport::RingTiming ring;
  devices::Duration hidden{0};  // of ring: what went on beside the next round's steps
  std::string reason;           // why the schedule chose h

  /// Of ring: what the device spent on nothing else. With compute this comes to the time that all
  /// rounds took.
  [[nodiscard]] transport::RingTiming seen() const;
};

/// Work space: so rounds allocate nothing.
struct RoundWork {
  OwnChange own;             // where none is under way
  State next;                // what the round will commit
  std::vector<float> delta;  // (d)
  std::vector<float> tail;   // the facts as they travel
};

/// What the loop borrows. All of it outlives the loop.
struct LocalSgd {
  devices::Clock& clock;
  devices::Processor& processor;
  transport::Ring& ring;
  model::LocalSolver<float>& solver;
  const model::StepSize& eta;
  const SyncSchedule& schedule;
  RoundRules rules;
  const transport::Codec* codec = nullptr;   // of the deltas; null: float32
  model::Step horizon = 0;                   // T
  double step_flops = 0;                     // of one local step on this device
  std::uint32_t epoch = 1;                   // of the view
  devices::Duration round_limit{kSumLimit};  // last resort for one all-reduce
  std::stop_token stop_computing{};  // ends local steps when the round cannot be finished any more
  std::function<std::uint32_t()> request;  // what this device asks of all: a sum of Requests
  std::uint64_t& operations;               // all-reduces so far: the number of the next
  std::unique_ptr<RoundWork> work = std::make_unique<RoundWork>();
};

enum class RoundEnd { committed, stop, enough, diverged };

/// Takes one round: H local steps, one average, one commit. With net.overlap the steps of the next
/// round, if there is to be one, are taken beside the average; the state has them then as under
/// way, and the next call averages those. With RoundEnd::diverged the state is unchanged, facts
/// tell who. Throws std::system_error when the average fails, std::logic_error when the schedule
/// chooses no step at all: state unchanged.
asio::awaitable<RoundEnd> take_round(LocalSgd& run, State& state, RoundRecord& record);

}  // namespace annulet::runtime
