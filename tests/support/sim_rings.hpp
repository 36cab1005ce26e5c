/// W rings that are connected already, in virtual time: for what rides on a ring.
#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>

#include "devices/world.hpp"
#include "tests/support/link_pair.hpp"
#include "tests/support/play.hpp"
#include "transport/ring.hpp"
#include "transport/sim_network.hpp"

namespace annulet::tests {

class SimRings {
 public:
  explicit SimRings(std::size_t W) : lan_(world_, {0, std::chrono::milliseconds(1)}) {
    const auto host = lan_.host("here");
    std::vector<std::unique_ptr<transport::Link>> from(W), to(W);
    for (std::size_t r = 0; W > 1 && r < W; ++r) {
      auto pair = play(world_, connect(*host, *host, "here"));
      to[r] = std::move(pair.dialled);
      from[(r + 1) % W] = std::move(pair.accepted);
    }
    for (std::size_t r = 0; r < W; ++r) {
      rings_.push_back(std::make_unique<transport::Ring>(transport::Ring::Place{r, W},
                                                         std::move(from[r]), std::move(to[r]),
                                                         world_, world_.context().get_executor()));
    }
  }

  /// Runs `work(rank, ring)`, a coroutine, on all ranks to their ends; rethrows the first error.
  /// The closure lives until then, so that it may capture.
  void on_all(const std::function<asio::awaitable<void>(std::size_t, transport::Ring&)>& work) {
    std::exception_ptr error;
    std::size_t ended = 0;
    for (std::size_t r = 0; r < rings_.size(); ++r) {
      auto part = work(r, *rings_[r]);
      asio::co_spawn(world_.context(), std::move(part), [&](std::exception_ptr failure) {
        ++ended;
        if (failure && !error) error = failure;
      });
    }
    world_.run();
    if (error) std::rethrow_exception(error);
    if (ended != rings_.size()) throw std::logic_error("a rank waits for ever");
  }

  [[nodiscard]] devices::World& world() { return world_; }
  [[nodiscard]] const transport::Ring& ring(std::size_t r) const { return *rings_.at(r); }

 private:
  devices::World world_;
  transport::SimNetwork lan_;
  std::vector<std::unique_ptr<transport::Ring>> rings_;
};

}  // namespace annulet::tests
