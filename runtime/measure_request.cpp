/// [measure], written and read.
#include "runtime/measure_request.hpp"

#include <array>
#include <utility>
#include <vector>

#include "runtime/data_admission.hpp"
#include "runtime/run_file_reader.hpp"
#include "transport/messages.hpp"

namespace annulet::runtime {
namespace {

constexpr std::string_view kHead = "[measure]\n";
constexpr auto kSections = std::to_array<std::string_view>({"measure"});
constexpr auto kKeys = std::to_array<std::string_view>(
    {"measure.times_ms", "measure.elements", "measure.streams", "measure.mesh"});
constexpr WholeRange kElements = {1, kMaxParameters};
constexpr WholeRange kTimes = {0, 3'600'000};

using Milliseconds = std::chrono::milliseconds;

}  // namespace

void ask_to_measure(RunConfig& config, MeasureSection measure) {
  config.model.kind = "quadratic";  // asks nothing of labels
  config.measure = std::move(measure);
}

std::string measure_toml(const RunConfig& config) {
  const auto& measure = *config.measure;
  const std::vector<std::int64_t> times{
      std::chrono::duration_cast<Milliseconds>(measure.hop).count(),
      std::chrono::duration_cast<Milliseconds>(measure.time).count()};
  std::string text(kHead);
  text += "times_ms = " + describe(times);
  text += "\nelements = " + describe(measure.elements);
  text += "\nstreams = " + std::to_string(config.streams);
  return text + (config.exchange == Exchange::automatic ? "\nmesh = true\n" : "\nmesh = false\n");
}

bool read_measure(std::string_view toml, RunConfig& config) {
  if (!toml.starts_with(kHead)) return false;
  const std::string file = "the starter's request";
  const RunFileReader reader(
      read_settings(toml, file), file,
      {.file = "a request to measure", .sections = kSections, .keys = kKeys});
  reader.require("measure.elements", "elements = [1024]");
  MeasureSection measure;
  measure.elements = reader.wholes("measure.elements", kElements, kMostMeasuredSizes).value();
  const auto times = reader.wholes("measure.times_ms", kTimes, 2);
  if (times) {
    measure.hop = Milliseconds(times->front());
    measure.time = Milliseconds(times->back());
  }
  config.streams = static_cast<std::size_t>(
      reader.whole("measure.streams", {1, transport::kMaxStreams}).value_or(1));
  if (reader.flag("measure.mesh", false)) config.exchange = Exchange::automatic;
  ask_to_measure(config, std::move(measure));
  return true;
}

}  // namespace annulet::runtime
