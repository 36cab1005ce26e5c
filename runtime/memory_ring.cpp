/// Rounds of all devices, one device after the other.
#include "runtime/memory_ring.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "model/partition.hpp"
#include "runtime/averaged_model.hpp"
#include "runtime/beginning.hpp"
#include "runtime/facts.hpp"
#include "runtime/local_data.hpp"
#include "runtime/objective_options.hpp"
#include "transport/codec.hpp"
#include "transport/error_feedback.hpp"
#include "transport/ring.hpp"

namespace annulet::runtime {
namespace {

/// One segment of the sum: of ranks s, s+1, ..., s+W-1, in this order, as on the ring. part(rank)
/// is what that device sends.
template <class Part>
void add_segment(Part part, std::size_t workers, std::size_t s, std::span<float> sum) {
  std::ranges::copy(part(s), sum.begin());
  for (std::size_t k = 1; k < workers; ++k) {
    const std::span<const float> next = part((s + k) % workers);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += next[i];
  }
}

/// The sum over the ring of what part(rank) gives, (d) each.
template <class Part>
void ring_sum(Part part, std::size_t workers, std::vector<float>& sum) {
  for (std::size_t s = 0; s < workers; ++s) {
    const auto own = transport::segment(sum.size(), workers, s);
    const auto of_segment = [&](std::size_t rank) {
      return std::span<const float>(part(rank)).subspan(own.begin, own.length());
    };
    add_segment(of_segment, workers, s, std::span(sum).subspan(own.begin, own.length()));
  }
}

/// Part of a segment.
struct Block {
  std::size_t segment, begin;
  std::span<float> sum;
};

/// With a codec each rank quantises what it sends on, and keeps what that leaves out; the last
/// values are those that all decode.
template <class Part, class Residual>
void add_coded_block(const transport::Codec& codec, Part part, Residual residual,
                     std::size_t workers, const Block& block) {
  const auto [s, begin, sum] = block;
  std::array<std::byte, transport::kMaxBlockBytes> memory{};
  const auto bytes = std::span(memory).first(codec.block_bytes(sum.size()));
  for (std::size_t k = 0; k < workers; ++k) {
    const std::size_t rank = (s + k) % workers;
    const auto own = std::span<const float>(part(rank)).subspan(begin, sum.size());
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = k == 0 ? own[i] : sum[i] + own[i];
    const auto left_out = std::span<float>(residual(rank)).subspan(begin, sum.size());
    transport::quantise(codec, sum, left_out, bytes, sum);
  }
}

/// ring_sum() as a codec leaves it. Blocks do not cross segments.
template <class Part, class Residual>
void coded_ring_sum(const transport::Codec& codec, Part part, Residual residual,
                    std::size_t workers, std::vector<float>& sum) {
  for (std::size_t s = 0; s < workers; ++s) {
    const auto own = transport::segment(sum.size(), workers, s);
    for (std::size_t begin = own.begin; begin < own.end; begin += transport::kBlock) {
      const auto length = std::min(transport::kBlock, own.end - begin);
      const Block block{s, begin, std::span(sum).subspan(begin, length)};
      add_coded_block(codec, part, residual, workers, block);
    }
  }
}

model::LabelMap labels_of(const model::Dataset& data, model::LabelUse use) {
  if (!model::names_classes(use)) return {};
  const std::vector<std::vector<float>> sets{model::survey(data, true).labels};
  const std::vector<std::string> names{"the data"};
  return model::make_label_map(use, sets, names);
}

}  // namespace

Shards cut_shards(const RunConfig& config, const std::shared_ptr<const model::Dataset>& data,
                  std::size_t devices) {
  const auto use = label_use(config, model::Catalogue::builtin());
  const auto labels = labels_of(*data, use);
  const auto seed = partition_seed(config.run.seed);
  Shards shards;
  for (std::size_t rank = 0; rank < devices; ++rank) {
    if (rank > 0 && config.data.partition.kind == model::PartitionKind::all) {
      shards.push_back(shards.front());
      continue;
    }
    auto rows = model::partition_rows(config.data.partition, *data, rank, devices, seed);
    shards.push_back(std::make_shared<const model::Shard>(
        model::make_shard(data, std::move(rows), use, labels)));
  }
  return shards;
}

struct MemoryRing::Device {
  std::shared_ptr<const model::Shard> shard;
  std::unique_ptr<model::LocalSolver<float>> solver;
  RoundRules rules;
  double flops_per_second = 1;
  OwnChange own;  // where none is under way
  State state, next;
  std::vector<float> delta, tail;  // what it sends

