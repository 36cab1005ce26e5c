/// instructions: a little work that is the same each time, to be counted by an instruction counter.
///
///   instructions all-reduce|small-sum|sparse-step|network-step TIMES
///
/// all-reduce: of 65,536 elements on two workers of this process, in virtual time, so that nothing
/// depends on when bytes come; small-sum: of 256. sparse-step: logistic, batches of one row of 300
/// features, 12 set. network-step: 784-64-10, batches of 32. TIMES of them, so that the difference
/// of two runs is what one takes. tests/instructions_test.py compares it with what is written down.
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <asio/co_spawn.hpp>

#include "benchmarks/harness/harness.hpp"
#include "devices/side_by_side.hpp"
#include "devices/world.hpp"
#include "model/catalogue.hpp"
#include "model/solver.hpp"
#include "runtime/made_rows.hpp"
#include "transport/ring.hpp"
#include "transport/sim_network.hpp"

namespace annulet::benchmarks {
namespace {

constexpr std::size_t kElements = 65'536, kFewElements = 256;

/// Two workers whose links are one connection each way.
class Pair {
 public:
  Pair() : lan_(world_, {0, std::chrono::milliseconds(1)}), host_(lan_.host("here")) {}

  void sum(std::size_t elements, std::size_t times) {
    play(connect());
    transport::Ring first({0, 2}, std::move(from_[0]), std::move(to_[0]), world_,
                          world_.context().get_executor());
    transport::Ring second({1, 2}, std::move(from_[1]), std::move(to_[1]), world_,
                           world_.context().get_executor());
    play(devices::both(sums(first, elements, times), sums(second, elements, times)));
  }

 private:
  asio::awaitable<void> connect() {
    for (std::size_t worker = 0; worker < 2; ++worker) {
      const auto listener = host_->listen({"here", 0});
      co_await devices::both(dial(listener->local(), to_[worker]),
                             accept(*listener, from_[1 - worker]));
    }
  }
  asio::awaitable<void> dial(transport::Endpoint to, std::unique_ptr<transport::Link>& link) {
    link = co_await host_->dial(std::move(to));
  }
  static asio::awaitable<void> accept(transport::Listener& at,
                                      std::unique_ptr<transport::Link>& link) {
    link = co_await at.accept();
  }

  asio::awaitable<void> sums(transport::Ring& ring, std::size_t elements, std::size_t times) {
    std::vector<float> x(elements, 1.0F);
    for (std::uint64_t number = 1; number <= times; ++number) {
      const auto deadline = world_.now() + std::chrono::seconds(60);
      co_await ring.all_reduce({.number = number}, x, {}, deadline);
    }
  }

  void play(asio::awaitable<void> work) {
    std::exception_ptr error;
    asio::co_spawn(world_.context(), std::move(work),
                   [&error](std::exception_ptr failure) { error = std::move(failure); });
    world_.run();
    if (error) std::rethrow_exception(error);
  }

  devices::World world_;
  transport::SimNetwork lan_;
  std::unique_ptr<transport::Network> host_;
  std::array<std::unique_ptr<transport::Link>, 2> from_, to_;
};

/// As `annulet bench step` takes them, without a clock.
void take_steps(const model::ObjectiveOptions& options, std::size_t batch, std::size_t times) {
  const auto& entry = model::Catalogue::builtin().at(options.kind);
  auto made = runtime::make_rows(entry.labels);
  const auto data = std::make_shared<const model::Dataset>(std::move(made.data));
  const std::vector<std::vector<float>> labels{
      model::survey(*data, model::names_classes(entry.labels)).labels};
  const std::vector<std::string> names{"made rows"};
  const auto map = model::make_label_map(entry.labels, labels, names);
  std::vector<model::Index> rows(data->rows());
  std::iota(rows.begin(), rows.end(), model::Index{0});
  const auto shard = model::make_shard(data, std::move(rows), entry.labels, map);
  const auto objective = model::make_objective<float>(options);
  model::Random random(1);
  std::vector<float> x(objective->dimension());
  objective->start(random, x);
  const auto solver = model::make_solver<float>(
      options, {*objective, shard},
      model::Sampler(model::Sampling::replacement, shard.size(), batch, 1));
  const auto eta = model::make_step_size({}, {});
  static_cast<void>(solver->take_steps(x, 0, static_cast<model::Step>(times), *eta, {}, {}));
}

void work(std::span<char*> words) {
  if (words.size() != 3) {
    throw std::invalid_argument(
        "usage: instructions all-reduce|small-sum|sparse-step|network-step TIMES");
  }
  const std::string_view what = words[1];
  const std::size_t times = number_of("TIMES", words[2]);
  if (what == "all-reduce") {
    Pair().sum(kElements, times);
  } else if (what == "small-sum") {
    Pair().sum(kFewElements, times);
  } else if (what == "sparse-step") {
    take_steps({.kind = "logistic", .features = 300, .l2 = 1e-4}, 1, times);
  } else if (what == "network-step") {
    take_steps({.kind = "mlp", .features = 784, .classes = 10, .layers = {64}}, 32, times);
  } else {
    throw std::invalid_argument("it knows all-reduce, small-sum, sparse-step and network-step");
  }
}

}  // namespace
}  // namespace annulet::benchmarks

int main(int count, char** words) {
  return annulet::benchmarks::exit_code_of("instructions", [&] {
    annulet::benchmarks::work({words, static_cast<std::size_t>(count)});
  });
}
