/// The starter once all devices are there: the view, the barrier before step 0, the watch, the end.
#include <algorithm>
#include <system_error>
#include <utility>

#include "devices/side_by_side.hpp"
#include "transport/ring_links.hpp"
#include "transport/starter.hpp"
#include "transport/starter_guest.hpp"

namespace annulet::transport {
namespace {

constexpr std::chrono::milliseconds kLastWords{500};  // for goodbyes once a device is lost

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

void Starter::open() {
  door_.open(tasks_);
  show("waiting for devices on port " + std::to_string(door_.local().port));
}

asio::awaitable<View> Starter::enter(Survey mine) {
  own_ = std::move(mine);
  for (const auto& guest : guests_) consider(*guest);
  const auto until = clock_.now() + options_.wait;
  const std::exception_ptr error =
      co_await devices::attempt(devices::with_deadline(clock_, until, wait_for_surveys()));
  if (error && clock_.now() >= until) give_up();
  if (error) std::rethrow_exception(error);
  view_ = make_view();
  stage_ = Stage::connecting;
  for (const auto& guest : guests_) {
    View theirs = view_;
    theirs.rank = guest->rank;
    guest->line.post(theirs);
  }
  co_return view_;
}

/// Nobody waits longer: says who came, and what is missing.
void Starter::give_up() const {
  if (present().size() < options_.devices) {
    throw RendezvousError(
        ErrorCode::too_few_devices,
        "Only " + std::to_string(present().size()) + " of " + std::to_string(options_.devices) +
            " devices came: " + list_of(present()) +
            ". Start the others with `annulet join`, or the run with fewer --devices.");
  }
  std::vector<std::string> missing;
  for (const auto& guest : guests_) {
    if (!guest->survey) missing.push_back(guest->name);
  }
  throw RendezvousError(ErrorCode::device_not_ready,
                        "All devices came, but " + list_of(missing) +
                            " did not report its data in time: start the run with a longer "
                            "--wait.");
}

asio::awaitable<void> Starter::wait_for_surveys() {
  while (candidates().size() < options_.devices) co_await changed_.wait();
}

/// Ranks: the starter is 0, the others follow by name, never by arrival.
View Starter::make_view() {
  guests_.sort([](const auto& a, const auto& b) { return a->name < b->name; });
  View view;
  view.epoch = 1;
  view.members.push_back({options_.name, "", 0, own_->own_data});
  for (const auto& guest : guests_) {
    guest->rank = static_cast<std::uint32_t>(view.members.size());
    view.members.push_back(
        {guest->name, guest->line.peer().host, guest->data_port, guest->own_data});
  }
  const Agreement agreed = admission_.agree(candidates());
  view.features = agreed.features;
  view.rows = agreed.rows;
  view.labels = agreed.labels;
  return view;
}

asio::awaitable<void> Starter::connect(const View& view, std::size_t streams, Neighbours& ring) {
  if (view.members.size() == 1) co_return;
  const Endpoint nowhere;  // the starter is never its own successor here
  ring.to_next =
      co_await dial_next(network_, view, streams, nowhere, options_.run_id, past_control_sent_);
  while (!from_previous_.has(streams)) co_await data_signal_.wait();
  ring.from_previous = from_previous_.join(streams);
}

/// Nobody dials the starter: it has the lowest rank.
asio::awaitable<void> Starter::connect_strangers(const View& view,
                                                 std::vector<std::unique_ptr<Link>>& links) {
  meshed_ = true;
  co_await dial_strangers(network_, view, options_.run_id, links, past_control_sent_);
}

asio::awaitable<Go> Starter::ready(Ready mine) {
  own_samples_ = mine.samples;
  const auto until = clock_.now() + options_.wait;
  const std::exception_ptr error =
      co_await devices::attempt(devices::with_deadline(clock_, until, wait_for_ready()));
  if (error && clock_.now() >= until) give_up_on_ready();
  if (error) std::rethrow_exception(error);
  Go go{{own_samples_}};
  for (const auto& guest : guests_) go.samples.push_back(guest->ready->samples);
  for (const auto& guest : guests_) guest->line.post(go);
  stage_ = Stage::running;
  if (!guests_.empty()) tasks_.spawn(watch_for_stalls());
  co_return go;
}

asio::awaitable<void> Starter::wait_for_ready() {
  const auto all_ready = [this] {
    return std::ranges::all_of(guests_, [](const auto& guest) { return guest->ready.has_value(); });
  };
  while (!all_ready()) co_await changed_.wait();
}

void Starter::give_up_on_ready() const {
  std::vector<std::string> missing;
  for (const auto& guest : guests_) {
    if (!guest->ready) missing.push_back(guest->name);
  }
  throw RendezvousError(ErrorCode::device_not_ready,
                        "The ring stood, but " + list_of(missing) +
                            " did not cut its data in time: start the run with a longer "
                            "--wait.");
}

void Starter::set_progress(std::function<Heartbeat()> progress) {
  for (const auto& guest : guests_) guest->line.set_progress(progress);
  own_progress_ = std::move(progress);
}

void Starter::report(const Broken& broken) { declare_broken(broken.rank, options_.name, broken); }

/// `rank` is lost, as its link to that device failed.
void Starter::declare_broken(std::uint32_t rank, const std::string& to, const Broken& broken) {
  declare_lost({rank, "its link to " + to + " failed: " + broken.reason, broken.error});
}

/// The first word counts. All hear it before anyone closes, so that nobody blames a neighbour who
/// only ended because of it.
void Starter::declare_lost(Lost lost) {
  if (lost_) return;
  const bool is_our_fault =
      std::ranges::any_of(guests_, [](const auto& guest) { return guest->line.stood_still(); });
  lost_ = is_our_fault ? stood_still(0) : std::move(lost);
  for (const auto& guest : guests_) guest->line.post(*lost_);
  lost_signal_.notify();
  changed_.notify();
}

asio::awaitable<Lost> Starter::lost() {
  while (!lost_) co_await lost_signal_.wait();
  co_return *lost_;
}

/// Heartbeats cannot see a data link that is open but carries nothing. When all devices average
/// (not always in the same round: some may have finished one that stands still for others) and none
/// has moved a byte for peer_timeout, the one that moved least is lost.
asio::awaitable<void> Starter::watch_for_stalls() {
  std::uint64_t moved_before = 0;
  auto since = clock_.now();
  for (;;) {
    co_await clock_.sleep_until(clock_.now() + options_.peer_timeout / 5);
    const Heartbeat own = own_progress_ ? own_progress_() : Heartbeat{};
    std::uint64_t moved = own.moved;
    bool all_averaging = own.averaging;
    std::uint32_t slowest = 0;
    std::uint64_t least = own.moved;
    for (const auto& guest : guests_) {
      const Heartbeat& heard = guest->line.heard();
      moved += heard.moved;
      all_averaging = all_averaging && heard.averaging;
      if (heard.moved < least) {
        least = heard.moved;
        slowest = guest->rank;
      }
    }
    if (!all_averaging || moved != std::exchange(moved_before, moved)) since = clock_.now();
    if (clock_.now() - since >= options_.peer_timeout) {
      declare_lost(lost_by(slowest, {ErrorCode::average_stalled,
                                     "the average stands still and this device got least of it"}));
    }
  }
}

asio::awaitable<void> Starter::wait_for_byes() {
  const auto is_lost = [this](const Guest& guest) { return lost_ && lost_->rank == guest.rank; };
  const auto all = [&](bool Guest::*left) {
    return std::ranges::all_of(guests_,
                               [&](const auto& guest) { return *guest.*left || is_lost(*guest); });
  };
  while (!all(&Guest::gone)) co_await changed_.wait();
  for (const auto& guest : guests_) guest->line.post(Bye{});
  for (const auto& guest : guests_) {
    if (is_lost(*guest)) continue;
    co_await guest->line.flush();
    guest->line.finish_sending();
  }
  while (!all(&Guest::closed)) co_await changed_.wait();
}

asio::awaitable<void> Starter::leave(Bye bye) {
  stage_ = Stage::leaving;
  // Time enough to notice that a device has gone silent, and to tell those who wait for it.
  const auto patience = (lost_ ? devices::Duration(0) : options_.peer_timeout) + kLastWords;
  if (bye.error != 0 && !lost_) {
    for (const auto& guest : guests_) guest->line.post(bye);
  }
  co_await devices::attempt(
      devices::with_deadline(clock_, clock_.now() + patience, wait_for_byes()));
}

std::uint64_t Starter::control_sent() const {
  std::uint64_t sum = past_control_sent_;
  for (const auto& guest : guests_) sum += guest->line.sent();
  for (const auto& guest : former_) sum += guest->line.sent();
  return sum;
}

}  // namespace annulet::transport
