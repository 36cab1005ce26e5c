/// The starter's side of the rendezvous and of the watch over the run.
#include "transport/starter.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "devices/side_by_side.hpp"
#include "transport/cut.hpp"
#include "transport/errors.hpp"
#include "transport/ring_links.hpp"
#include "transport/starter_guest.hpp"

namespace annulet::transport {
namespace {

// Goodbyes under way at once; who comes when there are more is hung up on.
constexpr std::size_t kMaxFarewells = 16;

/// Throws what ends the line.
asio::awaitable<void> drain(ControlLine& line) {
  for (;;) co_await line.next();
}

}  // namespace

Starter::Starter(StarterOptions options, const Surroundings& surroundings,
                 std::unique_ptr<Listener> listener, const Admission& admission,
                 std::function<void(const LobbyEvent&)> show)
    : options_(std::move(options)),
      network_(surroundings.network),
      clock_(surroundings.clock),
      executor_(surroundings.executor),
      tasks_(surroundings.tasks),
      admission_(admission),
      show_(std::move(show)),
      door_(std::move(listener), clock_, executor_,
            [this](std::unique_ptr<Link> link, Message message) {
              greeted(std::move(link), std::move(message));
            }),
      changed_(executor_),
      lost_signal_(executor_),
      data_signal_(executor_) {}

Starter::~Starter() = default;

// ---- gathering ----------------------------------------------------------------------------------

void Starter::greeted(std::unique_ptr<Link> link, Message message) {
  if (const auto* hello = std::get_if<Hello>(&message)) {
    if (auto cause = refusal(*hello)) {
      if (refusing_ < kMaxFarewells) {
        ++refusing_;
        tasks_.spawn(refuse(std::move(link), std::move(*cause)),
                     [this](std::exception_ptr) { --refusing_; });
      }
    } else {
      welcome(std::move(link), *hello);
    }
  } else if (const auto* data = std::get_if<DataHello>(&message)) {
    if (stage_ != Stage::connecting) return;
    if (!is_from_previous(*data, view_, options_.run_id)) return;
    from_previous_.take(data->stream, std::move(link));
    data_signal_.notify();
  }
}

std::optional<Cause> Starter::refusal(const Hello& hello) const {
  if (!options_.token.empty() && hello.token != options_.token) {
    return Cause{
        ErrorCode::wrong_token,
        (hello.token.empty() ? "This run asks for a token: add" : "The token is wrong: use") +
            (" --token WORD (in a device file token = \"WORD\"), the one that " + options_.name +
             " was started with.")};
  }
  if (stage_ != Stage::gathering) {
    return Cause{ErrorCode::run_has_begun,
                 "The run has begun and takes no more devices; start the next one with a larger "
                 "--devices."};
  }
  if (guests_.size() + 1 >= options_.devices) {
    return Cause{ErrorCode::ring_complete, "The ring is complete (" +
                                               std::to_string(options_.devices) +
                                               " devices); start the run with a larger --devices."};
  }
  return std::nullopt;
}

asio::awaitable<void> Starter::refuse(std::unique_ptr<Link> link, Cause cause) {
  const auto bytes = encode(Refused{cause.text, cause.number()});
  past_control_sent_ += bytes.size();
  co_await devices::with_deadline(clock_, clock_.now() + kHandshakeTime, send_last(*link, bytes));
}

std::string Starter::unique_name(const std::string& wanted) const {
  const auto taken = [this](const std::string& name) {
    return name == options_.name ||
           std::ranges::any_of(guests_, [&](const auto& guest) { return guest->name == name; });
  };
  if (!taken(wanted)) return wanted;
  for (int number = 2;; ++number) {
    const std::string suffix = "-" + std::to_string(number);
    std::string name = std::string(cut(wanted, kMaxName - suffix.size())) + suffix;
    if (!taken(name)) return name;
  }
}

void Starter::welcome(std::unique_ptr<Link> link, const Hello& hello) {
  auto& guest = *guests_.emplace_back(
      std::make_unique<Guest>(std::move(link), clock_, executor_, options_.peer_timeout));
  guest.name = unique_name(hello.name.empty() ? "device" : hello.name);
  guest.data_port = hello.data_port;
  guest.own_data = hello.own_data;
  guest.line.post(RunFile{options_.run_id, guest.name, options_.run_file, options_.resumed});
  tasks_.spawn(host(guest));
  show(guest.name + " joined from " + guest.line.peer().host);
}

/// A guest's whole life. The line borrows it, so the line ends first, whatever cancels this.
asio::awaitable<void> Starter::host(Guest& guest) {
  co_await asio::this_coro::throw_if_cancelled(false);
  devices::TaskGroup line_tasks(executor_);
  guest.line.start(line_tasks);
  co_await devices::attempt(serve(guest));
  co_await line_tasks.finish();
  guest.closed = true;
  changed_.notify();
  const auto is_guest = [&guest](const auto& each) { return each.get() == &guest; };
  if (std::ranges::none_of(former_, is_guest)) co_return;
  past_control_sent_ += guest.line.sent();
  std::erase_if(former_, is_guest);
}

/// Once the ring stands, a guest's line stays open until the starter leaves: who has said an
/// orderly goodbye may have data under way to us.
asio::awaitable<void> Starter::serve(Guest& guest) {
  const std::exception_ptr error =
      co_await devices::attempt(devices::alongside(guest.refused.wait(), listen_to(guest)));
  dismiss(guest, guest.bye ? nullptr : error);
  if (stage_ == Stage::gathering) {
    if (former_.size() > kMaxFarewells) co_return;
    co_await devices::with_deadline(clock_, clock_.now() + kHandshakeTime, finish_line(guest.line));
    co_return;
  }
  const std::exception_ptr end = co_await devices::attempt(drain(guest.line));
  if (stage_ != Stage::leaving) {
    declare_lost(lost_by(guest.rank, describe(end, options_.peer_timeout)));
  }
}

asio::awaitable<void> Starter::listen_to(Guest& guest) {
  while (!guest.bye) handle(guest, co_await guest.line.next());
}

bool Starter::is_connected(const Guest& guest, std::uint32_t rank) const {
  const auto size = view_.members.size();
  return rank < size && (meshed_ ? rank != guest.rank : are_neighbours(rank, guest.rank, size));
}

void Starter::handle(Guest& guest, const Message& message) {
  if (const auto* survey = std::get_if<Survey>(&message);
      survey && stage_ == Stage::gathering && !guest.offered) {
    guest.offered = *survey;
    consider(guest);
  } else if (const auto* ready = std::get_if<Ready>(&message);
             ready && stage_ == Stage::connecting && !guest.ready &&
             ready->samples <= guest.survey->rows) {
    guest.ready = *ready;
  } else if (const auto* broken = std::get_if<Broken>(&message);
             broken && stage_ != Stage::gathering && is_connected(guest, broken->rank)) {
    // Of this device and that guest, this one is sure to be there.
    const bool is_ours = broken->rank == 0;
    declare_broken(is_ours ? guest.rank : broken->rank, is_ours ? options_.name : guest.name,
                   *broken);
  } else if (const auto* bye = std::get_if<Bye>(&message)) {
    guest.bye = *bye;
  } else {
    throw std::system_error(errc::unexpected_message);
  }
  changed_.notify();
}

/// Takes a guest's data or refuses it, once this device knows its own.
void Starter::consider(Guest& guest) {
  if (!own_ || !guest.offered || guest.survey) return;
  const auto cause = admission_.refusal(candidates(), {guest.name, *guest.offered});
  if (!cause) {
    guest.survey = guest.offered;
    return;
  }
  guest.line.post(Refused{cause->text, cause->number()});
  guest.bye = Bye{.reason = "refused: " + devices::text(cause->error) + ": " + cause->text};
  guest.refused.notify();
}

/// A guest's service has ended: by its bye, or with its line.
void Starter::dismiss(Guest& guest, std::exception_ptr error) {
  guest.gone = true;
  const Lost lost = error ? lost_by(guest.rank, describe(error, options_.peer_timeout))
                          : gone(guest.rank, *guest.bye);
  if (stage_ == Stage::gathering) {
    // Its place and its name are free at once.
    const auto at = std::ranges::find(guests_, &guest, &std::unique_ptr<Guest>::get);
    former_.splice(former_.end(), guests_, at);
    show(guest.name + " is gone: " + lost.reason);
  } else if (error || stage_ == Stage::connecting ||
             (stage_ == Stage::running && guest.bye->error != 0)) {
    declare_lost(lost);  // also when we leave: others may still wait for it
  }
  changed_.notify();
}

void Starter::show(std::string what) const {
  if (show_) show_({present(), options_.devices, std::move(what)});
}

std::vector<std::string> Starter::present() const {
  std::vector<std::string> names{options_.name};
  for (const auto& guest : guests_) names.push_back(guest->name);
  return names;
}

std::vector<Candidate> Starter::candidates() const {
  std::vector<Candidate> all;
  if (own_) all.push_back({options_.name, *own_});
  for (const auto& guest : guests_) {
    if (guest->survey) all.push_back({guest->name, *guest->survey});
  }
  return all;
}

}  // namespace annulet::transport
