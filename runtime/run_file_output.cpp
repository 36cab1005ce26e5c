/// Reads run.output and run.average_shift.
#include "runtime/run_file_output.hpp"

#include <string>
#include <variant>

#include "runtime/run_file_names.hpp"

namespace annulet::runtime {
namespace {

/// For an output without a shift. As with kinds, a file's shift is stale, and dropped without a
/// word, where the command line wants another output.
void refuse_shift(const RunFileReader& reader, const Setting& shift, const RunSection& run) {
  const auto* output = reader.find("run.output");
  if (output != nullptr && output->from_command_line && !shift.from_command_line) return;
  throw ConfigError(ErrorCode::keys_contradict,
                    shift.where + ": run.average_shift does not go with run.output " +
                        std::string(output_name(run.output)) +
                        "; it belongs to linear and quadratic");
}

std::optional<double> read_shift(const RunFileReader& reader, const Setting& shift,
                                 const model::StepSizeOptions& lr) {
  constexpr double kMost = 1e100;  // the sum of the squares is then a number
  constexpr const char* kMustBe = R"(a number > 0 and at most 1e100, or "paper")";
  if (!std::holds_alternative<std::string>(shift.value)) {
    const auto a = reader.positive(shift.key);
    if (a && *a > kMost) RunFileReader::fail(shift, kMustBe);
    return a;
  }
  if (std::get<std::string>(shift.value) != "paper") RunFileReader::fail(shift, kMustBe);
  if (lr.kind != model::StepSizeKind::paper) {
    throw ConfigError(ErrorCode::keys_contradict,
                      shift.where +
                          ": run.average_shift \"paper\" is the a of train.lr.kind paper, and here "
                          "train.lr.kind is " +
                          std::string(kStepSizes.at(static_cast<std::size_t>(lr.kind)).name) +
                          "; give a number > 0, such as 1");
  }
  return std::nullopt;
}

}  // namespace

void read_output(const RunFileReader& reader, const model::StepSizeOptions& lr, RunSection& run) {
  const auto word = reader.word("run.output", kOutputNames, 0);
  if (word > 0) run.output = static_cast<model::AverageKind>(word - 1);
  const auto* shift = reader.find("run.average_shift");
  if (shift == nullptr) return;
  if (run.output && *run.output != model::AverageKind::uniform) {
    run.average_shift = read_shift(reader, *shift, lr);
  } else {
    refuse_shift(reader, *shift, run);
  }
}

}  // namespace annulet::runtime
