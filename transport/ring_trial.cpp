/// Trials of a ring's lines: headers, bytes that mean nothing, and a clock.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <system_error>
#include <vector>

#include "transport/blame.hpp"
#include "transport/errors.hpp"
#include "transport/frame.hpp"
#include "transport/line_speed.hpp"
#include "transport/ring.hpp"

namespace annulet::transport {
namespace {

using devices::Duration;

constexpr std::uint32_t kFirstBurst = 4 << 10, kLongestBurst = 64 << 20;  // bytes
constexpr std::size_t kBuffer = std::size_t{64} << 10;
constexpr int kFewest = 3, kMost = 21;  // small messages that count
constexpr std::uint64_t kOver = 0;      // the number that is the last word

using Header = std::array<std::byte, kHeaderSize>;

Header trial_header(std::uint64_t number, std::uint32_t bytes) {
  return encode(FrameHeader{.type = FrameType::trial, .elements = bytes, .round = number});
}

/// What is sent next, by what has come of it so far.
struct Trial {
  Duration time;
  LineSpeed& found;
  std::uint32_t bytes = 0;
  std::vector<double> small{};  // seconds, without the first, which may wake something up
  Duration passed{0};
  int messages = 0;

  /// The last one took so long, with its answer. Is there another?
  bool goes_on(Duration took) {
    passed += took;
    return bytes == 0 ? was_small(took) : was_burst(took);
  }

 private:
  bool was_small(Duration took) {
    if (messages > 0) small.push_back(devices::seconds(took));
    ++messages;
    if (messages <= kFewest || (messages <= kMost && passed < time)) return true;
    std::ranges::sort(small);
    found.round_trip = devices::from_seconds(small[small.size() / 2]);
    found.least = devices::from_seconds(small.front());
    bytes = kFirstBurst;
    return true;
  }

  bool was_burst(Duration took) {
    const auto longer = took - found.round_trip;
    if (longer < time && bytes < kLongestBurst) {
      bytes *= longer < time / 8 && bytes < kLongestBurst / 4 ? 4U : 2U;
      return true;
    }
    if (longer > Duration{0}) found.bytes_per_second = bytes / devices::seconds(longer);
    return false;
  }
};

/// Nothing that a line could press together.
std::vector<std::byte> noise() {
  std::vector<std::byte> bytes(kBuffer);
  std::uint32_t state = 1;
  for (auto& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<std::byte>(state >> 24U);
  }
  return bytes;
}

}  // namespace

Duration LineSpeed::delay() const noexcept {
  const double header_s = bytes_per_second > 0 ? kHeaderSize / bytes_per_second : 0;
  return std::max(Duration{0}, least / 2 - devices::from_seconds(header_s));
}

asio::awaitable<void> Ring::try_next(Duration time, LineSpeed& found) {
  Blame blame(blamed_, (place_.rank + 1) % place_.size);
  const auto burst = noise();
  Trial trial{time, found};
  std::uint64_t number = kOver;
  Header header;
  for (auto start = clock_.now();; start = clock_.now()) {
    header = trial_header(++number, trial.bytes);
    co_await send_all(*to_next_, header);
    for (std::size_t left = trial.bytes; left > 0; left -= std::min(left, kBuffer)) {
      co_await send_all(*to_next_, ConstBytes(burst).first(std::min(left, kBuffer)));
    }
    co_await receive_all(*to_next_, header);
    FrameHeader{.type = FrameType::trial, .round = number}.require_same(decode(header));
    if (!trial.goes_on(clock_.now() - start)) break;
  }
  header = trial_header(kOver, 0);
  co_await send_all(*to_next_, header);
  blame.finished();
}

asio::awaitable<void> Ring::answer_previous() {
  Blame blame(blamed_, (place_.rank + place_.size - 1) % place_.size);
  std::vector<std::byte> buffer(kBuffer);
  Header header;
  for (;;) {
    co_await receive_all(*from_previous_, header);
    const auto said = decode(header);
    if (said.type != FrameType::trial) throw std::system_error(errc::unexpected_message);
    if (said.elements > kLongestBurst) throw std::system_error(errc::too_large);
    if (said.round == kOver) break;
    for (std::size_t left = said.elements; left > 0; left -= std::min(left, kBuffer)) {
      co_await receive_all(*from_previous_, Bytes(buffer).first(std::min(left, kBuffer)));
    }
    header = trial_header(said.round, 0);
    co_await send_all(*from_previous_, header);
  }
  blame.finished();
}

}  // namespace annulet::transport
