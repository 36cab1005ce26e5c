/// An Ethernet switch in user space, with delay, rate, tail drop and loss at each port: what the
/// netem queueing discipline does, which some kernels lack.
///
///   ethernet_switch PORTS RATE DELAY LOSS QUEUE
///
/// Makes PORTS TAP devices, port0, port1, ..., and says "ready"; each is then to be moved into the
/// network namespace of its computer. A frame arrives at its port after DELAY microseconds, at RATE
/// bits a second; what would wait there longer than QUEUE milliseconds is dropped, and so are LOSS
/// per cent of all frames, at random but the same in each call. What a computer sends is limited by
/// a token bucket of its own, not here. Runs until it is ended. Exit codes: 1 what went wrong is
/// said.
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <map>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "benchmarks/harness/harness.hpp"
#include "benchmarks/monotonic.hpp"

namespace annulet::benchmarks {
namespace {

constexpr std::size_t kAddress = 6, kHeader = 14, kLongestFrame = 2048;
constexpr std::size_t kFramesAtOnce = 16;  // of one port, before the others have their turn

struct Line {
  double bits_per_second = 0;
  Nanoseconds delay{}, longest_queue{};
  std::uint64_t lost_of_2_32 = 0;  // frames of every 2^32
};

struct Frame {
  Nanoseconds arrives{};
  std::vector<char> bytes;
};

struct Port {
  int descriptor = -1;
  Nanoseconds free_at{};  // when its line has sent all that waits
  std::deque<Frame> frames;
};

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int open_tap(std::size_t number) {
  const int descriptor = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) fail("/dev/net/tun");
  ifreq request{};
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  const auto name = "port" + std::to_string(number);
  std::ranges::copy(name, request.ifr_name);
  if (::ioctl(descriptor, TUNSETIFF, &request) < 0) fail(name);
  return descriptor;
}

class Switch {
 public:
  Switch(std::size_t ports, const Line& line)
      : line_(line), ports_(ports), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) fail("epoll");
    for (std::size_t i = 0; i < ports; ++i) {
      ports_[i].descriptor = open_tap(i);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, ports_[i].descriptor, &event) < 0) fail("epoll");
    }
  }

  [[noreturn]] void run() {
    for (;;) {
      wait(deliver());
      for (std::size_t i = 0; i < ready_; ++i) receive(events_[i].data.u64);
    }
  }

 private:
  /// Sends what has arrived; returns when the next frame will have.
  Nanoseconds deliver() {
    const auto now = monotonic();
    auto next = now + std::chrono::seconds(1);
    for (auto& port : ports_) {
      while (!port.frames.empty() && port.frames.front().arrives <= now) {
        const auto& bytes = port.frames.front().bytes;
        // A device that is not up, or whose queue is full, loses it, as a cable would.
        [[maybe_unused]] const auto sent = ::write(port.descriptor, bytes.data(), bytes.size());
        port.frames.pop_front();
      }
      if (!port.frames.empty()) next = std::min(next, port.frames.front().arrives);
    }
    return next;
  }

  void wait(Nanoseconds until) {
    const auto left = std::max(until - monotonic(), Nanoseconds(0));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec time{static_cast<time_t>(seconds.count()),
                        static_cast<long>((left - seconds).count())};
    const int ready =
        ::epoll_pwait2(epoll_, events_.data(), static_cast<int>(events_.size()), &time, nullptr);
    if (ready < 0 && errno != EINTR) fail("epoll");
    ready_ = static_cast<std::size_t>(std::max(ready, 0));
  }

  void receive(std::size_t from) {
    std::array<char, kLongestFrame> buffer;
    for (std::size_t i = 0; i < kFramesAtOnce; ++i) {
      const auto size = ::read(ports_[from].descriptor, buffer.data(), buffer.size());
      if (size < static_cast<ssize_t>(kHeader)) return;
      forward(from, std::span(buffer).first(static_cast<std::size_t>(size)));
    }
  }

  void forward(std::size_t from, std::span<const char> frame) {
    const std::string to(frame.data(), kAddress), sender(frame.data() + kAddress, kAddress);
    port_of_[sender] = from;
    if ((random_() & 0xFFFF'FFFFU) < line_.lost_of_2_32) return;
    const auto known = port_of_.find(to);
    const bool is_for_many = (frame[0] & 1) != 0;
    for (std::size_t i = 0; i < ports_.size(); ++i) {
      const bool is_meant = is_for_many || known == port_of_.end() || known->second == i;
      if (i != from && is_meant) queue(ports_[i], frame);
    }
  }

  void queue(Port& port, std::span<const char> frame) const {
    const auto arrives = monotonic() + line_.delay;
    const auto begins = std::max(arrives, port.free_at);
    if (begins - arrives > line_.longest_queue) return;
    const double takes = static_cast<double>(frame.size()) * 8e9 / line_.bits_per_second;
    port.free_at = begins + Nanoseconds(static_cast<std::int64_t>(takes));
    port.frames.push_back({port.free_at, {frame.begin(), frame.end()}});
  }

  Line line_;
  std::vector<Port> ports_;
  std::map<std::string, std::size_t> port_of_;  // by Ethernet address
  std::mt19937_64 random_{12345};
  int epoll_;
  std::array<epoll_event, 16> events_{};
  std::size_t ready_ = 0;
};

void work(std::span<char*> words) {
  if (words.size() != 6) {
    throw std::invalid_argument("usage: ethernet_switch PORTS RATE DELAY LOSS QUEUE");
  }
  Line line;
  line.bits_per_second = std::stod(words[2]);
  line.delay = std::chrono::microseconds(number_of("DELAY", words[3]));
  line.lost_of_2_32 = static_cast<std::uint64_t>(std::stod(words[4]) / 100 * 4294967296.0);
  line.longest_queue = std::chrono::milliseconds(number_of("QUEUE", words[5]));
  ::prctl(PR_SET_TIMERSLACK, 1);  // nanoseconds; 50 us by default
  // One of metal waits for no computer's processor. Not allowed without root: then it may.
  ::setpriority(PRIO_PROCESS, 0, -20);
  constexpr std::size_t kMostPorts = 64;
  const auto ports = number_of("PORTS", words[1]);
  if (ports < 1 || ports > kMostPorts) throw std::invalid_argument("PORTS: 1 to 64");
  Switch the_switch(ports, line);
  std::puts("ready");
  std::fflush(stdout);
  the_switch.run();
}

}  // namespace
}  // namespace annulet::benchmarks

int main(int count, char** words) {
  return annulet::benchmarks::exit_code_of("ethernet_switch", [&] {
    annulet::benchmarks::work({words, static_cast<std::size_t>(count)});
  });
}
