/// Greets strangers.
#include "transport/door.hpp"

#include <array>
#include <utility>

#include "devices/side_by_side.hpp"
#include "transport/bytes.hpp"
#include "transport/errors.hpp"

namespace annulet::transport {
namespace {

constexpr std::size_t kVersionOffset = 4;

/// The first message, or nothing when the other side speaks another version and was told so.
asio::awaitable<std::unique_ptr<Message>> first_message(Link& link) {
  std::array<std::byte, kHeaderSize> header{};
  co_await receive_all(link, header);
  const auto ours = encode(FrameHeader{});
  const auto version = std::to_integer<unsigned>(header[kVersionOffset]);
  if (load_le<std::uint32_t>(header.data()) == load_le<std::uint32_t>(ours.data()) &&
      version != kProtocolVersion) {
    const auto refusal =
        encode(Refused{"You speak protocol " + std::to_string(version) + ", this ring speaks " +
                           std::to_string(kProtocolVersion) + ". Install the same annulet on both.",
                       Cause{ErrorCode::other_version}.number()});
    co_await send_all(link, refusal);
    link.finish_sending();
    co_return nullptr;
  }
  co_return std::make_unique<Message>(co_await receive_payload(link, decode(header)));
}

}  // namespace

Door::Door(std::unique_ptr<Listener> listener, devices::Clock& clock,
           const asio::any_io_executor& executor, Guest guest)
    : listener_(std::move(listener)),
      clock_(clock),
      executor_(executor),
      guest_(std::move(guest)),
      ended_(executor) {}

void Door::open(devices::TaskGroup& tasks) { tasks.spawn(accept_loop(tasks)); }

asio::awaitable<void> Door::accept_loop(devices::TaskGroup& tasks) {
  for (;;) {
    auto link = co_await listener_->accept();
    co_await make_room();
    const auto place = greetings_.emplace(greetings_.end(), executor_);
    tasks.spawn(greet(std::move(link), *place), [this, place](std::exception_ptr) {
      greetings_.erase(place);
      ended_.notify();
    });
  }
}

asio::awaitable<void> Door::make_room() {
  if (greetings_.size() >= kMaxGreetings) greetings_.front().notify();
  while (greetings_.size() >= kMaxGreetings) co_await ended_.wait();
}

asio::awaitable<void> Door::greet(std::unique_ptr<Link> link, devices::Signal& give_way) {
  auto message =
      co_await devices::with_deadline(clock_, clock_.now() + kHandshakeTime,
                                      devices::alongside(give_way.wait(), first_message(*link)));
  if (message) guest_(std::move(link), std::move(*message));
}

}  // namespace annulet::transport
