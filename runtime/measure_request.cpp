/// [measure], written and read.
#include "runtime/measure_request.hpp"

#include <array>
#include <utility>

#include "runtime/data_admission.hpp"
#include "runtime/durations.hpp"
#include "runtime/run_file_names.hpp"
#include "runtime/run_file_reader.hpp"
#include "transport/messages.hpp"

namespace annulet::runtime {
namespace {

constexpr std::string_view kHead = "[measure]\n";
constexpr auto kSections = std::to_array<std::string_view>({"measure"});
constexpr auto kKeys = std::to_array<std::string_view>(
    {"measure.hop", "measure.time", "measure.elements", "measure.streams", "measure.exchange"});
constexpr WholeRange kElements = {1, kMaxParameters};

}  // namespace

RunConfig measuring(MeasureSection measure) {
  RunConfig config;
  config.model.kind = "quadratic";  // asks nothing of labels
  config.measure = std::move(measure);
  return config;
}

std::string measure_toml(const RunConfig& config) {
  const auto& measure = *config.measure;
  return std::string(kHead) + "hop = " + toml_string(to_text(measure.hop)) +
         "\ntime = " + toml_string(to_text(measure.time)) +
         "\nelements = " + describe(measure.elements) +
         "\nstreams = " + std::to_string(config.streams) +
         "\nexchange = " + toml_string(name(kExchangeNames, config.exchange)) + "\n";
}

std::optional<RunConfig> parse_measure(std::string_view toml) {
  if (!toml.starts_with(kHead)) return std::nullopt;
  const std::string file = "the starter's request";
  const RunFileReader reader(
      read_settings(toml, file), file,
      {.file = "a request to measure", .sections = kSections, .keys = kKeys});
  constexpr DurationRange kTimes = {devices::Duration{0}, kLongestMeasured};
  reader.require("measure.elements", "elements = [1024]");
  RunConfig config =
      measuring({.hop = reader.duration("measure.hop", kTimes).value_or(kTimes.least),
                 .time = reader.duration("measure.time", kTimes).value_or(kTimes.least)});
  config.measure->elements =
      reader.wholes("measure.elements", kElements, kMostMeasuredSizes).value();
  config.streams = static_cast<std::size_t>(
      reader.whole("measure.streams", {1, transport::kMaxStreams}).value_or(1));
  config.exchange = static_cast<Exchange>(reader.word("measure.exchange", kExchangeNames, 0));
  return config;
}

}  // namespace annulet::runtime
