/// The machine's monotonic clock.
#pragma once

#include <asio/any_io_executor.hpp>

#include "devices/clock.hpp"

namespace annulet::devices {

/// std::chrono::steady_clock. The executor's context must outlive it.
class SteadyClock final : public Clock {
 public:
  explicit SteadyClock(asio::any_io_executor executor);
  [[nodiscard]] TimePoint now() const override;
  asio::awaitable<bool> reach(TimePoint when) override;

 private:
  asio::any_io_executor executor_;
};

}  // namespace annulet::devices
