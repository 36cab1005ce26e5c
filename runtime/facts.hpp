/// The facts that travel with every average, beside the model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "runtime/effort.hpp"

namespace annulet::runtime {

// They ride in the ring as a float32 tail that no codec touches. Each entry is summed over the
// devices, so each is a device's own share. What only some runs need comes behind: two facts and,
// in ring order, slots that each device fills one of; then one fact more.
inline constexpr std::size_t kFacts = 6;
inline constexpr std::size_t kUnevenFacts = 2;

/// What a tail has beside the six facts.
enum class Tail {
  even,    // nothing
  uneven,  // two facts, seconds a step of each device: round.pace = "time", or who drops out
  timed,   // and the mean seconds of the last round, at the end: schedules that ask for the time
};

/// How long the tail is.
[[nodiscard]] constexpr std::size_t fact_count(Tail tail, std::size_t workers) noexcept {
  if (tail == Tail::even) return kFacts;
  return kFacts + kUnevenFacts + workers + (tail == Tail::timed ? 1 : 0);
}

/// What the starter asks of all devices with a round: a sum of these. Nobody else asks, so that
/// the sum over the devices is the starter's own word.
enum Request : std::uint32_t {
  kStop = 1,        // end after this round: interrupted
  kEnough = 2,      // end after this round: done
  kCheckpoint = 4,  // keep the state after this round
};
inline constexpr std::uint32_t kAllRequests = kStop | kEnough | kCheckpoint;

/// One device's part, and after the average the sum of all parts.
struct Facts {
  double loss = 0;         // p_w (mean mini-batch loss of the round)
  double delta_norm2 = 0;  // p_w |D_w|^2
  double samples = 0;      // rows seen in the round
  double not_finite = 0;   // 1 when this device's model is not finite: its delta is left out
  double culprit = 0;      // rank + 1 of such a device
  double request = 0;      // a sum of Requests
  LeftOut left_out{};      // of uneven rounds

  /// tail: fact_count() long. What it has of times is the caller's.
  void write(std::span<float> tail) const {
    const double values[] = {loss,    delta_norm2, samples,         not_finite,
                             culprit, request,     left_out.effort, left_out.share};
    const auto count = std::min(tail.size(), kFacts + kUnevenFacts);
    for (std::size_t i = 0; i < count; ++i) tail[i] = static_cast<float>(values[i]);
  }
  /// Of a tail that is empty: none.
  [[nodiscard]] static Facts from(std::span<const float> t) {
    if (t.empty()) return {};
    Facts facts{t[0], t[1], t[2], t[3], t[4], t[5], {}};
    if (t.size() > kFacts) facts.left_out = {t[kFacts], t[kFacts + 1]};
    return facts;
  }
  /// What is asked for; nothing where a broken device made it no sum of Requests.
  [[nodiscard]] std::uint32_t requests() const {
    return request >= 0 && request <= kAllRequests ? static_cast<std::uint32_t>(request) : 0;
  }
};

}  // namespace annulet::runtime
