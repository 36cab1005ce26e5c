/// W rings with vectors, residuals and facts, over links of any kind, in virtual time.
#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <random>
#include <system_error>
#include <utility>
#include <vector>

#include <asio/co_spawn.hpp>

#include "devices/world.hpp"
#include "tests/support/link_pair.hpp"
#include "tests/support/play.hpp"
#include "tests/support/tight_link.hpp"
#include "transport/ring.hpp"
#include "transport/sim_network.hpp"

namespace annulet::tests {

/// Vectors of noise in -1 .. 1, one of each rank.
inline std::vector<std::vector<float>> noise(std::size_t W, std::size_t d, std::uint32_t seed) {
  std::mt19937 engine(seed);
  std::vector<std::vector<float>> x(W, std::vector<float>(d));
  for (auto& one : x) {
    for (auto& value : one) value = static_cast<float>(engine() >> 8U) * 0x1p-23F - 1;
  }
  return x;
}

/// Both ends of the link from a rank to the next.
struct Ends {
  std::unique_ptr<transport::Link> sends, receives;
};

class CodedRings {
 public:
  struct Shape {
    std::size_t W, d;
  };
  using MakeLink = std::function<Ends(CodedRings&, std::size_t rank)>;

  CodedRings(Shape shape, const MakeLink& make_link)
      : x(noise(shape.W, shape.d, 7)),
        residuals(shape.W, std::vector<float>(shape.d)),
        facts(shape.W),
        errors(shape.W) {
    std::vector<Ends> links(shape.W);
    for (std::size_t r = 0; shape.W > 1 && r < shape.W; ++r) links[r] = make_link(*this, r);
    for (std::size_t r = 0; r < shape.W; ++r) {
      facts[r] = {static_cast<float>(r), 1.0F};
      rings.push_back(std::make_unique<transport::Ring>(
          transport::Ring::Place{r, shape.W},
          std::move(links[(r + shape.W - 1) % shape.W].receives), std::move(links[r].sends), world,
          world.context().get_executor()));
    }
  }
  explicit CodedRings(Shape shape) : CodedRings(shape, sim_link) {}

  static Ends sim_link(CodedRings& rings, std::size_t /*rank*/) {
    const auto host = rings.lan.host("here");
    auto pair = play(rings.world, connect(*host, *host, "here"));
    return {std::move(pair.dialled), std::move(pair.accepted)};
  }

  /// Without memory, and so many bytes at once.
  static MakeLink tight(std::size_t at_once) {
    return [at_once](CodedRings& all, std::size_t /*rank*/) -> Ends {
      const auto executor = all.world.context().get_executor();
      const auto pipe = std::make_shared<TightPipe>(executor, at_once);
      return {std::make_unique<TightLink>(pipe), std::make_unique<TightLink>(pipe)};
    };
  }

  /// One all-reduce on all; rank r may use another codec than the others.
  void run(const std::vector<transport::Compress>& codecs, std::uint64_t number = 1) {
    const devices::TimePoint limit = world.now() + std::chrono::hours(1);
    for (std::size_t r = 0; r < rings.size(); ++r) {
      const transport::Codec* const codec = transport::codec_of(codecs[r]);
      asio::co_spawn(
          world.context(),
          rings[r]->all_reduce({1, number, 42, true}, x[r], facts[r], limit, {codec, residuals[r]}),
          [this, r](std::exception_ptr error, transport::RingTiming) {
            errors[r] = std::move(error);
            ++ended;
          });
    }
    world.run();
  }
  void run(transport::Compress codec, std::uint64_t number = 1) {
    run(std::vector<transport::Compress>(rings.size(), codec), number);
  }

  [[nodiscard]] std::error_code code(std::size_t r) const {
    if (!errors[r]) return {};
    try {
      std::rethrow_exception(errors[r]);
    } catch (const std::system_error& error) {
      return error.code();
    }
  }

  devices::World world;
  transport::SimNetwork lan{world, {0, std::chrono::milliseconds(1)}};
  std::vector<std::vector<float>> x, residuals;
  std::vector<std::array<float, 2>> facts;
  std::vector<std::exception_ptr> errors;
  std::size_t ended = 0;
  std::vector<std::unique_ptr<transport::Ring>> rings;
};

}  // namespace annulet::tests
