/// Leave one out.
#include "runtime/ablation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <utility>

#include "runtime/run_file_names.hpp"
#include "runtime/stop_signals.hpp"
#include "runtime/text.hpp"
#include "runtime/text_table.hpp"

namespace annulet::runtime {
namespace {

/// An option as it can be taken away. To know one more, add it to kOptions.
struct Option {
  bool (*is_used)(const RunConfig& config);
  std::string (*name)(const RunConfig& config);
  /// rounds: of a run with all options.
  void (*take_away)(RunConfig& config, std::int64_t rounds);
};

bool doubles(const RunConfig& config) { return config.schedule.kind == "doubling"; }

/// The same rounds, all of them equally long.
void fix_h(RunConfig& config, std::int64_t rounds) {
  config.schedule = {.kind = "fixed", .h = (config.run.steps + rounds - 1) / rounds};
}

constexpr std::array kOptions = {
    Option{doubles, [](const RunConfig& /*config*/) { return std::string("doubling H"); }, fix_h},
    Option{[](const RunConfig& config) { return config.train.correct_drift; },
           [](const RunConfig& /*config*/) { return std::string("drift correction"); },
           [](RunConfig& config, std::int64_t /*rounds*/) { config.train.correct_drift = false; }},
    Option{[](const RunConfig& config) { return config.outer.momentum > 0; },
           [](const RunConfig& config) {
             return "outer momentum " + digits_text(config.outer.momentum, 3);
           },
           [](RunConfig& config, std::int64_t /*rounds*/) { config.outer.momentum = 0; }},
    Option{[](const RunConfig& config) { return config.compress != transport::Compress::none; },
           [](const RunConfig& config) {
             return "net.compress = " + std::string(name(kCompressNames, config.compress));
           },
           [](RunConfig& config, std::int64_t /*rounds*/) {
             config.compress = transport::Compress::none;
           }},
};

std::vector<Option> used_in(const RunConfig& config) {
  std::vector<Option> used;
  std::ranges::copy_if(kOptions, std::back_inserter(used),
                       [&](const Option& option) { return option.is_used(config); });
  return used;
}

}  // namespace

std::vector<std::string> options_in_use(const RunConfig& config) {
  std::vector<std::string> names;
  for (const auto& option : used_in(config)) names.push_back(option.name(config));
  return names;
}

std::vector<Variant> variants_of(const RunConfig& config, std::int64_t rounds) {
  RunConfig all = config;
  all.eval_every = 0;
  all.checkpoint_every = {};
  std::vector<Variant> variants{{"with all of them", all}};
  for (const auto& option : used_in(all)) {
    Variant variant{"without " + option.name(all), all};
    option.take_away(variant.config, rounds);
    if (doubles(all) && !doubles(variant.config)) {
      variant.name += ": H = " + std::to_string(variant.config.schedule.h);
    }
    variants.push_back(std::move(variant));
  }
  all.schedule = {.kind = "fixed", .h = 1};
  variants.push_back({"all, but H = 1", all});
  const double batches = static_cast<double>(all.run.steps) / static_cast<double>(rounds);
  all.train.batch =
      static_cast<std::size_t>(std::lround(static_cast<double>(all.train.batch) * batches));
  all.run.steps = rounds;
  variants.push_back({"all, but H = 1 and batches of " + std::to_string(all.train.batch), all});
  return variants;
}

std::vector<VariantEnd> simulate_variants(std::span<const Variant> variants,
                                          const Simulation& simulation, DataSource& data) {
  std::vector<VariantEnd> ends;
  for (const auto& variant : variants) {
    Observer nobody;
    ends.push_back({variant.name, simulate(variant.config, simulation, data, nobody)});
    if (ends.back().run.exit_code == kInterrupted) break;
  }
  return ends;
}

std::string ablation_table(std::span<const VariantEnd> ends) {
  TextTable table;
  table.add({"", "rounds", "sent per device", "test accuracy", "difference"});
  for (const auto& [name, run] : ends) {
    const auto& all = ends.front().run.test_accuracy;
    const bool compared = &run != &ends.front().run && all && run.test_accuracy;
    table.add({name, count_text(run.rounds),
               run.sent_bytes_per_device ? bytes_text(*run.sent_bytes_per_device) : "",
               run.test_accuracy ? fixed_text(100 * *run.test_accuracy, 2) + " %" : run.exit_reason,
               compared ? points_text(*all, *run.test_accuracy) : ""});
  }
  return table.text();
}

std::vector<JsonObject> ablation_objects(std::span<const VariantEnd> ends) {
  std::vector<JsonObject> objects;
  for (const auto& [name, run] : ends) {
    auto& object = objects.emplace_back();
    object.add("name", name)
        .add("rounds", run.rounds)
        .add("sent_bytes_per_device", run.sent_bytes_per_device)
        .add("test_accuracy", run.test_accuracy);
    if (run.model_hash) object.add("model_hash", hash_text(*run.model_hash));
  }
  return objects;
}

}  // namespace annulet::runtime
