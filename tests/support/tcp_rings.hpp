/// W rings that are connected already over TCP, on one thread, and a look at their sockets.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include "devices/steady_clock.hpp"
#include "tests/support/link_pair.hpp"
#include "tests/support/play.hpp"
#include "transport/ring.hpp"
#include "transport/tcp_network.hpp"

namespace annulet::tests {

struct TcpRings {
  explicit TcpRings(std::size_t size) {
    std::vector<std::unique_ptr<transport::Link>> from_previous(size);
    for (std::size_t r = 0; r < size; ++r) {
      auto link = play(context, connect(network, network, "127.0.0.1"));
      to_next.push_back(dynamic_cast<transport::TcpLink*>(link.dialled.get()));
      dialled.push_back(std::move(link.dialled));
      from_previous[(r + 1) % size] = std::move(link.accepted);
    }
    for (std::size_t r = 0; r < size; ++r) {
      rings.push_back(std::make_unique<transport::Ring>(
          transport::Ring::Place{r, size}, std::move(from_previous[r]), std::move(dialled[r]),
          clock, context.get_executor()));
    }
  }

  /// As every pair that is no neighbours makes it.
  void add_mesh() {
    const std::size_t W = rings.size();
    std::vector<std::vector<std::unique_ptr<transport::Link>>> others(W);
    for (auto& links : others) links.resize(W);
    for (std::size_t a = 0; a < W; ++a) {
      for (std::size_t b = a + 2; b < W; ++b) {
        if (a == 0 && b == W - 1) continue;
        auto pair = play(context, connect(network, network, "127.0.0.1"));
        others[a][b] = std::move(pair.dialled);
        others[b][a] = std::move(pair.accepted);
      }
    }
    for (std::size_t r = 0; r < W; ++r) rings[r]->add_mesh(std::move(others[r]));
  }

  /// Runs `work(rank, ring)`, a coroutine, on all ranks to their ends; rethrows an error.
  void on_all(const std::function<asio::awaitable<void>(std::size_t, transport::Ring&)>& work) {
    std::exception_ptr error;
    for (std::size_t r = 0; r < rings.size(); ++r) {
      auto part = work(r, *rings[r]);
      asio::co_spawn(context, std::move(part), [&](std::exception_ptr e) {
        if (e) error = e;
      });
    }
    context.restart();
    context.run();
    if (error) std::rethrow_exception(error);
  }

  /// One all-reduce of vectors that are there already; x[r] is that of rank r.
  void add_up(std::vector<std::vector<float>>& x, std::uint64_t number,
              std::chrono::nanoseconds patience = std::chrono::hours(1)) {
    const auto limit = clock.now() + patience;
    on_all([&](std::size_t r, transport::Ring& ring) -> asio::awaitable<void> {
      co_await ring.all_reduce({1, number, 7, true}, x[r], {}, limit);
    });
  }

  asio::io_context context{1};
  devices::SteadyClock clock{context.get_executor()};
  transport::TcpNetwork network{context.get_executor()};
  std::vector<std::unique_ptr<transport::Link>> dialled;
  std::vector<transport::TcpLink*> to_next;  // owned by the rings
  std::vector<std::unique_ptr<transport::Ring>> rings;
};

}  // namespace annulet::tests
