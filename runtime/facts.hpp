/// The facts that travel with every average, beside the model.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace annulet::runtime {

/// As they ride in the ring: a float32 tail that no codec touches. Each entry is summed over the
/// devices, so each is a device's own share.
inline constexpr std::size_t kFacts = 6;
using FactTail = std::array<float, kFacts>;

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

  [[nodiscard]] FactTail tail() const {
    return {static_cast<float>(loss),    static_cast<float>(delta_norm2),
            static_cast<float>(samples), static_cast<float>(not_finite),
            static_cast<float>(culprit), static_cast<float>(request)};
  }
  [[nodiscard]] static Facts from(const FactTail& t) {
    return {t[0], t[1], t[2], t[3], t[4], t[5]};
  }
  /// What is asked for; nothing where a broken device made it no sum of Requests.
  [[nodiscard]] std::uint32_t requests() const {
    return request >= 0 && request <= kAllRequests ? static_cast<std::uint32_t>(request) : 0;
  }
};

}  // namespace annulet::runtime
