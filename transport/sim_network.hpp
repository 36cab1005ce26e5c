/// A LAN in virtual time: rate, one-way delay, buffers, FIN behind the data, and cables to cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "devices/units.hpp"
#include "devices/world.hpp"
#include "transport/link.hpp"

namespace annulet::transport {

/// All hosts share it; it must outlive their networks, links and the world's coroutines.
class SimNetwork {
 public:
  /// Bytes that a link takes at once, at most: they arrive together.
  static constexpr std::size_t kMostAtOnce = std::size_t{64} << 10;

  SimNetwork(devices::World& world, devices::LinkSpeed speed) : world_(world), speed_(speed) {}
  SimNetwork(const SimNetwork&) = delete;
  SimNetwork& operator=(const SimNetwork&) = delete;

  /// The network as a host of this name sees it: it dials and listens under that address. Names are
  /// unique.
  [[nodiscard]] std::unique_ptr<Network> host(std::string name);

  /// From now on nothing that this host sends, or that is sent to it, arrives. Nobody is told.
  void cut(const std::string& host) { cut_.insert(host); }
  [[nodiscard]] bool is_cut(const std::string& host) const { return cut_.contains(host); }
  /// The host's process dies, its kernel lives: what it has sent still arrives, then all its
  /// connections close, and new ones are refused.
  void kill(const std::string& host);

 private:
  friend class SimHost;
  friend class SimListener;
  friend class SimLink;
  struct Pipe;
  struct Port;

  devices::World& world_;
  devices::LinkSpeed speed_;
  std::map<std::pair<std::string, std::uint16_t>, std::weak_ptr<Port>> ports_;
  std::uint16_t next_port_ = 49152;
  std::set<std::string> cut_, dead_;
  std::vector<std::weak_ptr<Pipe>> pipes_;  // to be closed when a host dies
};

}  // namespace annulet::transport
