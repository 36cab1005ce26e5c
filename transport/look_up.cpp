/// getaddrinfo() in a detached thread.
#include "transport/look_up.hpp"

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <netdb.h>
#include <thread>
#include <utility>

#include <asio/error.hpp>
#include <asio/post.hpp>

#include "devices/signal.hpp"

namespace annulet::transport {
namespace {

using asio::ip::tcp;

/// What thread and asker share. The one who comes last lets it go.
struct LookUp {
  std::mutex mutex;
  std::condition_variable is_done;
  bool done = false;
  std::function<void()> tell;  // none when nobody asks any more
  Addresses addresses;
};

asio::error_code error_of(int reason) {
  switch (reason) {
    case EAI_AGAIN:
      return asio::error::host_not_found_try_again;
    case EAI_FAIL:
      return asio::error::no_recovery;
    case EAI_MEMORY:
      return asio::error::no_memory;
    case EAI_SYSTEM:
      return {errno, asio::error::get_system_category()};
    default:
      return asio::error::host_not_found;
  }
}

Addresses addresses_of(const Endpoint& name) {
  addrinfo wanted{};
  wanted.ai_flags = AI_NUMERICSERV;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  Addresses addresses;
  const auto port = std::to_string(name.port);
  const int reason = ::getaddrinfo(name.host.c_str(), port.c_str(), &wanted, &first);
  if (reason != 0) {
    addresses.error = error_of(reason);
    return addresses;
  }
  for (const auto* one = first; one != nullptr; one = one->ai_next) {
    tcp::endpoint endpoint;
    if (one->ai_addrlen > endpoint.capacity()) continue;
    endpoint.resize(one->ai_addrlen);
    std::memcpy(endpoint.data(), one->ai_addr, one->ai_addrlen);
    addresses.found.push_back(endpoint);
  }
  ::freeaddrinfo(first);
  if (addresses.found.empty()) addresses.error = asio::error::host_not_found;
  return addresses;
}

void begin(const std::shared_ptr<LookUp>& look_up, const Endpoint& of) {
  std::thread([look_up, of] {
    auto addresses = addresses_of(of);
    const std::lock_guard lock(look_up->mutex);
    look_up->addresses = std::move(addresses);
    look_up->done = true;
    look_up->is_done.notify_all();
    if (look_up->tell) look_up->tell();
  }).detach();
}

/// However the asker ends: from here on the thread touches nothing of its.
class Asking {
 public:
  explicit Asking(std::shared_ptr<LookUp> look_up) : look_up_(std::move(look_up)) {}
  ~Asking() {
    const std::lock_guard lock(look_up_->mutex);
    look_up_->tell = nullptr;
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

 private:
  std::shared_ptr<LookUp> look_up_;
};

}  // namespace

asio::awaitable<Addresses> look_up(asio::any_io_executor executor, Endpoint of) {
  const auto shared = std::make_shared<LookUp>();
  const auto signal = std::make_shared<devices::Signal>(executor);
  shared->tell = [executor, signal] { asio::post(executor, [signal] { signal->notify(); }); };
  const Asking asking(shared);
  begin(shared, of);
  co_await signal->wait();
  const std::lock_guard lock(shared->mutex);
  co_return shared->addresses;
}

Addresses look_up_at_once(const Endpoint& of, devices::Duration patience) {
  const auto shared = std::make_shared<LookUp>();
  begin(shared, of);
  std::unique_lock lock(shared->mutex);
  if (shared->is_done.wait_for(lock, patience, [&shared] { return shared->done; })) {
    return shared->addresses;
  }
  return {.error = asio::error::timed_out, .found = {}};
}

}  // namespace annulet::transport
