/// The device that starts a run: gathers the others, gives out the ring, watches over it.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <asio/any_io_executor.hpp>

#include "devices/clock.hpp"
#include "devices/signal.hpp"
#include "devices/task_group.hpp"
#include "transport/admission.hpp"
#include "transport/control_line.hpp"
#include "transport/door.hpp"
#include "transport/lobby_event.hpp"
#include "transport/membership.hpp"
#include "transport/ring_links.hpp"

namespace annulet::transport {

struct StarterOptions {
  std::string name;
  std::string token;        // "": anyone may join
  std::size_t devices = 1;  // W, this one included
  std::string run_file;     // travels to the joiners
  std::uint64_t run_id = 0;
  bool resumed = false;  // from checkpoints
  devices::Duration peer_timeout{0};
  devices::Duration wait{0};  // for the ring to be complete
};

class Starter final : public Membership {
 public:
  Starter(StarterOptions options, const Surroundings& surroundings,
          std::unique_ptr<Listener> listener, const Admission& admission,
          std::function<void(const LobbyEvent&)> show);
  ~Starter() override;

  /// Opens the door: from now on joiners are let in, also while this device still reads its data.
  void open();
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
  enum class Stage { gathering, connecting, running, leaving };
  struct Guest;

  void greeted(std::unique_ptr<Link> link, Message message);
  void welcome(std::unique_ptr<Link> link, const Hello& hello);
  [[nodiscard]] std::optional<Cause> refusal(const Hello& hello) const;
  asio::awaitable<void> refuse(std::unique_ptr<Link> link, Cause cause);
  [[nodiscard]] std::string unique_name(const std::string& wanted) const;
  asio::awaitable<void> host(Guest& guest);
  asio::awaitable<void> serve(Guest& guest);
  asio::awaitable<void> listen_to(Guest& guest);
  [[nodiscard]] bool is_connected(const Guest& guest, std::uint32_t rank) const;
  void handle(Guest& guest, const Message& message);
  void consider(Guest& guest);
  void dismiss(Guest& guest, std::exception_ptr error);
  void declare_lost(Lost lost);
  void declare_broken(std::uint32_t rank, const std::string& to, const Broken& broken);
  asio::awaitable<void> watch_for_stalls();
  void show(std::string what) const;
  [[nodiscard]] std::vector<Candidate> candidates() const;
  [[nodiscard]] std::vector<std::string> present() const;
  [[noreturn]] void give_up() const;
  [[nodiscard]] View make_view();
  asio::awaitable<void> wait_for_surveys();
  asio::awaitable<void> wait_for_ready();
  [[noreturn]] void give_up_on_ready() const;
  asio::awaitable<void> wait_for_byes();

  StarterOptions options_;
  Network& network_;
  devices::Clock& clock_;
  asio::any_io_executor executor_;
  devices::TaskGroup& tasks_;
  const Admission& admission_;
  std::function<void(const LobbyEvent&)> show_;
  Door door_;
  devices::Signal changed_;  // someone came, went or answered
  devices::Signal lost_signal_;
  devices::Signal data_signal_;  // the predecessor's data link is there
  Stage stage_ = Stage::gathering;
  std::list<std::unique_ptr<Guest>> guests_;
  std::list<std::unique_ptr<Guest>> former_;  // gone before the ring stood, still saying goodbye
  std::optional<Survey> own_;
  std::uint64_t own_samples_ = 0;
  std::function<Heartbeat()> own_progress_;
  View view_;
  Streams from_previous_;
  bool meshed_ = false;  // all are connected to all
  std::optional<Lost> lost_;
  std::size_t refusing_ = 0;             // refusals under way
  std::uint64_t past_control_sent_ = 0;  // greetings, refusals, lines that are gone
};

}  // namespace annulet::transport
