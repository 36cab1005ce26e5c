/// What all-reduces have in common, whichever way they take.
#pragma once

#include <cstddef>
#include <cstdint>

#include "devices/units.hpp"

namespace annulet::transport {

/// A worker's place among those that add up.
struct Place {
  std::size_t rank, size;
};

/// Elements [begin, end) of segment s when d elements are cut among `size` workers: the first
/// d mod size segments are one element longer. Depends on d and size alone.
struct Segment {
  std::size_t begin, end;
  [[nodiscard]] std::size_t length() const noexcept { return end - begin; }
  bool operator==(const Segment&) const = default;
};
[[nodiscard]] Segment segment(std::size_t d, std::size_t size, std::size_t s) noexcept;

/// Bytes at the socket. model: elements and facts of training rounds; control: everything else.
struct Traffic {
  std::uint64_t model_sent = 0, control_sent = 0;
  std::uint64_t model_received = 0, control_received = 0;
  bool operator==(const Traffic&) const = default;
  friend Traffic operator+(const Traffic& a, const Traffic& b) noexcept {
    return {a.model_sent + b.model_sent, a.control_sent + b.control_sent,
            a.model_received + b.model_received, a.control_received + b.control_received};
  }
  [[nodiscard]] std::uint64_t sent() const noexcept { return model_sent + control_sent; }
  [[nodiscard]] std::uint64_t received() const noexcept {
    return model_received + control_received;
  }
};

/// Which all-reduce this is; all workers must say the same.
struct Operation {
  std::uint32_t epoch = 0;
  std::uint64_t number = 0;
  std::uint64_t digest = 0;  // of the model all workers should hold: a difference is found here
  bool training = true;      // its elements count as model bytes, else as control

  /// Of the checksum of a part of it: so that a part in the wrong place does not pass.
  [[nodiscard]] std::uint64_t seed_of(std::size_t part) const noexcept {
    return number * 4096 + part;
  }
};

/// Where the time of an operation went.
struct RingTiming {
  devices::Duration wait{0};     // until the predecessor's header came, over a mesh everybody's
  devices::Duration average{0};  // the rest
};

}  // namespace annulet::transport
