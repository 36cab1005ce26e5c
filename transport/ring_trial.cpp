/// Trials of a ring's lines: headers, bytes that mean nothing, and a clock.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <system_error>
#include <vector>

#include "devices/side_by_side.hpp"
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
constexpr std::size_t kFewest = 3, kMost = 21;    // small messages that count
constexpr std::chrono::seconds kPatience{20};     // 4 KiB at 2 kbit/s
constexpr std::chrono::minutes kLongestTrial{2};  // of a neighbour that never ends it
constexpr std::uint64_t kOver = 0;                // the number that is the last word

asio::awaitable<void> say(Link& link, std::uint64_t number, std::uint32_t bytes) {
  const auto header =
      encode(FrameHeader{.type = FrameType::trial, .elements = bytes, .round = number});
  co_await send_all(link, header);
}

asio::awaitable<FrameHeader> hear(Link& link) {
  std::array<std::byte, kHeaderSize> bytes{};
  co_await receive_all(link, bytes);
  const auto header = decode(bytes);
  if (header.type != FrameType::trial) throw std::system_error(errc::unexpected_message);
  if (header.elements > kLongestBurst) throw std::system_error(errc::too_large);
  co_return header;
}

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

/// One end's part of a trial.
class Trial {
 public:
  Trial(Link& link, devices::Clock& clock) : link_(link), clock_(clock) {}

  asio::awaitable<LineSpeed> run(Duration time) {
    const auto begin = clock_.now();
    co_await answered(0);  // what wakes up for it is not timed
    std::vector<Duration> times;
    while (times.size() < kFewest || (times.size() < kMost && clock_.now() - begin < time)) {
      times.push_back(co_await answered(0));
    }
    std::ranges::sort(times);
    LineSpeed speed{.round_trip = times[times.size() / 2], .least = times.front()};
    for (std::uint32_t bytes = kFirstBurst;;) {
      const auto longer = co_await answered(bytes) - speed.round_trip;
      if (longer >= time || bytes == kLongestBurst) {
        const double seconds = devices::seconds(longer);
        if (seconds > 0) speed.bytes_per_second = bytes / seconds;
        break;
      }
      bytes = std::min(kLongestBurst, bytes * (longer < time / 8 ? 4 : 2));
    }
    co_await say(link_, kOver, 0);
    co_return speed;
  }

 private:
  /// How long so many bytes took, with the answer.
  asio::awaitable<Duration> answered(std::uint32_t bytes) {
    const auto start = clock_.now();
    co_await devices::with_deadline(clock_, start + kPatience, there_and_back(bytes));
    co_return clock_.now() - start;
  }

  asio::awaitable<void> there_and_back(std::uint32_t bytes) {
    co_await say(link_, ++number_, bytes);
    for (std::size_t left = bytes; left > 0;) {
      const ConstBytes piece = ConstBytes(noise_).first(std::min(left, kBuffer));
      left -= co_await link_.send_some({&piece, 1});
    }
    const auto answer = co_await hear(link_);
    FrameHeader{.type = FrameType::trial, .round = number_}.require_same(answer);
  }

  Link& link_;
  devices::Clock& clock_;
  std::vector<std::byte> noise_ = noise();
  std::uint64_t number_ = kOver;
};

asio::awaitable<void> answer_all(Link& link) {
  std::vector<std::byte> buffer(kBuffer);
  for (;;) {
    const auto header = co_await hear(link);
    if (header.round == kOver) co_return;
    for (std::size_t left = header.elements; left > 0;) {
      const Bytes piece = Bytes(buffer).first(std::min(left, kBuffer));
      left -= co_await link.receive_some({&piece, 1});
    }
    co_await say(link, header.round, 0);
  }
}

}  // namespace

Duration LineSpeed::delay() const noexcept {
  const double header_s = bytes_per_second > 0 ? kHeaderSize / bytes_per_second : 0;
  return std::max(Duration{0}, least / 2 - devices::from_seconds(header_s));
}

asio::awaitable<LineSpeed> Ring::try_next(Duration time) {
  Blame blame(blamed_, (place_.rank + 1) % place_.size);
  Trial trial(*to_next_, clock_);
  const auto speed = co_await trial.run(time);
  blame.finished();
  co_return speed;
}

asio::awaitable<void> Ring::answer_previous() {
  Blame blame(blamed_, (place_.rank + place_.size - 1) % place_.size);
  const auto limit = clock_.now() + kLongestTrial;
  co_await devices::with_deadline(clock_, limit, answer_all(*from_previous_));
  blame.finished();
}

}  // namespace annulet::transport
