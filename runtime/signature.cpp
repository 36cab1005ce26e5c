/// The fixed rings behind the signature.
#include "runtime/signature.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "model/random.hpp"
#include "runtime/data_source.hpp"
#include "runtime/run_file.hpp"
#include "runtime/wiring.hpp"
#include "transport/bytes.hpp"
#include "transport/checksum.hpp"

namespace annulet::runtime {
namespace {

constexpr std::size_t kRows = 240, kColumns = 24;

/// Sparse rows whose label depends on a hidden direction.
model::Dataset make_sparse() {
  model::Random random(7);
  std::vector<std::size_t> offset{0};
  std::vector<model::Index> index;
  std::vector<float> value, label;
  for (std::size_t row = 0; row < kRows; ++row) {
    double score = 0;
    for (std::size_t j = 0; j < kColumns; ++j) {
      if (random.below(4) != 0) continue;
      const double x = random.normal();
      index.push_back(static_cast<model::Index>(j));
      value.push_back(static_cast<float>(x));
      score += (j % 2 == 0 ? x : -x);
    }
    offset.push_back(index.size());
    label.push_back(score > 0 ? 1.0F : -1.0F);
  }
  return model::Dataset::sparse(std::move(offset), std::move(index), std::move(value),
                                std::move(label), kColumns);
}

/// Small images of three classes.
model::Dataset make_dense() {
  model::Random random(8);
  std::vector<std::uint8_t> bytes;
  std::vector<float> label;
  for (std::size_t row = 0; row < kRows; ++row) {
    const std::uint64_t kind = random.below(3);
    for (std::size_t j = 0; j < kColumns; ++j) {
      bytes.push_back(static_cast<std::uint8_t>(random.below(128) + (j % 3 == kind ? 100 : 0)));
    }
    label.push_back(static_cast<float>(kind));
  }
  return model::Dataset::images(std::move(bytes), std::move(label), kColumns);
}

constexpr std::array<const char*, 4> kRunFiles{
    R"toml(run = {steps = 120, seed = 3}
model = {kind = "logistic", l2 = "1/n", bias = true}
data = {train = "sparse", partition = "by-label"}
train = {batch = 4, correct_drift = true, lr = {kind = "inverse", lr0 = 0.5, tau = 40}}
schedule = {kind = "doubling", alpha = 3, t0 = 16})toml",
    R"toml(run = {steps = 60, seed = 4}
model = {kind = "softmax", l2 = 0.001, bias = true}
data = {train = "dense", partition = "dirichlet(0.5)", sampling = "shuffle"}
train = {batch = 8, lr = {kind = "linear", from = 0.2, to = 0.01}}
schedule = {kind = "fixed", h = 5})toml",
    R"toml(run = {steps = 40, seed = 5}
model = {kind = "logistic", l2 = "1/n"}
data = {train = "sparse", partition = "all"}
train = {batch = 2, lr = {kind = "paper"}}
schedule = {kind = "one-shot"})toml",
    R"toml(run = {steps = 60, seed = 6}
model = {kind = "softmax", l2 = 0.001, bias = true}
data = {train = "dense", partition = "by-label"}
train = {batch = 4, correct_drift = true, lr = {kind = "constant", value = 0.05}}
outer = {momentum = 0.5}
net = {compress = "q8"}
schedule = {kind = "fixed", h = 6})toml"};

}  // namespace

std::uint64_t signature() {
  SharedData data;
  model::DataPath sparse, dense;
  sparse.file = "/sparse";
  dense.file = "/dense";
  data.put(sparse, make_sparse());
  data.put(dense, make_dense());
  std::array<std::byte, 8 * kRunFiles.size()> hashes{};
  for (std::size_t i = 0; i < kRunFiles.size(); ++i) {
    Simulation simulation;
    simulation.devices = 3 + i;
    Observer nobody;
    const RunConfig config = parse_run_file(kRunFiles[i], "signature", "/", {});
    const RunFinished end = simulate(config, simulation, data, nobody);
    transport::store_le(hashes.data() + 8 * i, end.model_hash.value_or(0));
  }
  return transport::checksum(hashes);
}

}  // namespace annulet::runtime
