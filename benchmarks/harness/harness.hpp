/// What all programs that time an all-reduce share, so that they are timed alike: what is asked
/// for, the check of the sum, the repetitions, the row that is printed.
///
/// Each size of BENCH_BYTES is summed in place and compared once with the exact sum, summed
/// BENCH_WARM times to warm up, where they fit into the budget, then repeated for BENCH_BUDGET
/// seconds, but BENCH_MIN_ITERS times at least and BENCH_MAX_ITERS at most. After that many at
/// first, and after each batch, rank 0 says how many more there will be: one time foretells little.
/// It prints
///   program,algo,world,bytes,iters,median_us,p10_us,p90_us,busbw_MBps
/// where bus bandwidth is 2(W-1)/W x bytes / median. With BENCH_CPU=1 it says on standard error
/// what an all-reduce took it of CPU time, too:
///   cpu,program,algo,world,bytes,user_us=...,sys_us=...,switches=...
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace annulet::benchmarks {

/// What to measure.
struct Settings {
  std::vector<std::size_t> bytes{1024, 4096, 65536, 1048576, 16777216, 67108864};
  double budget = 0.5;  // seconds a size
  std::size_t fewest = 3, most = 2000, warm = 2;
  bool cpu = false;
};

/// Who measures, and among whom.
struct Subject {
  std::string program, algorithm;
  std::size_t rank = 0, world = 1;
};

/// Of this process: user and system time in microseconds, and context switches.
struct Used {
  double user_us = 0, system_us = 0, switches = 0;
};

/// Of one size, so far.
struct Timing {
  std::vector<double> times_us;
  Used used;  // by all of them

  /// Of the batch that has just ended.
  void add_used(const Used& before, const Used& after);
};

/// A sum that is not what it has to be.
struct WrongSum : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Of the environment. Throws std::invalid_argument.
[[nodiscard]] Settings settings_of_environment();
/// A variable of the environment; empty where it is not set.
[[nodiscard]] std::string setting(const char* name);
/// "a,b" as a and b.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);
/// what: its name, for the error. Throws std::invalid_argument.
[[nodiscard]] std::size_t number_of(std::string_view what, std::string_view text);

/// Sets each element to a small whole number, whose sums float32 has exactly.
void fill_for_check(std::span<float> values, std::size_t rank);
/// Throws WrongSum where these are not the sums of what fill_for_check has set on all ranks.
void require_exact(std::span<const float> values, const Subject& subject);
/// How often to warm up, by what the check took.
[[nodiscard]] std::size_t warm_ups(double once_us, const Settings& settings);
/// How many repetitions come next; 0: there are enough.
[[nodiscard]] std::size_t next_batch(const Timing& timing, const Settings& settings);
[[nodiscard]] Used used_so_far();
/// Rank 0 only.
void print_row(const Subject& subject, std::size_t bytes, Timing timing, bool cpu);

/// Replaces values by their sum over all ranks.
using Sum = std::function<void(std::span<float> values)>;
/// The whole loop, for programs whose sum is a plain call.
void measure(const Subject& subject, const Settings& settings, const Sum& sum);

/// What main returns: 0, 1 with what went wrong on standard error, 3 after a wrong sum.
int exit_code_of(const char* program, const std::function<void()>& body);

}  // namespace annulet::benchmarks
