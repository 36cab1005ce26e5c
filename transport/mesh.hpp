/// All-reduce in one hop, for small vectors: every worker sends its own to every other one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/spin.hpp"
#include "transport/checksum.hpp"
#include "transport/frame.hpp"
#include "transport/link.hpp"
#include "transport/operation.hpp"

namespace annulet::transport {

/// Where a worker would send more than this, sums go around the ring: a mesh holds all W vectors.
inline constexpr std::uint64_t kMostMeshBytes = std::uint64_t{1} << 20;
[[nodiscard]] constexpr bool fits_mesh(std::size_t size, std::uint64_t elements) {
  return (size - 1) * elements * sizeof(float) <= kMostMeshBytes;
}

/// A ring needs 2(W-1) hops one after the other, a mesh one, for W/2 times the bytes. Each element
/// is summed in the order in which the ring sums it, so that the sum has the same bits: which of
/// the two is taken cannot change a model.
class Mesh {
 public:
  /// The two ways to another worker, which may be one link.
  struct Ways {
    Link* in;
    Link* out;
  };

  /// ways: by rank; nulls for this worker. Links and clock outlive the mesh.
  Mesh(Place place, const std::vector<Ways>& ways, devices::Clock& clock);

  /// As Ring::all_reduce, without a codec. Sends (W-1) (d + f) elements and W-1 headers and
  /// checksums; traffic() counts them. When it throws, blamed() is the worker whose link failed
  /// first. Memory: (W + 1) (d + f) floats of the largest operation.
  asio::awaitable<RingTiming> all_reduce(const Operation& operation, std::span<float> x,
                                         std::span<float> facts, devices::TimePoint deadline);

  void set_spin(devices::Duration longest) { spin_ = devices::Spin(clock_, longest); }
  [[nodiscard]] const Traffic& traffic() const noexcept { return traffic_; }
  [[nodiscard]] std::optional<std::size_t> blamed() const noexcept { return blamed_; }

 private:
  /// One of the others, and how far we are with it.
  struct Peer {
    std::size_t rank = 0;
    Ways ways{};
    std::size_t sent = 0, received = 0;  // bytes of this operation
    std::array<std::byte, kHeaderSize> header{};
    std::array<std::byte, kChecksumSize> checksum{};
  };

  void begin(const Operation& operation, std::span<const float> x, std::span<const float> facts);
  void pass_at_once();
  [[nodiscard]] bool send_at_once(Peer& peer);
  [[nodiscard]] bool receive_at_once(Peer& peer);
  asio::awaitable<void> send_in_turn();
  asio::awaitable<void> receive_in_turn();
  [[nodiscard]] std::size_t to_send(const Peer& peer, std::span<ConstBytes> out) const;
  [[nodiscard]] std::size_t to_receive(Peer& peer, std::span<Bytes> out);
  void took(Peer& peer, std::size_t bytes);
  void came(Peer& peer, std::size_t bytes);
  void check(const Peer& peer) const;
  void add_up(std::span<float> x, std::span<float> facts);
  [[nodiscard]] std::uint64_t payload_of(std::size_t before, std::size_t after) const;
  [[nodiscard]] std::size_t total() const {
    return kHeaderSize + own().size() * sizeof(float) + kChecksumSize;
  }
  [[nodiscard]] const std::vector<float>& own() const { return values_[place_.rank]; }
  [[nodiscard]] bool finished() const { return unfinished_ == 0; }

  Place place_;
  devices::Clock& clock_;
  devices::Spin spin_;
  std::vector<Peer> peers_;                 // those at rank + 1, rank + 2, ...
  std::vector<std::vector<float>> values_;  // of all ranks: (d + f) each
  std::vector<float> sum_;                  // (d + f)
  Operation operation_;
  FrameHeader header_;
  std::array<std::byte, kHeaderSize> header_out_{};
  std::array<std::byte, kChecksumSize> checksum_out_{};
  std::size_t unfinished_ = 0;           // directions
  std::size_t headers_ = 0;              // that have come
  devices::TimePoint last_header_came_;  // from whom we waited for longest
  const Peer* sending_ = nullptr;        // its link has bytes of ours
  const Peer* receiving_ = nullptr;      // its link has buffers of ours
  Traffic traffic_;
  std::optional<std::size_t> blamed_;
};

}  // namespace annulet::transport
