/// The event loop of virtual time.
#include "devices/world.hpp"

#include <algorithm>
#include <utility>

#include "devices/signal.hpp"

namespace annulet::devices {
namespace {

/// An event that is forgotten when its coroutine goes, whether it fired or was cancelled.
class Appointment {
 public:
  Appointment(World& world, TimePoint when, std::function<void()> action)
      : world_(world), id_(world.at(when, std::move(action))) {}
  ~Appointment() { world_.forget(id_); }
  Appointment(const Appointment&) = delete;
  Appointment& operator=(const Appointment&) = delete;

 private:
  World& world_;
  World::EventId id_;
};

}  // namespace

/// Events may own what waits on the context, so they go first; what dies with them makes no new
/// ones.
World::~World() {
  ending_ = true;
  const auto never = std::exchange(events_, {});
}

asio::awaitable<bool> World::reach(TimePoint when) {
  Signal due(context_.get_executor());
  const Appointment appointment(*this, when, [&due] { due.notify(); });
  co_return co_await due.wait_or_cancel();
}

World::EventId World::at(TimePoint when, std::function<void()> action) {
  const EventId id{std::max(when, now_), sequence_++};
  if (!ending_) events_.emplace(id, std::move(action));
  return id;
}

void World::forget(const EventId& id) { events_.erase(id); }

void World::run_ready() {
  context_.restart();
  while (!stopped_ && context_.poll_one() > 0) {
  }
}

void World::run() {
  stopped_ = false;
  run_ready();
  while (!stopped_ && !events_.empty()) run_until(events_.begin()->first.first);
}

void World::run_until(TimePoint until) {
  stopped_ = false;
  run_ready();
  while (!stopped_ && !events_.empty() && events_.begin()->first.first <= until) {
    auto event = events_.extract(events_.begin());
    now_ = event.key().first;
    event.mapped()();
    run_ready();
  }
  if (!stopped_) now_ = std::max(now_, until);
}

}  // namespace annulet::devices
