/// Writes a device's checkpoints beside its training.
#include "runtime/checkpoint_writer.hpp"

#include <exception>
#include <utility>

namespace annulet::runtime {

CheckpointWriter::CheckpointWriter(const asio::any_io_executor& executor,
                                   const devices::Clock& clock, CheckpointTools tools,
                                   Observer& observer, Place place)
    : clock_(clock),
      tools_(std::move(tools)),
      observer_(observer),
      place_(place),
      tasks_(executor) {}

void CheckpointWriter::submit(std::int64_t round, model::Step step, Reason reason) {
  waiting_ = Job{round, step, reason};
  if (!std::exchange(busy_, true)) tasks_.spawn(write_all());
}

void CheckpointWriter::set_common(std::int64_t round) {
  common_ = round;
  if (*tools_.newest == 0) *tools_.newest = round;
}

asio::awaitable<void> CheckpointWriter::write_all() {
  while (waiting_) {
    const Job job = *std::exchange(waiting_, std::nullopt);
    std::swap(record_, waiting_record_);
    co_await write(job);
  }
  busy_ = false;
}

asio::awaitable<void> CheckpointWriter::write(Job job) {
  std::vector<std::int64_t> keep{common_};
  if (job.reason == Reason::ending) keep.push_back(newest());
  std::string problem;
  auto kept = Kept::in_part;
  const auto begin = clock_.now();
  co_await tools_.files.run({}, [&] {
    try {
      kept = tools_.store.write({job.round, place_.rank, place_.workers, record_, keep});
    } catch (const std::exception& error) {
      problem = error.what();
    }
  });
  if (kept == Kept::in_part && problem.empty()) co_return;  // who completes it tells of it
  if (kept == Kept::whole) *tools_.newest = job.round;
  observer_.checkpointed({.round = job.round,
                          .step = job.step,
                          .bytes = record_.size(),
                          .seconds = devices::seconds(clock_.now() - begin),
                          .newest = newest(),
                          .problem = problem});
}

void CheckpointWriter::fail(std::int64_t round, model::Step step, const std::string& problem) {
  observer_.checkpointed({.round = round, .step = step, .newest = newest(), .problem = problem});
}

asio::awaitable<void> CheckpointWriter::finish() { co_await tasks_.join(); }

}  // namespace annulet::runtime
