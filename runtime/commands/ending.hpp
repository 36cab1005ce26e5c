/// How a command ends, whichever way: an exit code, a line when it failed, the --json object.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "devices/error_code.hpp"
#include "runtime/json_writer.hpp"
#include "runtime/observer.hpp"

namespace CLI {
class App;
}

namespace annulet::runtime {

/// An argument cannot be read. what() is one line that says what may be given.
class UsageError : public devices::UserError {
 public:
  using UserError::UserError;
  explicit UsageError(const std::string& sentence) : UserError(ErrorCode::bad_option, sentence) {}
};

/// "annulet: AN101: one line about what went wrong" on standard error; without a code where the
/// user wanted it so.
void tell(std::optional<ErrorCode> error, const std::string& sentence);
/// The same; returns the error's exit code.
int fail(ErrorCode error, const std::string& sentence);

/// What a command has found out so far.
struct Ending {
  RunFinished run;  // its exit code is the command's
  JsonObject more;  // further keys of the --json object
};

/// Runs the body of a command. What it throws becomes a line and an exit code; with `json` one
/// object goes to standard output in every case, of what the body had found out. Returns the exit
/// code.
int conclude(bool json, const std::function<void(Ending&)>& body);

/// A command's body, whatever its options are.
struct Body {
  std::shared_ptr<const void> options;
  const bool& json;  // of them
  void (*run)(const void* options, Ending& ending);
};
void when_chosen(CLI::App& command, const Body& body, int& exit_code);

/// Lets the command, when it was chosen, run kBody(options, ending) to its conclusion.
template <auto kBody, class Options>
void when_chosen(CLI::App& command, const std::shared_ptr<Options>& options, const bool& json,
                 int& exit_code) {
  const auto run = [](const void* given, Ending& ending) {
    kBody(*static_cast<const Options*>(given), ending);
  };
  when_chosen(command, Body{options, json, run}, exit_code);
}

}  // namespace annulet::runtime
