/// A link without any memory: a byte is sent only when the other side takes it.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include <asio/any_io_executor.hpp>

#include "devices/signal.hpp"
#include "transport/link.hpp"

namespace annulet::tests {

/// One way between two ends.
struct TightPipe {
  TightPipe(const asio::any_io_executor& executor, std::size_t at_once)
      : offered(executor), taken(executor), most(at_once) {}
  devices::Signal offered, taken;
  std::size_t most;                                 // bytes that pass at once
  std::span<const transport::ConstBytes> pieces{};  // of a sender that waits
  std::size_t passed = 0;                           // of them
};

/// An end that only sends, or one that only receives.
class TightLink final : public transport::Link {
 public:
  explicit TightLink(std::shared_ptr<TightPipe> pipe) : pipe_(std::move(pipe)) {}

  asio::awaitable<std::size_t> send_some(std::span<const transport::ConstBytes> pieces) override {
    const Offer offer(*pipe_, pieces);
    pipe_->offered.notify();
    while (pipe_->passed == 0) co_await pipe_->taken.wait();
    co_return pipe_->passed;
  }

  asio::awaitable<std::size_t> receive_some(std::span<const transport::Bytes> pieces) override {
    while (pipe_->pieces.empty()) co_await pipe_->offered.wait();
    pipe_->passed = copy(std::exchange(pipe_->pieces, {}), pieces);
    pipe_->taken.notify();
    co_return pipe_->passed;
  }

  void finish_sending() override {}
  [[nodiscard]] transport::Endpoint local() const override { return {}; }
  [[nodiscard]] transport::Endpoint peer() const override { return {}; }

 private:
  struct Offer {
    Offer(TightPipe& at, std::span<const transport::ConstBytes> pieces) : pipe(at) {
      pipe.pieces = pieces;
      pipe.passed = 0;
    }
    ~Offer() { pipe.pieces = {}; }
    Offer(const Offer&) = delete;
    Offer& operator=(const Offer&) = delete;
    TightPipe& pipe;
  };

  [[nodiscard]] std::size_t copy(std::span<const transport::ConstBytes> from,
                                 std::span<const transport::Bytes> to) const {
    std::size_t total = 0, source = 0, place = 0, read = 0, written = 0;
    while (total < pipe_->most && source < from.size() && place < to.size()) {
      if (read == from[source].size()) {
        ++source;
        read = 0;
      } else if (written == to[place].size()) {
        ++place;
        written = 0;
      } else {
        to[place][written++] = from[source][read++];
        ++total;
      }
    }
    return total;
  }

  std::shared_ptr<TightPipe> pipe_;
};

}  // namespace annulet::tests
