/// The compute thread and its virtual twin.
#include "devices/processor.hpp"

#include <exception>
#include <utility>

#include <asio/post.hpp>
#include <asio/this_coro.hpp>

#include "devices/signal.hpp"

namespace annulet::devices {

asio::awaitable<void> ComputeThread::run(Flops /*cost*/, std::function<void()> work) {
  const auto executor = co_await asio::this_coro::executor;
  Signal done(executor);
  std::exception_ptr error;
  asio::post(pool_, [&] {
    try {
      work();
    } catch (...) {
      error = std::current_exception();
    }
    asio::post(executor, [&done] { done.notify(); });
  });
  co_await done.wait_shielded();
  if (error) std::rethrow_exception(error);
}

asio::awaitable<void> VirtualProcessor::run(Flops cost, std::function<void()> work) {
  work();
  co_await clock_.sleep_until(clock_.now() + time_of(cost, {}));
}

asio::awaitable<void> SlowedProcessor::run(Flops cost, std::function<void()> work) {
  const auto begin = clock_.now();
  co_await inner_.run(cost, std::move(work));
  const double taken = seconds(clock_.now() - begin);
  co_await clock_.sleep_until(begin + from_seconds(slowdown_ * taken));
}

}  // namespace annulet::devices
