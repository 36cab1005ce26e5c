/// Gloo's all-reduce over TCP, timed.
///
///   PEERS=IP0,IP1,... gloo_bench ALGORITHM RANK WORLD FOLDER
///
/// ALGORITHM: ring, ring_chunked, halving_doubling or bcube. Rank r listens at IPr (127.0.0.1
/// without PEERS); the ranks find each other through FOLDER, which is empty at first and the same
/// for all. What is measured and what is printed: benchmarks/harness/harness.hpp. Exit codes: 0; 1
/// what went wrong is said; 3 a wrong sum.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <gloo/allreduce.h>
#include <gloo/allreduce_halving_doubling.h>
#include <gloo/allreduce_ring_chunked.h>
#include <gloo/math.h>
#include <gloo/rendezvous/context.h>
#include <gloo/rendezvous/file_store.h>
#include <gloo/transport/tcp/device.h>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/harness/harness.hpp"

namespace annulet::benchmarks {
namespace {

using Context = std::shared_ptr<gloo::rendezvous::Context>;

Context connect(const Subject& subject, gloo::rendezvous::FileStore& store) {
  const auto peers = words_of(setting("PEERS"));
  gloo::transport::tcp::attr where;
  where.hostname = peers.empty() ? "127.0.0.1" : peers.at(subject.rank);
  auto device = gloo::transport::tcp::CreateDevice(where);
  auto context = std::make_shared<gloo::rendezvous::Context>(static_cast<int>(subject.rank),
                                                             static_cast<int>(subject.world));
  context->connectFullMesh(store, device);
  return context;
}

/// Waits until all ranks are done: who closes its connections breaks the sums of those who are not,
/// where the last of them was late.
void leave_together(const Subject& subject, gloo::rendezvous::FileStore& store) {
  constexpr auto kPatience = std::chrono::seconds(60);
  const auto key = [](std::size_t rank) { return "done-" + std::to_string(rank); };
  std::vector<std::string> all;
  for (std::size_t rank = 0; rank < subject.world; ++rank) all.push_back(key(rank));
  store.set(key(subject.rank), {'1'});
  store.wait(all, kPatience);
}

/// The newer interface: a function of its options.
Sum sum_by_options(const Context& context, gloo::AllreduceOptions::Algorithm algorithm) {
  return [context, algorithm, tag = std::uint32_t{0}](std::span<float> values) mutable {
    gloo::AllreduceOptions options(context);
    options.setAlgorithm(algorithm);
    options.setOutput(values.data(), values.size());
    options.setTag(tag++);
    void (*add)(void*, const void*, const void*, std::size_t) = &gloo::sum<float>;
    options.setReduceFunction(add);
    gloo::allreduce(options);
  };
}

/// The older one: an object for each buffer, which registers it once.
template <typename Algorithm>
Sum sum_by_object(const Context& context) {
  using Objects = std::map<std::pair<float*, std::size_t>, std::unique_ptr<gloo::Algorithm>>;
  return [context, objects = std::make_shared<Objects>()](std::span<float> values) {
    auto& object = (*objects)[{values.data(), values.size()}];
    if (!object) {
      object = std::make_unique<Algorithm>(context, std::vector<float*>{values.data()},
                                           static_cast<int>(values.size()));
    }
    object->run();
  };
}

Sum sum_of(const Context& context, const std::string& algorithm) {
  using Options = gloo::AllreduceOptions::Algorithm;
  if (algorithm == "ring") return sum_by_options(context, Options::RING);
  if (algorithm == "bcube") return sum_by_options(context, Options::BCUBE);
  if (algorithm == "ring_chunked") return sum_by_object<gloo::AllreduceRingChunked<float>>(context);
  if (algorithm == "halving_doubling") {
    return sum_by_object<gloo::AllreduceHalvingDoubling<float>>(context);
  }
  throw std::invalid_argument(algorithm +
                              " is none of ring, ring_chunked, halving_doubling, bcube");
}

void bench(std::span<char*> words) {
  if (words.size() != 5) {
    throw std::invalid_argument("usage: gloo_bench ALGORITHM RANK WORLD FOLDER");
  }
  const Subject subject{.program = "gloo",
                        .algorithm = words[1],
                        .rank = number_of("RANK", words[2]),
                        .world = number_of("WORLD", words[3])};
  const auto settings = settings_of_environment();
  gloo::rendezvous::FileStore store(words[4]);
  const auto context = connect(subject, store);
  measure(subject, settings, sum_of(context, subject.algorithm));
  leave_together(subject, store);
}

}  // namespace
}  // namespace annulet::benchmarks

int main(int count, char** words) {
  return annulet::benchmarks::exit_code_of("gloo_bench", [&] {
    annulet::benchmarks::bench({words, static_cast<std::size_t>(count)});
  });
}
