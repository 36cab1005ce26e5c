/// The loop, and what it is made of.
#include "benchmarks/harness/harness.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <numeric>
#include <sys/resource.h>
#include <system_error>
#include <utility>

#include "benchmarks/monotonic.hpp"

namespace annulet::benchmarks {
namespace {

constexpr std::size_t kDifferent = 1000;  // values of the check

void take_number(const char* name, std::size_t& into) {
  if (const auto text = setting(name); !text.empty()) into = number_of(name, text);
}

/// Of sorted ones.
double median_of(std::span<const double> times_us) {
  const auto middle = times_us.size() / 2;
  return times_us.size() % 2 == 1 ? times_us[middle]
                                  : (times_us[middle - 1] + times_us[middle]) / 2;
}

/// Rank 0's number, on all ranks.
std::size_t agreed(std::size_t wanted, const Subject& subject, const Sum& sum) {
  std::array<float, 256> word{};
  if (subject.rank == 0) word[0] = static_cast<float>(wanted);
  sum(word);
  return static_cast<std::size_t>(word[0]);
}

double timed(const Sum& sum, std::span<float> values) {
  const auto start = monotonic();
  sum(values);
  return microseconds(monotonic() - start);
}

void measure_size(const Subject& subject, const Settings& settings, std::size_t bytes,
                  const Sum& sum) {
  std::vector<float> values(bytes / sizeof(float));
  fill_for_check(values, subject.rank);
  const double once_us = timed(sum, values);
  require_exact(values, subject);
  std::ranges::fill(values, 0.0F);
  const auto warm = agreed(warm_ups(once_us, settings), subject, sum);
  for (std::size_t i = 0; i < warm; ++i) sum(values);
  Timing timing;
  while (const auto count = agreed(next_batch(timing, settings), subject, sum)) {
    timing.times_us.reserve(timing.times_us.size() + count);
    const auto before = used_so_far();
    for (std::size_t i = 0; i < count; ++i) timing.times_us.push_back(timed(sum, values));
    timing.add_used(before, used_so_far());
  }
  if (subject.rank == 0) print_row(subject, bytes, std::move(timing), settings.cpu);
}

/// Whole floats.
std::size_t bytes_of(std::string_view text) {
  const auto bytes = number_of("BENCH_BYTES", text);
  if (bytes == 0 || bytes % sizeof(float) != 0) {
    throw std::invalid_argument("BENCH_BYTES: multiples of 4 are needed, not " + std::string(text));
  }
  return bytes;
}

double seconds_of(std::string_view text) {
  double seconds = 0;
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc{} || at != end || !(seconds >= 0 && seconds <= 3600)) {
    throw std::invalid_argument("BENCH_BUDGET: seconds are needed, at most 3600, not " +
                                std::string(text));
  }
  return seconds;
}

}  // namespace

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::size_t number_of(std::string_view what, std::string_view text) {
  std::size_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || at != end) {
    throw std::invalid_argument(std::string(what) + ": a number is needed, not " +
                                std::string(text));
  }
  return number;
}

Settings settings_of_environment() {
  Settings settings;
  if (const auto text = setting("BENCH_BYTES"); !text.empty()) {
    settings.bytes.clear();
    for (const auto& word : words_of(text)) {
      settings.bytes.push_back(bytes_of(word));
    }
  }
  if (const auto text = setting("BENCH_BUDGET"); !text.empty()) {
    settings.budget = seconds_of(text);
  }
  take_number("BENCH_MIN_ITERS", settings.fewest);
  take_number("BENCH_MAX_ITERS", settings.most);
  take_number("BENCH_WARM", settings.warm);
  settings.fewest = std::max<std::size_t>(settings.fewest, 1);
  settings.most = std::max(settings.most, settings.fewest);
  settings.cpu = !setting("BENCH_CPU").empty();
  return settings;
}

void fill_for_check(std::span<float> values, std::size_t rank) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(i % kDifferent + rank);
  }
}

void require_exact(std::span<const float> values, const Subject& subject) {
  const std::size_t W = subject.world, ranks = W * (W - 1) / 2;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == static_cast<float>(i % kDifferent * W + ranks)) continue;
    throw WrongSum("wrong sum of element " + std::to_string(i) + " on rank " +
                   std::to_string(subject.rank));
  }
}

std::size_t warm_ups(double once_us, const Settings& settings) {
  const double fit = settings.budget * 1e6 / std::max(once_us, 1.0);
  return static_cast<std::size_t>(std::min(fit, static_cast<double>(settings.warm)));
}

std::size_t next_batch(const Timing& timing, const Settings& settings) {
  const auto done = timing.times_us.size();
  if (done == 0) return settings.fewest;
  const double took = std::accumulate(timing.times_us.begin(), timing.times_us.end(), 0.0);
  const double once = std::max(took, 1.0) / static_cast<double>(done);
  const double fit = std::max(settings.budget * 1e6 - took, 0.0) / once;
  const auto most = std::min(3 * done, settings.most - std::min(done, settings.most));
  return static_cast<std::size_t>(std::min(fit, static_cast<double>(most)));
}

void Timing::add_used(const Used& before, const Used& after) {
  used.user_us += after.user_us - before.user_us;
  used.system_us += after.system_us - before.system_us;
  used.switches += after.switches - before.switches;
}

Used used_so_far() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto us = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return {us(used.ru_utime), us(used.ru_stime),
          static_cast<double>(used.ru_nvcsw + used.ru_nivcsw)};
}

void print_row(const Subject& subject, std::size_t bytes, Timing timing, bool cpu) {
  auto& times = timing.times_us;
  std::ranges::sort(times);
  const auto count = times.size();
  const auto W = static_cast<double>(subject.world);
  const double median = median_of(times);
  const double bus = 2 * (W - 1) / W * static_cast<double>(bytes) / median;  // bytes/us = MB/s
  std::printf("%s,%s,%zu,%zu,%zu,%.1f,%.1f,%.1f,%.1f\n", subject.program.c_str(),
              subject.algorithm.c_str(), subject.world, bytes, count, median, times[count / 10],
              times[count * 9 / 10], bus);
  std::fflush(stdout);
  if (!cpu) return;
  const auto each = static_cast<double>(count);
  std::fprintf(stderr, "cpu,%s,%s,%zu,%zu,user_us=%.1f,sys_us=%.1f,switches=%.1f\n",
               subject.program.c_str(), subject.algorithm.c_str(), subject.world, bytes,
               timing.used.user_us / each, timing.used.system_us / each,
               timing.used.switches / each);
}

void measure(const Subject& subject, const Settings& settings, const Sum& sum) {
  for (const auto bytes : settings.bytes) measure_size(subject, settings, bytes, sum);
}

int exit_code_of(const char* program, const std::function<void()>& body) {
  try {
    body();
    return 0;
  } catch (const WrongSum& error) {
    std::fprintf(stderr, "%s: %s\n", program, error.what());
    return 3;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", program, error.what());
    return 1;
  }
}

}  // namespace annulet::benchmarks
