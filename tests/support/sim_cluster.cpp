/// Devices, their lives and their ends.
#include "tests/support/sim_cluster.hpp"

#include <utility>

#include <asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/run_file.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/tallied_network.hpp"
#include "transport/ring.hpp"
#include "transport/shaped_network.hpp"

namespace annulet::tests {

using devices::Duration;
using devices::TimePoint;

runtime::RunConfig small_config(const std::vector<std::string>& settings) {
  const std::string text =
      std::string("[run]\nsteps = 24\n[model]\nkind = \"logistic\"\nl2 = 0.01") +
      "\n[data]\ntrain = \"" + kSparseFile +
      "\"\n[train]\nbatch = 4\nlr = { kind = \"constant\", value = 0.5 }\n"
      "[schedule]\nkind = \"fixed\"\nh = 4\n[net]\npeer_timeout = \"1s\"\n";
  return runtime::parse_run_file(text, "small.toml", "/", settings);
}

std::uint64_t bytes_of_round(std::size_t d, std::size_t W, std::size_t r) {
  if (W == 1) return 0;
  const auto once = [&](std::size_t s) { return s == (r + 1) % W || s == (r + 2) % W; };
  std::size_t floats = 0;
  for (std::size_t s = 0; s < W; ++s) {
    const std::size_t carried = d / W + (s < d % W ? 1 : 0) + (s == W - 1 ? 6 : 0);
    floats += carried * (once(s) ? 1 : 2);
  }
  return 4 * floats;
}

// ---- a device -----------------------------------------------------------------------------------

void SimDevice::round_done(const runtime::RoundDone& event, std::span<const float> x) {
  rounds.push_back(event);
  carried_at_round.push_back(carried);
  round_times.push_back(clock->now());
  last_round_model.assign(x.begin(), x.end());
  if (at_round) at_round(event);
}

void SimDevice::finished(const runtime::RunFinished& /*event*/, std::span<const float> x) {
  final_model.assign(x.begin(), x.end());
}

std::uint64_t SimDevice::hash_after(std::int64_t round) const {
  return rounds.at(static_cast<std::size_t>(round - 1)).model_hash;
}

// ---- the cluster --------------------------------------------------------------------------------

SimCluster::SimCluster(runtime::RunConfig config, ClusterOptions options)
    : config_(std::move(config)), options_(options), world_(std::make_unique<devices::World>()) {
  lan.emplace(*world_, options_.link);
  model::DataPath path;
  path.file = kSparseFile;
  data.put(path, *sparse_sample());
  path.file = kDenseFile;
  data.put(path, *dense_sample());
}

SimCluster::SimCluster(std::size_t W, runtime::RunConfig config, ClusterOptions options)
    : SimCluster(std::move(config), options) {
  runtime::StartOptions start_options;
  start_options.devices = W;
  start({.name = "device-0"}, start_options);
  for (std::size_t r = 1; r < W; ++r) join({.name = "device-" + std::to_string(r)});
}

SimDevice& SimCluster::add(DeviceOptions options) {
  auto& device = *devices_.emplace_back(std::make_unique<SimDevice>());
  if (options.host.empty()) options.host = options.name;
  device.options = std::move(options);
  device.clock = world_.get();
  if (const auto& stop = device.options.stopped) {
    stopped_clocks_.try_emplace(&device, *world_, *stop);
  }
  return device;
}

SimDevice& SimCluster::start(DeviceOptions device_options, runtime::StartOptions options) {
  SimDevice& device = add(std::move(device_options));
  starter_host_ = device.options.host;
  start_options_ = std::move(options);
  start_options_.token = device.options.token;
  spawn(device, true);
  return device;
}

SimDevice& SimCluster::join(DeviceOptions device_options) {
  SimDevice& device = add(std::move(device_options));
  spawn(device, false);
  return device;
}

SimDevice& SimCluster::join(DeviceOptions device_options, std::string starter_host) {
  starter_host_ = std::move(starter_host);
  return join(std::move(device_options));
}

void SimCluster::spawn(SimDevice& device, bool starts) {
  asio::co_spawn(world_->context(), live(device, starts),
                 [](std::exception_ptr error) { BOOST_TEST(!error, "a session has thrown"); });
}

devices::Clock& SimCluster::clock_of(const SimDevice& device) {
  const auto stopped = stopped_clocks_.find(&device);
  if (stopped != stopped_clocks_.end()) return stopped->second;
  return *world_;
}

double SimCluster::speed_of(const SimDevice& device) const {
  const bool is_first = &device == devices_.front().get();
  return options_.flops_per_second / (is_first ? options_.slowdown : 1);
}

transport::Network& SimCluster::network_of(SimDevice& device) {
  auto& bare = *networks_.emplace_back(lan->host(device.options.host));
  auto& host = *networks_.emplace_back(std::make_unique<TalliedNetwork>(bare, device.carried));
  if (const auto stopped = stopped_clocks_.find(&device); stopped != stopped_clocks_.end()) {
    return *networks_.emplace_back(std::make_unique<StoppedNetwork>(host, stopped->second));
  }
  if (device.options.kernel != nullptr) {
    return *networks_.emplace_back(std::make_unique<WeakNetwork>(host, *device.options.kernel));
  }
  if (const auto& shape = device.options.shape) {
    return *networks_.emplace_back(std::make_unique<transport::ShapedNetwork>(
        host, *world_, world_->context().get_executor(), *shape));
  }
  if (!device.options.faulty_link) return host;
  return *networks_.emplace_back(std::make_unique<transport::FaultyNetwork>(
      host, *device.options.faulty_link, device.options.fault, world_->context().get_executor()));
}

/// What a device consists of while it lives. It goes with its coroutine, before the world.
struct SimCluster::Body {
  Body(SimCluster& cluster, SimDevice& device)
      : executor(cluster.world_->context().get_executor()),
        clock(cluster.clock_of(device)),
        processor(clock, cluster.speed_of(device)),
        stop(executor),
        network(cluster.network_of(device)),
        session(machine(cluster, device),
                {.own_data = device.options.own_data,
                 .name = device.options.name,
                 .resume = device.options.resume,
                 .drop = cluster.options_.drop},
                device, stop) {
    device.stop = &stop;
  }

