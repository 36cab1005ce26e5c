/// Independent pieces of work on several threads.
#pragma once

#include <cstddef>
#include <functional>

namespace annulet::runtime {

/// Runs work(0), ..., work(count - 1), each once, on `threads` threads; in this order, but several
/// at a time. Returns when all have ended. After an error no other piece is begun; it is
/// rethrown, of several the first thread's.
void in_parallel(std::size_t threads, std::size_t count,
                 const std::function<void(std::size_t)>& work);

}  // namespace annulet::runtime
