/// Spinning that gives itself up where it does not pay.
#include "devices/spin.hpp"

#include <algorithm>
#include <thread>

namespace annulet::devices {

bool Spin::once_more() {
  if (state_ == State::looking) return begin();
  if (state_ == State::sleeping) return false;
  // A look costs a few microseconds; what is beyond that the processor was with others.
  constexpr auto kLook = std::chrono::microseconds(5);
  const auto now = clock_->now();
  spent_ += std::min<Duration>(now - looked_, kLook);
  looked_ = now;
  if (spent_ < allowed_) {
    std::this_thread::yield();
    return true;
  }
  constexpr std::uint32_t kMostDoublings = 8;
  in_vain_ = std::min(in_vain_ + 1, kMostDoublings);
  to_skip_ = (1U << in_vain_) - 1;
  state_ = State::sleeping;
  return false;
}

bool Spin::begin() {
  if (longest_ > Duration{0}) begun_ = clock_->now();
  if (longest_ <= Duration{0} || to_skip_ > 0) {
    if (to_skip_ > 0) --to_skip_;
    state_ = State::sleeping;
    return false;
  }
  state_ = State::spinning;
  spent_ = Duration{0};
  looked_ = begun_;
  return true;
}

void Spin::woke(bool may_pay) noexcept {
  constexpr int kMost = 4;
  if (state_ != State::sleeping || longest_ <= Duration{0}) return;
  state_ = State::looking;
  if (!may_pay || clock_->now() - begun_ > kMost * longest_) {
    allowed_ = std::max(longest_, allowed_ / 2);
    return;
  }
  allowed_ = kMost * longest_;
  in_vain_ = to_skip_ = 0;
}

void Spin::came() noexcept {
  if (state_ == State::spinning) in_vain_ = 0;
  state_ = State::looking;
}

}  // namespace annulet::devices
