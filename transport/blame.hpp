/// Who was being talked to when an operation broke.
#pragma once

#include <cstddef>
#include <optional>

namespace annulet::transport {

/// Remembers who was being talked to when an exception passed: the first one counts.
class Blame {
 public:
  Blame(std::optional<std::size_t>& blamed, std::size_t rank) : blamed_(blamed), rank_(rank) {}
  ~Blame() {
    if (!finished_ && !blamed_) blamed_ = rank_;
  }
  Blame(const Blame&) = delete;
  Blame& operator=(const Blame&) = delete;
  void finished() noexcept { finished_ = true; }

 private:
  std::optional<std::size_t>& blamed_;
  std::size_t rank_;
  bool finished_ = false;
};

}  // namespace annulet::transport
