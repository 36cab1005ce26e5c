/// Codes for what none of our own messages speaks of: from an exception to the program's last line.
#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>

#include "runtime/failure.hpp"
#include "runtime/file_error.hpp"
#include "runtime/run_config.hpp"
#include "runtime/summary.hpp"
#include "tests/tcp/provoked.hpp"

namespace annulet::tests {
namespace {

template <class Error>
Provocation thrown(ErrorCode error, std::string how, Error exception,
                   std::vector<std::string> says) {
  const auto provoke = [exception] {
    const auto failure = runtime::failure_of(exception);
    return Ending{devices::exit_code(failure.error),
                  runtime::error_line(failure.error, failure.sentence),
                  {}};
  };
  return {error, std::move(how), provoke, std::move(says)};
}

}  // namespace

std::vector<Provocation> provoked_by_exceptions() {
  using enum ErrorCode;
  const auto many = std::make_error_code(std::errc::too_many_files_open);
  const auto denied = std::make_error_code(std::errc::permission_denied);
  return {
      thrown(network, "of the system", std::system_error(many, "cannot listen"),
             {"cannot listen", "Too many open files", "try again"}),
      thrown(run_file, "a library user's", runtime::ConfigError("model.depth is odd: take 2"),
             {"model.depth is odd: take 2"}),
      thrown(data, "a library user's", model::DataError("row 3 is late: wait for it"),
             {"row 3 is late: wait for it"}),
      thrown(file, "without a name of its own", runtime::FileError(denied, "cannot read x"),
             {"cannot read x", "Name a place that you may read and write"}),
      thrown(file, "of the file system",
             std::filesystem::filesystem_error("status", "/locked/x", denied),
             {"cannot use /locked/x", "Name a place that you may read and write"}),
      thrown(out_of_memory, "anywhere", std::bad_alloc(), {"memory is full", "use fewer rows"}),
      thrown(internal, "a broken promise", std::logic_error("no such place"),
             {"internal error: no such place", "please report this line"}),
  };
}

}  // namespace annulet::tests
