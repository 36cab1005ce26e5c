/// From any exception to the error that a user hears of.
#include "runtime/failure.hpp"

#include <filesystem>
#include <new>
#include <system_error>

#include "runtime/file_error.hpp"

namespace annulet::runtime {
namespace {

template <class Error>
const Error* as(const std::exception& error) {
  return dynamic_cast<const Error*>(&error);
}

/// What to do about a file, by what is wrong with it.
std::string advice(ErrorCode error, const std::error_code& reason) {
  if (error == ErrorCode::no_checkpoint) {
    return "Name the folder of this device's results of the run.";
  }
  if (reason == std::errc::no_space_on_device) return "Free some space, or name another place.";
  if (reason == std::errc::no_such_file_or_directory) {
    return "Make its folder first, or name another place.";
  }
  if (reason == std::errc::file_exists) return "Name another place, or take it away first.";
  const bool forbidden = reason == std::errc::permission_denied ||
                         reason == std::errc::operation_not_permitted ||
                         reason == std::errc::read_only_file_system;
  return forbidden ? "Name a place that you may read and write." : "Name another place.";
}

}  // namespace

Failure failure_of(const std::exception& error) {
  if (const auto* user = as<devices::UserError>(error)) return {user->error(), user->what()};
  if (const auto* file = as<FileError>(error)) {
    return {file->error(), std::string(file->what()) + ". " + advice(file->error(), file->code())};
  }
  if (const auto* file = as<std::filesystem::filesystem_error>(error)) {
    return {ErrorCode::file, "cannot use " + file->path1().string() + ": " +
                                 file->code().message() + ". " +
                                 advice(ErrorCode::file, file->code())};
  }
  if (const auto* system = as<std::system_error>(error)) {
    if (system->code() == std::errc::resource_unavailable_try_again) {
      return {ErrorCode::out_of_memory,
              std::string(error.what()) +
                  ": this device's memory is full, or it may have no more threads (ulimit -v, -u)"};
    }
    return {ErrorCode::network, std::string(error.what()) +
                                    ": the run ends here. Look at this device's network, then "
                                    "try again"};
  }
  if (as<std::bad_alloc>(error)) {
    return {ErrorCode::out_of_memory,
            "this device's memory is full: use fewer rows here, smaller batches or a smaller "
            "model. Is a feature index in the data wrong? data.features sets a limit"};
  }
  return {ErrorCode::internal, std::string("internal error: ") + error.what() +
                                   ". This is a fault of annulet: please report this line, and "
                                   "what you typed"};
}

}  // namespace annulet::runtime