  /// What the next average is of.
  OwnChange& averaged() { return state.under_way.empty() ? own : state.under_way; }
};

MemoryRing::~MemoryRing() = default;

MemoryRing::MemoryRing(MemoryRingInputs inputs) : in_(std::move(inputs)) {
  const auto& config = in_.config;
  const auto& data = *in_.shards.front()->data;
  const auto features = config.data.features.value_or(data.features());
  options_ = objective_options(config.model, {features, in_.classes, in_.rows});
  objective_ = model::make_objective<float>(options_);
  const LawFacts facts{*in_.schedules, *objective_, options_, in_.rows, in_.shards.size()};
  if (need_smoothness(config, facts) && !in_.smoothness) {
    throw std::invalid_argument("a ring in memory is told L where its laws need it");
  }
  laws_ = laws_from(config, facts, in_.smoothness);
  std::vector<std::uint64_t> samples;
  for (const auto& shard : in_.shards) samples.push_back(shard->size());
  if (in_.averages.empty()) {
    if (const auto one = average_weights(config.run, *laws_.eta)) in_.averages.push_back(*one);
  }
  for (std::size_t rank = 0; rank < in_.shards.size(); ++rank) {
    Device& device = devices_.emplace_back();
    device.shard = in_.shards[rank];
    device.rules = rules_of(config, *in_.schedules, {rank, samples}, in_.drop);
    device.flops_per_second = in_.flops_per_second[std::min(rank, in_.flops_per_second.size() - 1)];
    device.solver = model::make_solver<float>(options_, {*objective_, *device.shard},
                                              sampler_of(config, device.rules, *device.shard));
    device.state = first_state(config, *objective_, device.rules, in_.shards.size());
    for (const auto& weights : in_.averages) device.state.averages.push_back({.weights = weights});
  }
  sum_.resize(objective_->dimension());
  scratch_.resize(sum_.size() * devices_.size());
}

std::size_t MemoryRing::devices() const noexcept { return devices_.size(); }
const State& MemoryRing::state(std::size_t rank) const { return devices_.at(rank).state; }
double MemoryRing::share(std::size_t rank) const { return devices_.at(rank).rules.share; }

void MemoryRing::take_part_of(Device& device, const Departure& from, OwnChange& own,
                              model::Step h) const {
  own.part = plan_part(device.rules, from, h);
  if (device.rules.timed) own.all = runtime::steps_of_all(device.rules, from, h);
  take_part(own, device.rules, {*device.solver, *laws_.eta}, from);
  if (in_.plain_mean) {  // as if all steps of the round were those
    own.part.effort.full_eta = own.part.effort.eta;
    own.facts.left_out = left_out(own.part.effort);
  }
  // Whole nanoseconds, as clocks count.
  const double flops =
      objective_->step_flops(in_.config.train.batch) * static_cast<double>(own.part.own);
  own.took = own.steps = devices::from_seconds(flops / device.flops_per_second);
}

/// The steps of a round; `own` is empty where none are left.
void MemoryRing::take_steps(Device& device, const Departure& from, OwnChange& own) const {
  own.clear();
  const RoundFacts facts = from.facts();
  const model::Step left = in_.config.run.steps - facts.t;
  if (left <= 0) return;
  take_part_of(device, from, own, std::min(steps_wanted(*laws_.schedule, facts), left));
}

void MemoryRing::add_up() {
  const std::size_t W = devices_.size();
  const auto delta_of = [&](std::size_t rank) -> auto& { return devices_[rank].delta; };
  const auto residual_of = [&](std::size_t rank) -> auto& { return devices_[rank].next.r; };
  const auto* const codec = transport::codec_of(in_.config.compress);
  if (in_.models_as != nullptr) {
    add_up_models();
  } else if (codec == nullptr || W == 1) {  // alone there is nothing to send
    ring_sum(delta_of, W, sum_);
  } else {
    coded_ring_sum(*codec, delta_of, residual_of, W, sum_);
  }
  tail_.resize(devices_.front().tail.size());
  const auto tail_of = [&](std::size_t rank) {
    return std::span<const float>(devices_[rank].tail);
  };
  add_segment(tail_of, W, W - 1, tail_);  // it rides behind the last segment
}

void MemoryRing::add_up_models() {
  const std::size_t d = sum_.size();
  const auto model_of = [&](std::size_t rank) { return std::span(scratch_).subspan(rank * d, d); };
  for (std::size_t w = 0; w < devices_.size(); ++w) {
    const auto weight = static_cast<float>(devices_[w].rules.share);
    const auto mine = model_of(w);
    const auto& x = devices_[w].state.x;
    const auto& change = devices_[w].averaged().d;
    for (std::size_t j = 0; j < d; ++j) mine[j] = weight * (x[j] + change[j]);
  }
  std::vector<float> left_out(d);
  const auto nothing = [&](std::size_t /*rank*/) -> auto& {
    std::ranges::fill(left_out, 0.0F);
    return left_out;
  };
  coded_ring_sum(*in_.models_as, model_of, nothing, devices_.size(), sum_);
  const auto& x = devices_.front().state.x;
  for (std::size_t j = 0; j < d; ++j) sum_[j] -= x[j];
}

bool MemoryRing::take_round() {
  double slowest = 0;
  for (auto& device : devices_) {
    OwnChange& own = device.averaged();
    reuse_memory(own, device.rules, device.state, device.next, device.delta);
    if (device.state.under_way.empty())
      take_steps(device, {device.state, device.state.under_way}, own);
    if (device.rules.overlap) take_steps(device, {device.state, own}, device.next.under_way);
    const double seconds = devices::seconds(own.steps);
    slowest = std::max(slowest, seconds);
    if (in_.models_as) {  // whole models are, and made of the change
      weigh(own, device.state, device.next, device.delta);
    } else {
      hand_over(own, device.rules, device.state, device.next, device.delta);
    }
    write_tail(own.facts, {device.rules, own.part, seconds}, device.state, device.tail);
  }
  add_up();
  const Facts facts = Facts::from(tail_);
  if (facts.not_finite > 0) return false;
  for (auto& device : devices_) {
    OwnChange& own = device.averaged();
    std::ranges::copy(sum_, device.delta.begin());
    // All alike: where one is not to be committed, none is, and the first one says so.
    if (!commit_part(own, device.rules, device.state, device.delta, facts, device.next)) {
      return false;
    }
    read_times(tail_, device.rules, own.all, device.state, device.next);
    steps_of_all_ += own.part.own;
    std::swap(device.next.averages, own.averages);
    std::swap(device.state, device.next);
    device.solver->sampler().commit();
  }
  seconds_ += slowest;
  return true;
}

void MemoryRing::take_steps_apart(model::Step h) {
  double slowest = 0;
  for (auto& device : devices_) {
    OwnChange& own = device.own;
    State& state = device.state;
    take_part_of(device, {state, state.under_way}, own, h);
    slowest = std::max(slowest, devices::seconds(own.took));
    for (std::size_t j = 0; j < own.d.size(); ++j) state.x[j] += own.d[j];
    std::swap(state.averages, own.averages);
    steps_of_all_ += own.part.own;
    state.t += h;
  }
  seconds_ += slowest;
}

void MemoryRing::mean(std::vector<float>& out) {
  const std::size_t d = sum_.size();
  const auto part = [&](std::size_t rank) { return std::span(scratch_).subspan(rank * d, d); };
  for (std::size_t w = 0; w < devices_.size(); ++w) {
    const auto weight = static_cast<float>(devices_[w].rules.share);
    const auto mine = part(w);
    for (std::size_t j = 0; j < d; ++j) mine[j] = weight * devices_[w].state.x[j];
  }
  out.resize(d);
  ring_sum(part, devices_.size(), out);
}

void MemoryRing::averaged(std::size_t average, std::vector<float>& out) {
  const std::size_t d = sum_.size();
  const auto& x = devices_.front().state.x;
  const auto part = [&](std::size_t rank) { return std::span(scratch_).subspan(rank * d, d); };
  for (std::size_t w = 0; w < devices_.size(); ++w) {
    const auto& device = devices_[w];
    change_of_average(x, device.state.averages.at(average), device.rules.share, part(w));
  }
  out.resize(d);
  ring_sum(part, devices_.size(), out);
  for (std::size_t j = 0; j < d; ++j) out[j] += x[j];
}

}  // namespace annulet::runtime
