/// How a command ends, whichever way: an exit code, a line when it failed, the --json object.
#include "runtime/commands/ending.hpp"

#include <filesystem>
#include <iostream>
#include <system_error>

#include "model/dataset.hpp"
#include "runtime/file_error.hpp"
#include "runtime/report.hpp"
#include "runtime/run_config.hpp"
#include "runtime/summary.hpp"
#include "runtime/text.hpp"
#include "transport/membership.hpp"

namespace annulet::runtime {
namespace {

// Documented in docs/exit-codes.md.
constexpr int kInternal = 1;
constexpr int kUsage = 2;
constexpr int kRunFile = 3;
constexpr int kData = 4;
constexpr int kNetwork = 5;

template <class Error>
const Error* as(const std::exception& error) {
  return dynamic_cast<const Error*>(&error);
}

/// What to do about a file, by what is wrong with it.
std::string advice(const std::error_code& reason) {
  if (reason == std::errc::no_space_on_device) return "Free some space, or name another place.";
  if (reason == std::errc::no_such_file_or_directory) {
    return "Make its folder first, or name another place.";
  }
  const bool forbidden = reason == std::errc::permission_denied ||
                         reason == std::errc::operation_not_permitted ||
                         reason == std::errc::read_only_file_system;
  return forbidden ? "Name a place that you may read and write." : "Name another place.";
}

}  // namespace

Failure failure_of(const std::exception& error) {
  if (as<UsageError>(error)) return {kUsage, error.what()};
  if (as<ConfigError>(error)) return {kRunFile, error.what()};
  if (as<ReportError>(error) || as<model::DataError>(error)) return {kData, error.what()};
  if (const auto* file = as<FileError>(error)) {
    return {kData, std::string(file->what()) + ". " + advice(file->code())};
  }
  if (const auto* file = as<std::filesystem::filesystem_error>(error)) {
    return {kData, "cannot use " + file->path1().string() + ": " + file->code().message() + ". " +
                       advice(file->code())};
  }
  if (const auto* refused = as<transport::RendezvousError>(error)) {
    return {refused->code(), refused->what()};
  }
  if (as<std::system_error>(error)) return {kNetwork, error.what()};
  return {kInternal, std::string("internal error: ") + error.what()};
}

int fail(int code, const std::string& sentence) {
  constexpr std::size_t kLongest = 2000;  // a sentence with several paths in it
  std::cerr << "annulet: " + printable(sentence, kLongest) + '\n';
  return code;
}

int conclude(bool json, const std::function<void(Ending&)>& body) {
  Ending ending;
  try {
    body(ending);
  } catch (const std::exception& error) {
    const Failure failure = failure_of(error);
    ending.run.exit_code = fail(failure.code, failure.sentence);
    ending.run.exit_reason = failure.sentence;
  }
  if (json) {
    JsonObject object;
    add_summary(object, ending.run);
    std::cout << object.append(ending.more).text() + '\n';
  }
  if (!std::cout.flush()) {
    fail(kData, "standard output cannot be written");
    if (ending.run.exit_code == 0) ending.run.exit_code = kData;
  }
  return ending.run.exit_code;
}

}  // namespace annulet::runtime
