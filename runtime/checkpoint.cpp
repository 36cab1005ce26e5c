/// Checkpoints as bytes, through the bounded archive.
#include "runtime/checkpoint.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <system_error>

#include "model/lengths.hpp"
#include "runtime/data_admission.hpp"
#include "runtime/model_hash.hpp"
#include "transport/bounded_archive.hpp"
#include "transport/bytes.hpp"
#include "transport/checksum.hpp"
#include "transport/messages.hpp"

namespace annulet::runtime {
namespace {

using transport::ConstBytes;
using transport::Numbers;
using transport::Text;
using transport::Whole;
using transport::WireInput;
using transport::WireOutput;

constexpr std::array kMagic = {std::byte{'A'}, std::byte{'N'}, std::byte{'N'}, std::byte{'U'},
                               std::byte{'L'}, std::byte{'R'}, std::byte{'C'}, std::byte{'K'}};
constexpr std::uint32_t kVersion = 7;
constexpr std::size_t kHeadBytes = kMagic.size() + 4 + 4;  // magic, version, number of records
constexpr std::size_t kLength = 8;                         // before each record
constexpr std::size_t kChecksum = 8;                       // at the end
constexpr std::size_t kMaxReason = 256;
constexpr std::size_t kMaxAverages = 8;

/// Names of devices: each whole, or it would be another device's.
struct Names {
  std::vector<std::string>& value;
};
void save(WireOutput& out, const Names& names) {
  transport::require(names.value.size() <= transport::kMaxMembers, transport::errc::too_large);
  out.put(static_cast<std::uint32_t>(names.value.size()));
  for (auto& name : names.value) out(Whole{name, transport::kMaxName});
}
void load(WireInput& in, Names& names) {
  names.value.resize(in.get_size(transport::kMaxMembers, sizeof(std::uint32_t)));
  for (auto& name : names.value) in(Whole{name, transport::kMaxName});
}

struct EngineWords {
  model::Random::State& value;
};
void save(WireOutput& out, const EngineWords& words) {
  for (const auto word : words.value) out.put(word);
}
void load(WireInput& in, EngineWords& words) {
  for (auto& word : words.value) word = in.get<std::uint64_t>();
}

struct Averages {
  std::vector<model::IterateAverage>& value;
};
void save(WireOutput& out, const Averages& averages) {
  out.put(static_cast<std::uint32_t>(averages.value.size()));
  for (auto& average : averages.value) {
    out.put(static_cast<std::uint32_t>(average.weights.kind));
    out(average.weights.a, average.total, Numbers<double>{average.mean, kMaxParameters});
  }
}
void load(WireInput& in, Averages& averages) {
  averages.value.resize(in.get_size(kMaxAverages, sizeof(std::uint32_t)));
  for (auto& average : averages.value) {
    const auto kind = in.get<std::uint32_t>();
    transport::require(kind <= static_cast<std::uint32_t>(model::AverageKind::quadratic));
    average.weights.kind = static_cast<model::AverageKind>(kind);
    in(average.weights.a, average.total, Numbers<double>{average.mean, kMaxParameters});
  }
}

struct UnderWay {
  OwnChange& value;
};
// In this order, for both directions.
template <class Archive>
void serialize(Archive& archive, UnderWay& under_way) {
  auto& own = under_way.value;
  archive(own.part.h);
  if (own.empty()) return;
  auto& effort = own.part.effort;
  auto& facts = own.facts;
  auto took = own.took.count(), steps = own.steps.count();
  archive(own.part.own, effort.share, effort.eta, effort.full_eta, effort.present, facts.loss,
          facts.delta_norm2, facts.samples, facts.not_finite, facts.left_out.effort,
          facts.left_out.share, took, steps, own.cut, Text{own.reason, kMaxReason},
          Numbers<model::Step>{own.all, transport::kMaxMembers},
          Numbers<float>{own.d, kMaxParameters}, Numbers<float>{own.v, kMaxParameters},
          Averages{own.averages});
  own.took = devices::Duration(took);
  own.steps = devices::Duration(steps);
}

struct Record {
  CheckpointHead& head;
  State& state;
  model::SamplerState& sampler;
};

// What a record is, in this order, for both directions. state.hash follows from x.
template <class Archive>
void serialize(Archive& archive, Record& record) {
  auto& h = record.head;
  archive(h.run_id, Whole{h.config_toml, transport::kMaxRunFile}, Names{h.members}, h.rank,
          h.features, h.rows, Numbers<float>{h.labels, model::kMaxLabels},
          Numbers<std::uint64_t>{h.samples, transport::kMaxMembers}, h.data_digest, h.drop);
  archive(h.totals.seconds, h.totals.model_bytes, h.totals.sent_bytes, h.objective_start,
          Text{h.reason, kMaxReason}, h.cut, Numbers<float>{h.scale.shift, kMaxParameters},
          Numbers<float>{h.scale.factor, kMaxParameters});
  auto& s = record.state;
  archive(s.t, s.round, s.facts.t, s.facts.h, s.facts.loss, s.facts.drift, s.facts.delta_norm2,
          s.facts.step_s, s.facts.average_s, s.round_seconds, Numbers<float>{s.x, kMaxParameters},
          Numbers<float>{s.u, kMaxParameters}, Numbers<float>{s.v, kMaxParameters},
          Numbers<float>{s.r, kMaxParameters},
          Numbers<float>{s.step_seconds, transport::kMaxMembers}, Averages{s.averages},
          UnderWay{s.under_way});
  archive(EngineWords{record.sampler.random}, record.sampler.cursor,
          Numbers<model::Index>{record.sampler.order, std::numeric_limits<std::uint32_t>::max()});
}

/// At least what the record takes, so that it is copied once: all that grows, and some for the
/// rest.
std::size_t most_bytes(const Record& record) {
  constexpr std::size_t kRest = sizeof(model::Random::State) + 2 * kMaxReason + 1024;
  constexpr std::size_t kAverage = 64;  // but for its mean
  const auto& [head, state, sampler] = record;
  std::size_t bytes = kRest + head.config_toml.size();
  for (const auto& name : head.members) bytes += sizeof(std::uint32_t) + name.size();
  bytes += std::span(head.samples).size_bytes();
  for (const auto* values :
       {&head.labels, &head.scale.shift, &head.scale.factor, &state.x, &state.u, &state.v, &state.r,
        &state.step_seconds, &state.under_way.d, &state.under_way.v}) {
    bytes += std::span(*values).size_bytes();
  }
  bytes += std::span(state.under_way.all).size_bytes();
  for (const auto* averages : {&state.averages, &state.under_way.averages}) {
    for (const auto& one : *averages) bytes += kAverage + std::span(one.mean).size_bytes();
  }
  return bytes + std::span(sampler.order).size_bytes();
}

bool plausible(const CheckpointHead& head) {
  const auto& [shift, factor] = head.scale;
  const bool scale_fits = shift.size() == factor.size() &&
                          (factor.empty() || factor.size() == head.features) &&
                          model::all_finite(shift) && model::all_finite(factor);
  return head.rank < head.members.size() && head.samples.size() == head.members.size() &&
         model::all_finite(head.labels) && scale_fits && head.drop >= 0 && head.drop < 1;
}

bool fit(std::span<const model::IterateAverage> averages, std::size_t parameters) {
  return std::ranges::all_of(averages, [&](const model::IterateAverage& average) {
    return average.mean.empty() || average.mean.size() == parameters;
  });
}

bool plausible(const OwnChange& own, const State& of) {
  const auto takes_some = [&](model::Step h) { return h >= 0 && h <= own.part.h; };
  return own.empty() ||
         (own.part.h > 0 && own.part.h <= std::numeric_limits<model::Step>::max() - of.t &&
          own.part.own >= 0 && own.part.own <= own.part.h && own.d.size() == of.x.size() &&
          own.v.size() == of.v.size() && own.all.size() == of.step_seconds.size() &&
          std::ranges::all_of(own.all, takes_some) && model::all_finite(own.d) &&
          model::all_finite(own.v) && own.averages.size() == of.averages.size() &&
          fit(own.averages, of.x.size()));
}

bool plausible(const State& state) {
  const auto fits = [&](const std::vector<float>& values) {
    return (values.empty() || values.size() == state.x.size()) && model::all_finite(values);
  };
  const auto is_time = [](double seconds) { return seconds >= 0 && std::isfinite(seconds); };
  const bool times_fit =
      is_time(state.facts.step_s) && is_time(state.facts.average_s) && is_time(state.round_seconds);
  return times_fit && state.round > 0 && state.t >= state.round && state.facts.h > 0 &&
         !state.x.empty() && fits(state.x) && fits(state.u) && fits(state.v) && fits(state.r) &&
         model::all_finite(state.step_seconds) && fit(state.averages, state.x.size()) &&
         plausible(state.under_way, state);
}

[[noreturn]] void refuse(const std::string& why) { throw CheckpointError("is damaged: " + why); }

Checkpoint decode_record(ConstBytes bytes) {
  Checkpoint checkpoint;
  WireInput in(bytes);
  Record record{checkpoint.head, checkpoint.state, checkpoint.sampler};
  in(record);
  in.require_end();
  const auto timed = checkpoint.state.step_seconds.size();
  const bool all_timed = timed == 0 || timed == checkpoint.head.members.size();
  if (!plausible(checkpoint.head) || !plausible(checkpoint.state) || !all_timed) {
    refuse("it contradicts itself");
  }
  checkpoint.state.hash = hash_of(checkpoint.state.x);
  return checkpoint;
}

/// Everything but the checksum, which has been compared.
std::vector<Checkpoint> decode_checked(ConstBytes bytes) {
  WireInput in(bytes.subspan(kMagic.size()));
  const auto version = in.get<std::uint32_t>();
  if (version != kVersion) {
    throw CheckpointError("has format " + std::to_string(version) + ", this annulet reads format " +
                          std::to_string(kVersion) + ": use the annulet that wrote it");
  }
  const auto count = in.get_size(transport::kMaxMembers, kLength);
  std::vector<Checkpoint> records;
  while (records.size() < count) {
    const auto length = in.get<std::uint64_t>();
    transport::require(length <= bytes.size());
    records.push_back(decode_record(in.take(static_cast<std::size_t>(length))));
  }
  in.require_end();
  if (records.empty()) refuse("it is of no device");
  return records;
}

}  // namespace

void encode_record(CheckpointHead& head, State& state, model::SamplerState& sampler,
                   std::vector<std::byte>& record) {
  record.clear();
  WireOutput out(record);
  Record parts{head, state, sampler};
  record.reserve(most_bytes(parts));
  out(parts);
}

CheckpointFile::CheckpointFile(std::span<const ConstBytes> records) {
  const auto count = records.size();
  frame_.resize(kHeadBytes + kLength * count + kChecksum);
  const std::span<std::byte> frame(frame_);
  std::ranges::copy(kMagic, frame.begin());
  transport::store_le(&frame[kMagic.size()], kVersion);
  transport::store_le(&frame[kMagic.size() + 4], static_cast<std::uint32_t>(count));
  pieces_.emplace_back(frame.first(kHeadBytes));
  for (std::size_t i = 0; i < count; ++i) {
    const auto length = frame.subspan(kHeadBytes + kLength * i, kLength);
    transport::store_le(length.data(), std::uint64_t{records[i].size()});
    pieces_.emplace_back(length);
    pieces_.push_back(records[i]);
  }
  transport::RunningChecksum sum;
  for (const auto& piece : pieces_) sum.add(piece);
  const auto end = frame.last(kChecksum);
  transport::store_le(end.data(), sum.value());
  pieces_.emplace_back(end);
}

std::vector<Checkpoint> decode_checkpoints(ConstBytes file) {
  if (file.size() < kMagic.size() || !std::ranges::equal(file.first(kMagic.size()), kMagic)) {
    throw CheckpointError("is no checkpoint of annulet: it does not begin like one");
  }
  if (file.size() < kHeadBytes + kChecksum) refuse("it ends too early");
  const auto content = file.first(file.size() - kChecksum);
  const auto sum = transport::load_le<std::uint64_t>(file.last(kChecksum).data());
  if (transport::checksum(content) != sum) {
    refuse("its checksum does not fit; it is cut short, or bytes have changed");
  }
  try {
    return decode_checked(content);
  } catch (const std::system_error&) {
    refuse("a length in it cannot be");
  }
}

}  // namespace annulet::runtime
