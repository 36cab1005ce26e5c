/// What the starter asks of those who know data: does this device's data fit, and what do all
/// share?
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "transport/errors.hpp"
#include "transport/messages.hpp"

namespace annulet::transport {

/// A device that wants to take part, and what it found in its data.
struct Candidate {
  std::string name;
  Survey survey;
};

/// What all devices must know alike before step 0.
struct Agreement {
  std::uint64_t features = 0;
  std::uint64_t rows = 0;
  std::vector<float> labels;
};

class Admission {
 public:
  virtual ~Admission() = default;
  /// Why the newcomer's data does not fit those accepted; nullopt when it does.
  [[nodiscard]] virtual std::optional<Cause> refusal(std::span<const Candidate> accepted,
                                                     const Candidate& newcomer) const = 0;
  /// Throws with a sentence when the data of all together cannot be trained on.
  [[nodiscard]] virtual Agreement agree(std::span<const Candidate> all) const = 0;
};

}  // namespace annulet::transport
