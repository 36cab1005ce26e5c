/// What each option of a run contributes: the run once more, with one option at a time taken away.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "runtime/data_source.hpp"
#include "runtime/json_writer.hpp"
#include "runtime/observer.hpp"
#include "runtime/run_config.hpp"
#include "runtime/wiring.hpp"

namespace annulet::runtime {

/// The options that are known here and in use: "doubling H", "outer momentum 0.5".
[[nodiscard]] std::vector<std::string> options_in_use(const RunConfig& config);

/// One of the runs that are compared.
struct Variant {
  std::string name;  // "without drift correction"
  RunConfig config;
};

/// `config` itself; `config` without each of the options in use; and with H = 1, all other options
/// as they are: as many steps, and then the same rounds and gradients with a large batch in the
/// place of a round's local steps. rounds: of a run of `config`, > 0. Nothing is evaluated before
/// the end.
[[nodiscard]] std::vector<Variant> variants_of(const RunConfig& config, std::int64_t rounds);

/// What came of one.
struct VariantEnd {
  std::string name;
  RunFinished run;
};

/// The runs of all variants in virtual time, up to one that is interrupted (exit code 130).
[[nodiscard]] std::vector<VariantEnd> simulate_variants(std::span<const Variant> variants,
                                                        const Simulation& simulation,
                                                        DataSource& data);

/// A line each, and how each accuracy differs from that of the first. Of a run that ended early it
/// says how.
[[nodiscard]] std::string ablation_table(std::span<const VariantEnd> ends);

/// name, rounds, sent_bytes_per_device, test_accuracy and model_hash of each, where they are known.
[[nodiscard]] std::vector<JsonObject> ablation_objects(std::span<const VariantEnd> ends);

}  // namespace annulet::runtime
