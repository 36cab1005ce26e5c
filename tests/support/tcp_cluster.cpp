/// Sessions side by side on one io_context.
#include "tests/support/tcp_cluster.hpp"

#include <exception>
#include <stdexcept>
#include <string>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include "devices/processor.hpp"
#include "devices/steady_clock.hpp"
#include "runtime/session.hpp"
#include "tests/support/acknowledged_network.hpp"
#include "transport/tcp_network.hpp"

namespace annulet::tests {
namespace {

/// One device, its parts in the order in which they must go.
struct Device {
  Device(asio::io_context& context, std::string name, runtime::DataSource& data, Books books)
      : clock(context.get_executor()),
        tcp(context.get_executor()),
        network(tcp, acknowledgements),
        chronicler(books == Books::compared
                       ? std::function([this] { return acknowledgements.bytes(); })
                       : std::function<std::uint64_t()>()),
        stop(context.get_executor()),
        session({context.get_executor(), clock, processor, network, data, false},
                {.own_data = std::nullopt, .name = std::move(name)}, chronicler, stop) {}

  devices::SteadyClock clock;
  transport::TcpNetwork tcp;
  Acknowledgements acknowledgements;
  AcknowledgedNetwork network;
  devices::ComputeThread processor;
  Chronicler chronicler;
  runtime::StopRequest stop;
  runtime::Session session;
};

}  // namespace

void Chronicler::round_done(const runtime::RoundDone& event, std::span<const float>) {
  story_.hashes.push_back(event.model_hash);
  story_.sent.push_back(event.sent_bytes);
  if (acknowledged_) story_.acknowledged.push_back(acknowledged_());
}

void Chronicler::finished(const runtime::RunFinished& event, std::span<const float> x) {
  story_.finished = event;
  story_.model.assign(x.begin(), x.end());
}

std::vector<DeviceStory> train_over_tcp(const runtime::RunConfig& config, std::size_t devices,
                                        runtime::DataSource& data, Books books) {
  asio::io_context context(1);
  std::vector<std::unique_ptr<Device>> ring;
  std::exception_ptr error;
  std::size_t ended = 0;
  const auto spawn = [&](asio::awaitable<runtime::RunFinished> session) {
    asio::co_spawn(context, std::move(session),
                   [&](std::exception_ptr failure, const runtime::RunFinished&) {
                     if (failure && !error) error = failure;
                     if (++ended == devices) context.stop();
                   });
  };
  transport::Endpoint starter;
  for (std::size_t r = 0; r < devices; ++r) {
    auto& device = *ring.emplace_back(
        std::make_unique<Device>(context, "device-" + std::to_string(r), data, books));
    if (r == 0) {
      auto listener = device.network.listen({"127.0.0.1", 0});
      starter = listener->local();
      runtime::StartOptions options;
      options.devices = devices;
      options.run_id = 1;
      spawn(device.session.start(config, options, std::move(listener), {}));
    } else {
      runtime::JoinOptions options;
      options.starter = starter;
      spawn(device.session.join(options));
    }
  }
  context.run();
  if (error) std::rethrow_exception(error);
  if (ended < devices) throw std::logic_error("a session waits for ever");
  std::vector<DeviceStory> stories;
  stories.reserve(ring.size());
  for (const auto& device : ring) stories.push_back(device->chronicler.story());
  return stories;
}

}  // namespace annulet::tests