  runtime::Machine machine(SimCluster& cluster, const SimDevice& device) {
    runtime::Machine made{executor,
                          clock,
                          processor,
                          network,
                          device.options.has_data ? cluster.data : cluster.no_data,
                          true};
    made.memory_bytes = cluster.options_.memory_bytes;
    if (device.options.checkpoints != nullptr) {
      made.checkpoints.emplace(runtime::CheckpointTools{*device.options.checkpoints, processor});
    }
    return made;
  }

  asio::any_io_executor executor;
  devices::Clock& clock;
  devices::VirtualProcessor processor;
  runtime::StopRequest stop;
  transport::Network& network;
  runtime::Session session;
};

asio::awaitable<void> SimCluster::live(SimDevice& device, bool starts) {
  co_await world_->sleep_until(TimePoint{device.options.after});
  const auto body = std::make_unique<Body>(*this, device);
  auto work = starts ? start_in(*body) : join_in(*body, device);
  device.end = co_await std::move(work);
  device.ended_at = world_->now();
  device.stop = nullptr;
}

asio::awaitable<runtime::RunFinished> SimCluster::start_in(Body& body) {
  const auto show = [this](const transport::LobbyEvent& event) { lobby.push_back(event); };
  return body.session.start(config_, start_options_,
                            body.network.listen(transport::Endpoint("", kPort)), show);
}

asio::awaitable<runtime::RunFinished> SimCluster::join_in(Body& body, const SimDevice& device) {
  runtime::JoinOptions options;
  options.starter = transport::Endpoint(starter_host_, kPort);
  options.token = device.options.token;
  options.wait = device.options.wait;
  return body.session.join(std::move(options));
}

void SimCluster::run(Duration limit) {
  world_->run_until(TimePoint{limit});
  for (const auto& device : devices_) {
    BOOST_TEST(device->end.has_value(), device->options.name << " hangs");
  }
}

void SimCluster::at(Duration when, std::function<void()> action) {
  world_->at(TimePoint{when}, std::move(action));
}

}  // namespace annulet::tests
