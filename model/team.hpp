/// A few threads that do one piece of work at a time, together.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace annulet::model {

/// For pieces that take some 10 microseconds or more, one soon after the other: whoever waits looks
/// for as long as a sleeping thread would need to wake up, and sleeps only then.
class Team {
 public:
  /// Is told which part is to be done, 0 .. size-1.
  using Work = std::function<void(std::size_t)>;

  /// Begins size - 1 threads; size >= 1. Throws std::system_error where the system has no more.
  explicit Team(std::size_t size);
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  ~Team();

  [[nodiscard]] std::size_t size() const noexcept { return errors_.size(); }
  /// Does part 0 here and each other one on a thread of its own; returns when all are done.
  /// Rethrows what the first of those that failed threw. Allocates nothing.
  void run(const Work& work);

 private:
  struct Parts {
    std::size_t count;
  };
  explicit Team(Parts parts);
  void serve(std::size_t part);
  void attempt(const Work& work, std::size_t part) noexcept;

  const Work* work_ = nullptr;              // null: the end
  std::atomic<std::uint32_t> task_{0};      // counts the calls of run()
  std::atomic<std::size_t> missing_{0};     // parts that are not done yet
  std::vector<std::exception_ptr> errors_;  // of each part
  std::vector<std::jthread> threads_;
};

/// Null where it would be one thread. Throws DataError where the system has no more.
[[nodiscard]] std::unique_ptr<Team> make_team(std::size_t size);

}  // namespace annulet::model
