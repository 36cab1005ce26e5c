/// W rings that are connected already, in virtual time: for what rides on a ring.
#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>

#include "devices/world.hpp"
#include "tests/support/link_pair.hpp"
#include "tests/support/play.hpp"
#include "transport/faulty_link.hpp"
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

  /// Connects those that are no neighbours too: sums without a codec take a mesh from now on. Link
  /// `faulty` of them, counted by pairs in order of rank, has that fault.
  void add_mesh(std::optional<std::size_t> faulty = {}, transport::FaultPlan fault = {}) {
    const std::size_t W = rings_.size();
    const auto host = lan_.host("there");
    std::vector<std::vector<std::unique_ptr<transport::Link>>> others(W);
    for (auto& links : others) links.resize(W);
    std::size_t made = 0;
    for (std::size_t a = 0; a < W; ++a) {
      for (std::size_t b = a + 2; b < W; ++b) {
        if (a == 0 && b == W - 1) continue;
        auto pair = play(world_, connect(*host, *host, "there"));
        if (made++ == faulty) {
          pair.dialled = std::make_unique<transport::FaultyLink>(std::move(pair.dialled), fault,
                                                                 world_.context().get_executor());
        }
        others[a][b] = std::move(pair.dialled);
        others[b][a] = std::move(pair.accepted);
      }
    }
    for (std::size_t r = 0; r < W; ++r) rings_[r]->add_mesh(std::move(others[r]));
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
