/// Links that break on purpose, at an exact byte: for tests, in virtual time too.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <system_error>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include "devices/signal.hpp"
#include "transport/link.hpp"

namespace annulet::transport {

/// What goes wrong.
enum class Fault {
  cut,      // the link closes: the other side sees the end, ours connection_reset, both ways
  stall,    // nothing more passes; only cancelling ends the wait
  fail,     // throws FaultPlan::error, now and whenever tried again
  corrupt,  // one bit of the byte is flipped, then all goes on
};

/// Which bytes it befalls: those that go out, or those that come in.
enum class Way { sending, receiving };

/// What happens when byte number `byte` (from 0) is to pass that way; all before it pass.
struct FaultPlan {
  Fault fault = Fault::cut;
  Way way = Way::sending;
  std::uint64_t byte = 0;
  std::error_code error{};  // of Fault::fail
};

/// A link that is sound but for one fault.
class FaultyLink final : public Link {
 public:
  FaultyLink(std::unique_ptr<Link> inner, FaultPlan plan, const asio::any_io_executor& executor);
  asio::awaitable<std::size_t> send_some(std::span<const ConstBytes> pieces) override;
  asio::awaitable<std::size_t> receive_some(std::span<const Bytes> pieces) override;
  void finish_sending() override;
  void set_patience(devices::Duration patience) override;
  [[nodiscard]] Endpoint local() const override { return local_; }
  [[nodiscard]] Endpoint peer() const override { return peer_; }

 private:
  struct Direction {
    explicit Direction(const asio::any_io_executor& executor) : cut(executor) {}
    std::uint64_t passed = 0;
    devices::Signal cut;  // the other direction's fault cut the link
  };

  [[nodiscard]] std::uint64_t bytes_before_fault(Way way) const;
  /// Returns only for Fault::corrupt.
  asio::awaitable<void> strike(Way way);
  asio::awaitable<std::size_t> pass(Way way, asio::awaitable<std::size_t> bytes);
  [[nodiscard]] Direction& direction(Way way) { return way == Way::sending ? out_ : in_; }

  std::shared_ptr<Link> inner_;  // shared with operations under way; none after a cut
  Endpoint local_, peer_;
  FaultPlan plan_;
  Direction out_;
  Direction in_;
};

/// Gives link number `link` (from 0, dialled and accepted ones counted together) the plan; the
/// others stay as they are. Must outlive its listeners, and `inner` must outlive it.
class FaultyNetwork final : public Network {
 public:
  FaultyNetwork(Network& inner, std::size_t link, FaultPlan plan, asio::any_io_executor executor);
  asio::awaitable<std::unique_ptr<Link>> dial(Endpoint to) override;
  std::unique_ptr<Listener> listen(Endpoint at) override;
  [[nodiscard]] std::size_t links_made() const noexcept { return links_made_; }

 private:
  friend class FaultyListener;
  [[nodiscard]] std::unique_ptr<Link> wrap(std::unique_ptr<Link> link);

  Network& inner_;
  std::size_t faulty_link_;
  FaultPlan plan_;
  asio::any_io_executor executor_;
  std::size_t links_made_ = 0;
};

}  // namespace annulet::transport
