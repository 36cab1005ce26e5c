/// The three loops of a control connection.
#include "transport/control_line.hpp"

#include <system_error>
#include <utility>
#include <variant>

#include "devices/side_by_side.hpp"
#include "transport/errors.hpp"

namespace annulet::transport {
namespace {

// A peer that floods us, or that does not read, ends its line instead of filling our memory.
constexpr std::size_t kMaxInbox = 64;
constexpr std::size_t kMaxOutbox = std::size_t{1} << 20;
constexpr int kBeatsPerTimeout = 5;

asio::awaitable<Message> receive_before(Link& link, devices::Clock& clock,
                                        devices::TimePoint when) {
  auto [error, message] =
      co_await devices::attempt(devices::with_deadline(clock, when, receive_message(link)));
  if (error && clock.now() >= when) throw std::system_error(errc::silent);
  if (error) std::rethrow_exception(error);
  co_return std::move(message);
}

}  // namespace

ControlLine::ControlLine(std::unique_ptr<Link> link, devices::Clock& clock,
                         const asio::any_io_executor& executor, devices::Duration peer_timeout)
    : link_(std::move(link)),
      clock_(clock),
      peer_timeout_(peer_timeout),
      arrived_(executor),
      to_send_(executor),
      flushed_(executor),
      last_beat_(clock.now()) {
  link_->set_patience(peer_timeout);
}

void ControlLine::start(devices::TaskGroup& tasks) {
  tasks.spawn(run(), [this](std::exception_ptr error) { end(error); });
}

asio::awaitable<void> ControlLine::run() {
  co_await devices::both(receive_loop(), devices::both(send_loop(), beat_loop()));
}

void ControlLine::end(std::exception_ptr error) {
  stood_still_ = stood_still_ || is_late();
  ended_ = error ? error : std::make_exception_ptr(std::system_error(errc::closed));
  arrived_.notify();
  flushed_.notify();
}

void ControlLine::post(const Message& message) {
  outbox_.push_back(encode(message));
  outbox_bytes_ += outbox_.back().size();
  to_send_.notify();
}

asio::awaitable<Message> ControlLine::next() {
  while (inbox_.empty()) {
    if (ended_) std::rethrow_exception(ended_);
    co_await arrived_.wait();
  }
  Message message = std::move(inbox_.front());
  inbox_.pop_front();
  co_return message;
}

asio::awaitable<void> ControlLine::flush() {
  while (!outbox_.empty() && !ended_) co_await flushed_.wait();
}

asio::awaitable<void> ControlLine::send_loop() {
  for (;;) {
    while (outbox_.empty()) co_await to_send_.wait();
    const std::vector<std::byte>& bytes = outbox_.front();  // deque: stays while others are added
    co_await send_all(*link_, bytes);
    sent_ += bytes.size();
    outbox_bytes_ -= bytes.size();
    outbox_.pop_front();
    if (outbox_.empty()) flushed_.notify();
  }
}

asio::awaitable<void> ControlLine::receive_loop() {
  for (;;) {
    Message message = co_await receive_before(*link_, clock_, clock_.now() + peer_timeout_);
    if (const auto* beat = std::get_if<Heartbeat>(&message)) {
      heard_ = *beat;
      continue;
    }
    if (inbox_.size() >= kMaxInbox) throw std::system_error(errc::unexpected_message);
    inbox_.push_back(std::move(message));
    arrived_.notify();
  }
}

asio::awaitable<void> ControlLine::beat_loop() {
  for (;;) {
    co_await clock_.sleep_until(clock_.now() + peer_timeout_ / kBeatsPerTimeout);
    stood_still_ = is_late();
    last_beat_ = clock_.now();
    if (outbox_bytes_ > kMaxOutbox) throw std::system_error(errc::too_large);
    post(progress_ ? progress_() : Heartbeat{});
  }
}

}  // namespace annulet::transport
