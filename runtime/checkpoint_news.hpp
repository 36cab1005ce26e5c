/// What there is to say of checkpoints while a run goes on: that they fail, and that they work
/// again.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/observer.hpp"

namespace annulet::runtime {

class CheckpointNews final {
 public:
  /// A sentence when the first of several fails, and when one is written again; else empty.
  [[nodiscard]] std::string hear(const Checkpointed& event);

  /// The last one could not be written.
  [[nodiscard]] bool is_missing() const noexcept { return is_missing_; }
  /// The round of the newest one that is there; 0: none.
  [[nodiscard]] std::int64_t newest() const noexcept { return newest_; }

 private:
  bool is_missing_ = false;
  std::int64_t newest_ = 0;
};

}  // namespace annulet::runtime
