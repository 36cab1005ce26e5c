/// A device's part in one run, from the first contact to the last goodbye.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/machine.hpp"
#include "devices/processor.hpp"
#include "model/catalogue.hpp"
#include "runtime/checkpoint_writer.hpp"
#include "runtime/data_admission.hpp"
#include "runtime/data_source.hpp"
#include "runtime/local_data.hpp"
#include "runtime/model_file_reader.hpp"
#include "runtime/observer.hpp"
#include "runtime/resume.hpp"
#include "runtime/run_config.hpp"
#include "runtime/session_options.hpp"
#include "runtime/stop_request.hpp"
#include "runtime/training.hpp"
#include "transport/joiner.hpp"
#include "transport/link.hpp"
#include "transport/membership.hpp"
#include "transport/starter.hpp"

namespace annulet::runtime {

/// What a device is made of: real, or simulated. All of it outlives the session.
struct Machine {
  asio::any_io_executor executor;
  devices::Clock& clock;
  devices::Processor& processor;
  transport::Network& network;
  DataSource& data;
  bool virtual_time = false;
  // Ends local steps and evaluations from another thread, where they are computed on the executor's
  // own and a StopRequest is not heard meanwhile.
  std::stop_token stop_computing{};
  // What model.kind and schedule.kind of a run file that comes from the starter may name.
  const model::Catalogue& catalogue = model::Catalogue::builtin();
  const Schedules& schedules = Schedules::builtin();
  std::optional<CheckpointTools> checkpoints{};                   // none: nothing is kept
  std::uint64_t memory_bytes = devices::physical_memory_bytes();  // 0: not known
};

/// Runs once. Every end is a RunFinished with an exit code; nothing is thrown but by a broken
/// promise of our own code. It is the only place where a run's errors become its end; others that
/// catch (tests/tidy_test.py lists them) say more and throw on, or meet no error of the run.
class Session {
 public:
  Session(Machine machine, SessionOptions options, Observer& observer, StopRequest& stop);
  ~Session();

  /// Starts a run and takes part in it. `show` tells who has come.
  asio::awaitable<RunFinished> start(RunConfig config, StartOptions options,
                                     std::unique_ptr<transport::Listener> listener,
                                     std::function<void(const transport::LobbyEvent&)> show);
  /// Takes part in a run that another device starts.
  asio::awaitable<RunFinished> join(JoinOptions options);

 private:
  /// A member is lost: ends the training that runs beside the watch.
  struct MemberLost {
    transport::Lost lost;
  };
  /// Ctrl-C before step 0, or a second one.
  struct Interrupted {};

  static asio::awaitable<void> interrupt(StopRequest& stop);
  [[nodiscard]] transport::Surroundings surroundings(devices::TaskGroup& tasks) const;
  asio::awaitable<RunFinished> conduct(transport::Membership& membership,
                                       asio::awaitable<void> work, devices::TaskGroup& tasks);
  asio::awaitable<void> join_and_take_part(transport::Joiner& joiner,
                                           std::function<void(const std::string&)> joined);
  asio::awaitable<void> take_part(transport::Membership& membership);
  asio::awaitable<void> train_in_ring(transport::Membership& membership);
  asio::awaitable<transport::Go> connect(transport::Membership& membership);
  void tell_progress(transport::Membership& membership);
  asio::awaitable<void> connect_and_train(transport::Membership& membership, std::stop_token stop);
  // session_measure.cpp
  void check_measured_sizes() const;
  [[nodiscard]] bool is_measured_enough(float said);
  asio::awaitable<void> measure_hops();
  asio::awaitable<void> measure_sums(transport::Membership& membership);
  asio::awaitable<float> time_sums(SumsMeasured& sums, devices::TimePoint limit);
  [[nodiscard]] float word_after_hop() const;
  [[nodiscard]] float way_of(std::int64_t elements, const devices::LinkSpeed* link) const;
  [[nodiscard]] float next_word(std::size_t done, devices::Duration passed) const;
  asio::awaitable<void> add_mesh(transport::Membership& membership);
  [[nodiscard]] std::uint64_t dimension() const;
  asio::awaitable<void> check_memory();                                      // session_memory.cpp
  asio::awaitable<void> choose_exchange(transport::Membership& membership);  // session_exchange.cpp
  // session_lines.cpp
  void use_congestion(transport::Link* link) const;
  [[nodiscard]] LineChosen choose_congestion(const transport::LineHealth& seen);
  asio::awaitable<void> choose_streams();
  void watch_line();
  [[nodiscard]] DataAdmission admission() const;
  asio::awaitable<void> watch(transport::Membership& membership, std::stop_source& stop);
  asio::awaitable<void> watch_for_hurry(std::stop_source& stop);
  [[nodiscard]] std::size_t suspect() const;
  asio::awaitable<void> blame(transport::Membership& membership, transport::Cause cause);
  [[nodiscard]] std::unique_ptr<Training> make_training(transport::Membership& membership,
                                                        const transport::Go& go);
  // session_optimum.cpp
  [[nodiscard]] std::string optimum_refusal() const;
  void say_where_no_optimum_is();
  asio::awaitable<OptimumKnown> search_optimum(std::stop_token hurry);
  asio::awaitable<double> optimum_for_target(std::stop_token hurry);
  asio::awaitable<void> measure_gap();

  [[nodiscard]] model::LabelUse label_use() const;
  [[nodiscard]] Checkpointing checkpointing(const transport::Go& go);
  [[nodiscard]] std::uint32_t request();
  asio::awaitable<void> check_run(const transport::RunFile& received);
  void check_config() const;
  void check_columns() const;
  asio::awaitable<void> keep_last_state();
  [[nodiscard]] RunStarted started() const;  // session_started.cpp
  [[nodiscard]] std::string public_reason() const;
  [[nodiscard]] std::uint32_t goodbye_error() const;
  [[nodiscard]] std::string other_data() const;
  void settle(TrainingEnd end);
  void settle(const std::exception_ptr& error);
  void settle_starter(const std::exception_ptr& error, const std::system_error& failure);
  void settle_lost(const transport::Lost& lost);
  void finish(int code, std::string reason);
  void fail(ErrorCode error, std::string reason);

  Machine machine_;
  SessionOptions options_;
  Observer& observer_;
  StopRequest& stop_;
  RunConfig config_;
  std::uint64_t run_id_ = 0;
  transport::View view_;
  LocalData data_;
  std::optional<SavedModel> init_;    // of the starter, with model.init
  transport::Neighbours neighbours_;  // until they are the ring's
  std::unique_ptr<transport::Ring> ring_;
  std::vector<std::unique_ptr<transport::Link>> others_;  // until they are the mesh's; else empty
  bool watching_ = false;             // its own line, as net.congestion is left open
  transport::LineHealth watched_;     // at the last look
  std::size_t streams_ = 1;           // that it sends by
  std::optional<LineChosen> chosen_;  // not told yet
  std::optional<CheckpointWriter> writer_;
  devices::TimePoint next_checkpoint_;
  std::unique_ptr<Training> training_;
  RingMeasured measured_;  // in place of training and writer, where a ring is only measured
  RunFinished result_;
  bool settled_ = false;
  bool agreed_ = false;   // on the end, by all: over the ring
  bool reading_ = false;  // data: an error then tells of what is in them
  bool starter_ = false;
  bool wants_gap_ = false;  // f* is to be found after the end
};

}  // namespace annulet::runtime
