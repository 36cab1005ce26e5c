/// Threads that each take the next piece.
#include "runtime/in_parallel.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <vector>

namespace annulet::runtime {
namespace {

/// A thread leaves when no piece is left, or by an error; then the rest would be for nothing.
struct Leaving {
  std::atomic<std::size_t>& next;
  std::size_t count;
  ~Leaving() { next = count; }
};

}  // namespace

void in_parallel(std::size_t threads, std::size_t count,
                 const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto take_pieces = [&] {
    const Leaving leaving{next, count};
    for (std::size_t piece = next++; piece < count; piece = next++) work(piece);
  };
  std::vector<std::future<void>> running;
  for (std::size_t i = 0; i < std::min(threads, count); ++i) {
    running.push_back(std::async(std::launch::async, take_pieces));
  }
  for (auto& thread : running) thread.wait();
  for (auto& thread : running) thread.get();
}

}  // namespace annulet::runtime
