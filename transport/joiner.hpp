/// A device that takes part in a run somebody else started.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <asio/any_io_executor.hpp>

#include "devices/clock.hpp"
#include "devices/signal.hpp"
#include "devices/task_group.hpp"
#include "transport/control_line.hpp"
#include "transport/door.hpp"
#include "transport/membership.hpp"
#include "transport/ring_links.hpp"

namespace annulet::transport {

struct JoinerOptions {
  Endpoint starter;
  std::string name;
  std::string token;
  bool own_data = false;
  devices::Duration wait{0};  // how long to keep dialling
  // Between two calls; where that is no less than `wait` there is one.
  devices::Duration redial{std::chrono::milliseconds(200)};
};

class Joiner final : public Membership {
 public:
  Joiner(JoinerOptions options, const Surroundings& surroundings);

  /// Dials until the starter answers or options.wait has passed, says hello and returns the run
  /// file. `peer_timeout_of` reads the peer timeout from it: heartbeats need it from then on.
  /// Throws RendezvousError (5) with the last reason.
  asio::awaitable<RunFile> knock(std::function<devices::Duration(const RunFile&)> peer_timeout_of);

  asio::awaitable<View> enter(Survey mine) override;
  asio::awaitable<void> connect(const View& view, std::size_t streams, Neighbours& ring) override;
  asio::awaitable<void> connect_strangers(const View& view,
                                          std::vector<std::unique_ptr<Link>>& links) override;
  asio::awaitable<Go> ready(Ready mine) override;
  void set_progress(std::function<Heartbeat()> progress) override;
  void report(const Broken& broken) override;
  asio::awaitable<Lost> lost() override;
  asio::awaitable<void> leave(Bye bye) override;
  [[nodiscard]] std::uint64_t control_sent() const override;

 private:
  void greeted(std::unique_ptr<Link> link, const Message& message);
  asio::awaitable<Message> reach_starter(std::unique_ptr<Link>& link);
  asio::awaitable<Message> call(std::unique_ptr<Link>& link, devices::TimePoint give_up);
  asio::awaitable<Message> answer();
  asio::awaitable<void> listen_for_word();
  void take(const Message& message);
  [[nodiscard]] bool is_possible(const Go& go) const;
  void heard(const Lost& lost);
  asio::awaitable<void> say_goodbye();

  JoinerOptions options_;
  Network& network_;
  devices::Clock& clock_;
  asio::any_io_executor executor_;
  devices::TaskGroup& tasks_;
  devices::Signal data_signal_, go_signal_, lost_signal_;
  // Where the ring neighbour calls: on the address that the starter sees this device at.
  std::unique_ptr<Door> door_;
  std::unique_ptr<ControlLine> line_;
  devices::Duration peer_timeout_{0};
  std::uint64_t run_id_ = 0;
  std::uint64_t greetings_sent_ = 0;
  View view_;
  Streams from_previous_;
  std::vector<std::unique_ptr<Link>> strangers_;                   // that have called, by rank
  std::deque<std::pair<DataHello, std::unique_ptr<Link>>> early_;  // came before our view
  std::optional<Ready> ready_;
  std::optional<Go> go_;
  std::optional<Lost> lost_;
  std::optional<Bye> starter_bye_;
  bool listening_ = false;  // listen_for_word() takes what comes on the line
};

}  // namespace annulet::transport
