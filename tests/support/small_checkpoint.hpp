/// A checkpoint with something in every field, small enough to be damaged in every byte.
#pragma once

#include <span>
#include <vector>

#include "runtime/checkpoint.hpp"
#include "runtime/model_hash.hpp"

namespace annulet::tests {

[[nodiscard]] inline runtime::Checkpoint small_checkpoint(std::int64_t round = 640) {
  runtime::Checkpoint checkpoint;
  checkpoint.head = {.run_id = 0x1234'5678'9abc'def0,
                     .config_toml = "run.steps = 1000\n",
                     .members = {"laptop", "pi-1"},
                     .rank = 1,
                     .features = 3,
                     .rows = 50,
                     .labels = {-1, 1},
                     .samples = {20, 30},
                     .data_digest = 77,
                     .drop = 0.125,
                     .totals = {.seconds = 12.5, .model_bytes = 4000, .sent_bytes = 5000},
                     .objective_start = 0.69,
                     .reason = "phase 128..256",
                     .cut = true,
                     .scale = {{0, 0.5F, -1}, {1, 2, 1e-20F}}};
  checkpoint.state.t = 4 * round;
  checkpoint.state.round = round;
  checkpoint.state.x = {0.5F, -2, 1e-30F};
  checkpoint.state.v = {1, 0, -1};
  checkpoint.state.facts = {4 * round, 4, 0.25, 1e-3, 2e-3, 0.004, 0.1};
  checkpoint.state.r = {0.125F, 0, -1e-9F};
  checkpoint.state.u = {0.25F, -0.5F, 3};
  checkpoint.state.step_seconds = {0.001F, 0.004F};
  checkpoint.state.round_seconds = 0.125F;
  checkpoint.state.averages = {{{model::AverageKind::linear, 3}, 12, {0.25, -1, 1e-40}}};
  auto& own = checkpoint.state.under_way;
  own.part = {.h = 8, .own = 5, .report = {}, .effort = {0.25, 1.5, 2.5, true}};
  own.facts = {.loss = 0.5, .delta_norm2 = 1e-4, .samples = 20, .left_out = {0.125, 0}};
  own.all = {8, 5};
  own.d = {0.125F, 3, -1e-20F};
  own.v = {2, -2, 0};
  own.averages = {{{model::AverageKind::linear, 3}, 20, {0.5, -2, 1e-50}}};
  own.took = std::chrono::microseconds(1500);
  own.steps = std::chrono::microseconds(1400);
  own.cut = true;
  own.reason = "phase 256..512";
  checkpoint.state.hash = runtime::hash_of(checkpoint.state.x);
  model::Sampler(model::Sampling::shuffle, 6, 4, 9).save_committed(checkpoint.sampler);
  return checkpoint;
}

[[nodiscard]] inline std::vector<std::byte> record_of(runtime::Checkpoint checkpoint) {
  std::vector<std::byte> record;
  runtime::encode_record(checkpoint.head, checkpoint.state, checkpoint.sampler, record);
  return record;
}

/// The bytes of a file with these records.
[[nodiscard]] inline std::vector<std::byte> file_of(
    const std::vector<std::vector<std::byte>>& records) {
  const std::vector<std::span<const std::byte>> spans(records.begin(), records.end());
  const runtime::CheckpointFile file(spans);
  std::vector<std::byte> bytes;
  for (const auto& piece : file.pieces()) bytes.insert(bytes.end(), piece.begin(), piece.end());
  return bytes;
}

}  // namespace annulet::tests
