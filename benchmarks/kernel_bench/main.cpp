/// kernel_bench: what surrounds sums and steps, alone on one core.
///
///   kernel_bench codecs SECONDS              net.compress: what a sender and a receiver do
///   kernel_bench reading SECONDS FILE        a text file, plain or packed
///   kernel_bench reading SECONDS IMAGES LABELS
///
/// One JSON object a line: {"kernel": ..., "system": ..., "bytes_per_second": ...}, the median of
/// ten stretches of SECONDS in all. codecs: bytes of float32, a million of them, in blocks as the
/// ring has them; "encode" is quantising with error feedback, "decode" is decoding and adding.
/// reading: bytes after unpacking; the system "unpacking alone" reads the same files to their ends.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/harness/harness.hpp"
#include "benchmarks/monotonic.hpp"
#include "model/byte_source.hpp"
#include "model/random.hpp"
#include "model/read_dataset.hpp"
#include "transport/codec.hpp"
#include "transport/error_feedback.hpp"

namespace annulet::benchmarks {
namespace {

constexpr std::size_t kValues = std::size_t{1} << 20;

/// `work` handles so many bytes each time.
double bytes_per_second(double seconds, std::size_t bytes, const std::function<void()>& work) {
  constexpr std::size_t kStretches = 10;
  std::vector<double> rates;
  work();
  while (rates.size() < kStretches) {
    std::size_t count = 0;
    double us = 0;
    const auto begin = monotonic();
    while (us < seconds * 1e6 / kStretches) {
      work();
      ++count;
      us = microseconds(monotonic() - begin);
    }
    rates.push_back(static_cast<double>(count * bytes) * 1e6 / us);
  }
  std::ranges::sort(rates);
  return rates[kStretches / 2];
}

void print(const std::string& kernel, std::string_view system, double rate) {
  std::printf("{\"kernel\":\"%s\",\"system\":\"%.*s\",\"bytes_per_second\":%.0f}\n", kernel.c_str(),
              static_cast<int>(system.size()), system.data(), rate);
  std::fflush(stdout);
}

/// The blocks of a segment, and room for their values.
struct Blocks {
  explicit Blocks(const transport::Codec& of) : codec(of) {
    model::Random random(1);
    for (auto& value : values) value = static_cast<float>(random.uniform() - 0.5);
  }
  void encode() {
    std::array<float, transport::kBlock> decoded{};
    for_each([&](std::size_t first, transport::Bytes block) {
      quantise(codec, std::span(values).subspan(first, transport::kBlock),
               std::span(residual).subspan(first, transport::kBlock), block, decoded);
    });
  }
  void decode_and_add() {
    std::array<float, transport::kBlock> decoded{};
    for_each([&](std::size_t first, transport::Bytes block) {
      codec.decode(block, decoded);
      float* const sum = sums.data() + first;
      for (std::size_t i = 0; i < transport::kBlock; ++i) sum[i] = decoded[i] + sum[i];
    });
  }

  const transport::Codec& codec;
  std::vector<float> values = std::vector<float>(kValues), residual = values, sums = values;
  std::vector<std::byte> bytes = std::vector<std::byte>(encoded_bytes(&codec, kValues));

 private:
  template <class Work>
  void for_each(Work work) {
    const std::size_t size = codec.block_bytes(transport::kBlock);
    for (std::size_t first = 0; first < kValues; first += transport::kBlock) {
      work(first, std::span(bytes).subspan(first / transport::kBlock * size, size));
    }
  }
};

void time_codecs(double seconds) {
  constexpr std::array<std::pair<const char*, transport::Compress>, 3> kAll{
      {{"f16", transport::Compress::f16},
       {"q8", transport::Compress::q8},
       {"q4", transport::Compress::q4}}};
  for (const auto& [name, compress] : kAll) {
    Blocks blocks(*transport::codec_of(compress));
    const std::size_t bytes = kValues * sizeof(float);
    print(std::string(name) + " encode", "annulet",
          bytes_per_second(seconds, bytes, [&] { blocks.encode(); }));
    print(std::string(name) + " decode", "annulet",
          bytes_per_second(seconds, bytes, [&] { blocks.decode_and_add(); }));
  }
}

/// How many bytes the file unpacks into.
std::size_t unpack(const std::string& file) {
  const auto source = model::open_bytes(file);
  std::size_t bytes = 0;
  for (auto next = source->next(); !next.empty(); next = source->next()) bytes += next.size();
  return bytes;
}

void time_reading(double seconds, std::span<const std::string> files) {
  model::DataPath path;
  if (files.size() == 1) {
    path.file = files[0];
  } else {
    path.images = files[0];
    path.labels = files[1];
  }
  std::size_t bytes = 0;
  for (const auto& file : files) bytes += unpack(file);
  const auto kernel = "reading " + std::filesystem::path(files[0]).filename().string();
  print(kernel, "annulet",
        bytes_per_second(seconds, bytes, [&] { static_cast<void>(read_dataset(path)); }));
  print(kernel, "unpacking alone", bytes_per_second(seconds, bytes, [&] {
          for (const auto& file : files) static_cast<void>(unpack(file));
        }));
}

void work(std::span<char*> words) {
  const std::string_view what = words.size() > 1 ? words[1] : "";
  if (what == "codecs" && words.size() == 3) return time_codecs(std::stod(words[2]));
  if (what == "reading" && (words.size() == 4 || words.size() == 5)) {
    const std::vector<std::string> files(words.begin() + 3, words.end());
    return time_reading(std::stod(words[2]), files);
  }
  throw std::invalid_argument("usage: kernel_bench codecs SECONDS | reading SECONDS FILE [LABELS]");
}

}  // namespace
}  // namespace annulet::benchmarks

int main(int count, char** words) {
  return annulet::benchmarks::exit_code_of("kernel_bench", [&] {
    annulet::benchmarks::work({words, static_cast<std::size_t>(count)});
  });
}
