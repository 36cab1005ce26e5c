/// The joiner's side of the rendezvous.
#include "transport/joiner.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "devices/side_by_side.hpp"
#include "transport/errors.hpp"
#include "transport/ring_links.hpp"

namespace annulet::transport {
namespace {

constexpr std::chrono::milliseconds kLastWord{500};

/// The starter's no, its end, or a word that does not belong here, as an error for the user.
[[noreturn]] void refuse(const Message& message) {
  if (const auto* refused = std::get_if<Refused>(&message)) {
    throw RendezvousError(told(refused->error, ErrorCode::refused), refused->reason);
  }
  if (const auto* bye = std::get_if<Bye>(&message)) {
    const bool was_interrupted = devices::find_error(bye->error) == ErrorCode::interrupted;
    const ErrorCode error =
        was_interrupted ? ErrorCode::interrupted : told(bye->error, ErrorCode::starter_gone);
    throw RendezvousError(error, "The starter ended the run before step 0: " + bye->reason);
  }
  throw std::system_error(errc::unexpected_message);
}

bool is_other_version(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::system_error& failure) {
    return failure.code() == errc::version_mismatch;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

Joiner::Joiner(JoinerOptions options, const Surroundings& surroundings)
    : options_(std::move(options)),
      network_(surroundings.network),
      clock_(surroundings.clock),
      executor_(surroundings.executor),
      tasks_(surroundings.tasks),
      data_signal_(executor_),
      go_signal_(executor_),
      lost_signal_(executor_) {}

void Joiner::greeted(std::unique_ptr<Link> link, const Message& message) {
  const auto* hello = std::get_if<DataHello>(&message);
  if (hello == nullptr) return;
  if (is_from_stranger(*hello, view_, run_id_)) {
    strangers_.resize(view_.members.size());
    if (!strangers_[hello->rank]) strangers_[hello->rank] = std::move(link);
    return data_signal_.notify();
  }
  if (view_.members.empty() && hello->run_id == run_id_) {
    // Our neighbour may have its view before we have ours: kept until we can tell.
    if (early_.size() == kMaxStreams) early_.pop_front();
    early_.emplace_back(*hello, std::move(link));
  } else if (is_from_previous(*hello, view_, run_id_)) {
    from_previous_.take(hello->stream, std::move(link));
    data_signal_.notify();
  }
}

// ---- the rendezvous -----------------------------------------------------------------------------

asio::awaitable<RunFile> Joiner::knock(
    std::function<devices::Duration(const RunFile&)> peer_timeout_of) {
  std::unique_ptr<Link> link;
  const Message message = co_await reach_starter(link);
  const auto* run_file = std::get_if<RunFile>(&message);
  if (run_file == nullptr) refuse(message);
  run_id_ = run_file->run_id;
  peer_timeout_ = peer_timeout_of(*run_file);
  line_ = std::make_unique<ControlLine>(std::move(link), clock_, executor_, peer_timeout_);
  line_->start(tasks_);
  door_->open(tasks_);
  co_return *run_file;
}

/// Keeps calling until somebody answers: the starter may not be there yet, or have its hands full
/// and hang up at once.
asio::awaitable<Message> Joiner::reach_starter(std::unique_ptr<Link>& link) {
  const auto give_up = clock_.now() + options_.wait;
  for (;;) {
    auto [error, message] = co_await devices::attempt(call(link, give_up));
    if (!error) co_return std::move(message);
    if (is_other_version(error)) {
      throw RendezvousError(ErrorCode::other_version,
                            "The annulet at " + options_.starter.text() +
                                " speaks another version of the protocol. Install the same "
                                "annulet on both.");
    }
    if (clock_.now() + options_.redial >= give_up) {
      const std::string where =
          options_.starter.text() + ": " + describe(error, options_.wait).text;
      if (link) {
        throw RendezvousError(
            ErrorCode::no_annulet,
            "No annulet answers at " + where + ". Check the address and port of `annulet run`.");
      }
      throw RendezvousError(
          ErrorCode::cannot_reach,
          "Cannot reach " + where + ". Is `annulet run` started there, and is this its address?");
    }
    link.reset();
    co_await clock_.sleep_until(clock_.now() + options_.redial);
  }
}

/// One call: dials, says hello and hears the first answer. A dial is given up early, as its packets
/// may have been lost; an answer may take as long as the line needs.
asio::awaitable<Message> Joiner::call(std::unique_ptr<Link>& link, devices::TimePoint give_up) {
  const auto until = std::min(give_up, clock_.now() + kHandshakeTime);
  link = co_await devices::with_deadline(clock_, until, network_.dial(options_.starter));
  const auto let_in = [this](std::unique_ptr<Link> from, const Message& message) {
    greeted(std::move(from), message);
  };
  door_ = std::make_unique<Door>(network_.listen(Endpoint(link->local().host, 0)), clock_,
                                 executor_, let_in);
  const auto hello =
      encode(Hello{options_.name, options_.token, door_->local().port, options_.own_data});
  greetings_sent_ += hello.size();
  co_await devices::with_deadline(clock_, give_up, send_all(*link, hello));
  co_return co_await devices::with_deadline(clock_, give_up, receive_message(*link));
}

asio::awaitable<Message> Joiner::answer() {
  auto [error, message] = co_await devices::attempt(line_->next());
  if (error) {
    throw RendezvousError(ErrorCode::starter_gone,
                          "The starter at " + options_.starter.text() +
                              " is gone: " + describe(error, peer_timeout_).text +
                              ". See that `annulet run` still runs there, or start the run again.");
  }
  co_return std::move(message);
}

asio::awaitable<View> Joiner::enter(Survey mine) {
  line_->post(mine);
  const Message message = co_await answer();
  const auto* view = std::get_if<View>(&message);
  if (view == nullptr) refuse(message);
  view_ = *view;
  view_.members[0].host = options_.starter.host;
  view_.members[0].data_port = options_.starter.port;
  for (auto& [hello, link] : std::exchange(early_, {})) {
    if (!is_from_previous(hello, view_, run_id_)) continue;
    from_previous_.take(hello.stream, std::move(link));
  }
  // From here on the only words to come are who is lost, go, and goodbye.
  listening_ = true;
  tasks_.spawn(listen_for_word(), [this](std::exception_ptr error) {
    listening_ = false;
    if (error) heard(lost_by(0, describe(error, peer_timeout_)));
    lost_signal_.notify();
  });
  co_return view_;
}

asio::awaitable<void> Joiner::connect(const View& view, std::size_t streams, Neighbours& ring) {
  ring.to_next =
      co_await dial_next(network_, view, streams, options_.starter, run_id_, greetings_sent_);
  while (!from_previous_.has(streams)) co_await data_signal_.wait();
  ring.from_previous = from_previous_.join(streams);
}

asio::awaitable<void> Joiner::connect_strangers(const View& view,
                                                std::vector<std::unique_ptr<Link>>& links) {
  co_await dial_strangers(network_, view, run_id_, links, greetings_sent_);
  strangers_.resize(view.members.size());
  for (std::size_t rank = 0; rank < view.rank; ++rank) {
    if (are_neighbours(rank, view.rank, view.members.size())) continue;
    while (!strangers_[rank]) co_await data_signal_.wait();
    links[rank] = std::move(strangers_[rank]);
  }
}

asio::awaitable<Go> Joiner::ready(Ready mine) {
  line_->post(mine);
  ready_ = mine;
  while (!go_) co_await go_signal_.wait();
  co_return *go_;
}

// ---- during the run -----------------------------------------------------------------------------

asio::awaitable<void> Joiner::listen_for_word() {
  while (!starter_bye_) take(co_await line_->next());
}

void Joiner::take(const Message& message) {
  const auto* go = std::get_if<Go>(&message);
  const auto* lost = std::get_if<Lost>(&message);
  if (go && ready_ && !go_ && is_possible(*go)) {
    go_ = *go;
    go_signal_.notify();
  } else if (lost && lost->rank < view_.members.size()) {
    heard(*lost);
  } else if (const auto* bye = std::get_if<Bye>(&message)) {
    starter_bye_ = *bye;
    heard(gone(0, *bye));
  } else {
    throw std::system_error(errc::unexpected_message);
  }
}

/// One count for each device, ours as we gave it.
bool Joiner::is_possible(const Go& go) const {
  return go.samples.size() == view_.members.size() && go.samples[view_.rank] == ready_->samples;
}

void Joiner::heard(const Lost& lost) {
  if (lost_) return;
  lost_ = line_->stood_still() ? stood_still(view_.rank) : lost;
  lost_signal_.notify();
}

void Joiner::set_progress(std::function<Heartbeat()> progress) {
  if (line_) line_->set_progress(std::move(progress));
}

void Joiner::report(const Broken& broken) {
  if (!line_) return;
  line_->post(broken);
  if (line_->stood_still()) heard({});
}

asio::awaitable<Lost> Joiner::lost() {
  while (!lost_) co_await lost_signal_.wait();
  if (starter_bye_ && !go_) refuse(*starter_bye_);
  co_return *lost_;
}

asio::awaitable<void> Joiner::leave(Bye bye) {
  if (!line_) co_return;
  const auto patience = bye.error == 0 ? peer_timeout_ : devices::Duration(kLastWord);
  line_->post(bye);
  co_await devices::attempt(devices::with_deadline(clock_, clock_.now() + patience, say_goodbye()));
}

/// The starter answers a goodbye with its own, when all have said theirs.
asio::awaitable<void> Joiner::say_goodbye() {
  co_await line_->flush();
  while (listening_) co_await lost_signal_.wait();
  co_await finish_line(*line_);
}

std::uint64_t Joiner::control_sent() const { return greetings_sent_ + (line_ ? line_->sent() : 0); }

}  // namespace annulet::transport
