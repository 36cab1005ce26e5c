/// The plan of a ring, in bytes.
#include "transport/ring_bytes.hpp"

#include "transport/frame.hpp"

namespace annulet::transport {

namespace {

/// Of segment s and what rides behind it.
std::uint64_t bytes_of_segment(const Summed& summed, std::size_t size, std::size_t s) {
  const std::size_t facts = s == size - 1 ? summed.facts : 0;
  return encoded_bytes(summed.codec, segment(summed.elements, size, s).length()) +
         facts * sizeof(float);
}

}  // namespace

std::uint64_t all_reduce_bytes(const Summed& summed, Ring::Place place) {
  const std::size_t W = place.size;
  if (W == 1) return 0;
  std::uint64_t bytes = 0;
  for (std::size_t k = 0; k < 2 * W - 2; ++k) {
    bytes += bytes_of_segment(summed, W, (place.rank + 2 * W - k) % W);
  }
  return bytes;
}

std::uint64_t all_reduce_bytes_of_all(const Summed& summed, std::size_t size) {
  std::uint64_t bytes = 0;
  for (std::size_t s = 0; s < size; ++s) bytes += bytes_of_segment(summed, size, s);
  return 2 * (size - 1) * bytes;
}

std::uint64_t all_reduce_framing(std::size_t size) {
  constexpr std::size_t kChecksum = sizeof(std::uint64_t);
  return size == 1 ? 0 : kHeaderSize + 2 * (size - 1) * kChecksum;
}

std::uint64_t mesh_bytes(const Summed& summed, std::size_t size) {
  return (size - 1) * (summed.elements + summed.facts) * sizeof(float);
}

std::uint64_t mesh_framing(std::size_t size) {
  return (size - 1) * (kHeaderSize + sizeof(std::uint64_t));
}

std::uint64_t bytes_of(const Ring& ring, const Summed& summed) {
  return ring.takes_mesh(summed.codec, summed.elements + summed.facts)
             ? mesh_bytes(summed, ring.place().size)
             : all_reduce_bytes(summed, ring.place());
}

bool is_mesh_faster(std::size_t size, std::uint64_t bytes, const devices::LinkSpeed& link) {
  const auto W = static_cast<double>(size), vector = static_cast<double>(bytes);
  if (size < 2 || !fits_mesh(size, bytes / sizeof(float))) return false;
  const double delay = devices::seconds(link.delay);
  const double byte_s = link.bytes_per_second > 0 ? 1 / link.bytes_per_second : 0;
  // A ring adds up while bytes come and go, a mesh copies, checks and adds up W vectors afterwards:
  // seen on x86-64.
  constexpr double kByteOfVector = 0.2e-9;  // seconds
  const double hops = 2 * (W - 1);
  const double mesh_size = (W - 1) * vector + static_cast<double>(mesh_framing(size));
  const double ring_size = hops * vector / W + static_cast<double>(all_reduce_framing(size));
  const double mesh = delay + mesh_size * byte_s + W * vector * kByteOfVector;
  return mesh < hops * delay + ring_size * byte_s;
}

}  // namespace annulet::transport
