/// Dialling, greeting, and orderly ends.
#include "transport/ring_links.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <system_error>
#include <utility>

#include "transport/errors.hpp"
#include "transport/striped_link.hpp"

namespace annulet::transport {

namespace {

asio::awaitable<std::unique_ptr<Link>> dial_and_greet(Network& network, Endpoint there,
                                                      DataHello hello, std::uint64_t& sent) {
  auto link = co_await network.dial(std::move(there));
  const auto greeting = encode(hello);
  sent += greeting.size();
  co_await send_all(*link, greeting);
  co_return link;
}

}  // namespace

bool is_from_previous(const DataHello& hello, const View& view, std::uint64_t run_id) noexcept {
  const std::size_t size = view.members.size();
  return size > 1 && hello.run_id == run_id && hello.epoch == view.epoch &&
         hello.rank == (view.rank + size - 1) % size;
}

bool are_neighbours(std::size_t a, std::size_t b, std::size_t size) noexcept {
  return b == (a + 1) % size || a == (b + 1) % size;
}

bool is_from_stranger(const DataHello& hello, const View& view, std::uint64_t run_id) noexcept {
  return hello.run_id == run_id && hello.epoch == view.epoch && hello.rank < view.rank &&
         !are_neighbours(hello.rank, view.rank, view.members.size());
}

void Streams::take(std::size_t number, std::unique_ptr<Link> link) {
  auto& place = links_.at(number);
  if (!place) place = std::move(link);
}

bool Streams::has(std::size_t count) const noexcept {
  return std::all_of(links_.begin(), links_.begin() + static_cast<std::ptrdiff_t>(count),
                     [](const auto& link) { return link != nullptr; });
}

std::unique_ptr<Link> Streams::join(std::size_t count) {
  auto links = std::exchange(links_, {});
  if (count == 1) return std::move(links[0]);
  std::vector<std::unique_ptr<Link>> streams;
  for (std::size_t i = 0; i < count; ++i) streams.push_back(std::move(links.at(i)));
  return std::make_unique<StripedLink>(std::move(streams));
}

asio::awaitable<std::unique_ptr<Link>> dial_next(Network& network, const View& view,
                                                 std::size_t streams, Endpoint starter,
                                                 std::uint64_t run_id, std::uint64_t& sent) {
  const std::size_t next = (view.rank + 1) % view.members.size();
  const Member& member = view.members[next];
  const Endpoint there = next == 0 ? starter : Endpoint{member.host, member.data_port};
  Streams dialled;
  for (std::uint32_t i = 0; i < streams; ++i) {
    const DataHello hello{run_id, view.epoch, view.rank, i};
    dialled.take(i, co_await dial_and_greet(network, there, hello, sent));
  }
  co_return dialled.join(streams);
}

asio::awaitable<void> dial_strangers(Network& network, const View& view, std::uint64_t run_id,
                                     std::vector<std::unique_ptr<Link>>& links,
                                     std::uint64_t& sent) {
  const std::size_t size = view.members.size();
  links.resize(size);
  for (std::size_t rank = view.rank + 1; rank < size; ++rank) {
    if (are_neighbours(rank, view.rank, size)) continue;
    const Member& member = view.members[rank];
    const Endpoint there{member.host, member.data_port};
    const DataHello hello{run_id, view.epoch, view.rank};
    links[rank] = co_await dial_and_greet(network, there, hello, sent);
  }
}

asio::awaitable<void> send_last(Link& link, ConstBytes bytes) {
  co_await send_all(link, bytes);
  link.finish_sending();
  std::array<std::byte, 256> rest{};
  const Bytes buffer(rest);
  for (;;) co_await link.receive_some({&buffer, 1});  // ends by errc::closed
}

asio::awaitable<void> finish_line(ControlLine& line) {
  co_await line.flush();
  line.finish_sending();
  while (!line.ended()) co_await line.next();
}

Lost stood_still(std::uint32_t rank) {
  return lost_by(rank, {ErrorCode::stood_still, "it stood still for longer than net.peer_timeout"});
}

Lost gone(std::uint32_t rank, const Bye& bye) {
  const auto error = devices::find_error(bye.error);
  if (!error || *error == ErrorCode::interrupted) {
    return lost_by(rank, {ErrorCode::device_left, bye.reason.empty() ? "left" : bye.reason});
  }
  return lost_by(rank, {ErrorCode::device_failed, devices::text(*error) + ": " + bye.reason});
}

Cause describe(const std::exception_ptr& error, devices::Duration peer_timeout) {
  try {
    std::rethrow_exception(error);
  } catch (const std::system_error& failure) {
    if (failure.code() == errc::silent) {
      std::array<char, 32> text{};
      std::snprintf(text.data(), text.size(), "silent for %.3g s", devices::seconds(peer_timeout));
      return {ErrorCode::device_silent, text.data()};
    }
    const bool is_damaged =
        failure.code().category() == transport_category() && failure.code() != errc::closed;
    return {is_damaged ? ErrorCode::damaged_message : ErrorCode::connection_lost,
            failure.code().message()};
  } catch (const std::exception& failure) {
    return {ErrorCode::network, failure.what()};
  }
}

}  // namespace annulet::transport
