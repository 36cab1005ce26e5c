/// Threads that each take the next piece.
#include "runtime/in_parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
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
  // No std::future: the libstdc++ that ARMv6 programs are linked with has none.
  std::vector<std::exception_ptr> errors(std::min(threads, count));
  {
    std::vector<std::jthread> running;
    running.reserve(errors.size());
    for (auto& error : errors) {
      running.emplace_back([&take_pieces, &error] {
        try {
          take_pieces();
        } catch (...) {
          error = std::current_exception();
        }
      });
    }
  }
  for (const auto& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

}  // namespace annulet::runtime
