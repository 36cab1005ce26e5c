/// Threads that meet at two counters.
#include "model/team.hpp"

#include <string>
#include <system_error>
#include <utility>

#include "model/dataset.hpp"

namespace annulet::model {
namespace {

/// Returns when the counter has another value than this.
template <class Count>
void await_change(const std::atomic<Count>& counter, Count from) {
  // A look takes a third of a microsecond, as others may have the core meanwhile.
  constexpr int kLooks = 300;
  for (int look = 0; look < kLooks; ++look) {
    if (counter.load(std::memory_order_acquire) != from) return;
    std::this_thread::yield();
  }
  counter.wait(from, std::memory_order_acquire);
}

}  // namespace

Team::Team(Parts parts) : errors_(parts.count) { threads_.reserve(parts.count - 1); }

// By the other one: a team whose threads are not all to be had is destroyed like a whole one, which
// sends those that were begun home.
Team::Team(std::size_t size) : Team(Parts{size}) {
  for (std::size_t part = 1; part < size; ++part) {
    threads_.emplace_back([this, part] { serve(part); });
  }
}

Team::~Team() {
  work_ = nullptr;
  ++task_;
  task_.notify_all();
}

void Team::run(const Work& work) {
  if (size() == 1) {
    work(0);
    return;
  }
  work_ = &work;
  missing_.store(size() - 1, std::memory_order_relaxed);
  task_.fetch_add(1, std::memory_order_release);
  task_.notify_all();
  attempt(work, 0);
  while (const auto missing = missing_.load(std::memory_order_acquire)) {
    await_change(missing_, missing);
  }
  for (auto& error : errors_) {
    if (error) std::rethrow_exception(std::exchange(error, nullptr));
  }
}

void Team::attempt(const Work& work, std::size_t part) noexcept {
  try {
    work(part);
    errors_[part] = nullptr;
  } catch (...) {
    errors_[part] = std::current_exception();
  }
}

void Team::serve(std::size_t part) {
  for (std::uint32_t seen = 0;; ++seen) {
    await_change(task_, seen);
    if (work_ == nullptr) return;
    attempt(*work_, part);
    if (missing_.fetch_sub(1, std::memory_order_acq_rel) == 1) missing_.notify_one();
  }
}

std::unique_ptr<Team> make_team(std::size_t size) {
  if (size == 1) return nullptr;
  try {
    return std::make_unique<Team>(size);
  } catch (const std::system_error&) {
    throw DataError(ErrorCode::out_of_memory,
                    "this device cannot begin the " + std::to_string(size) +
                        " threads of train.threads: its memory is full, or it may have no more "
                        "(ulimit -v, -u); set fewer");
  }
}

}  // namespace annulet::model
