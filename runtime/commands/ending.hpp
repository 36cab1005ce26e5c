/// How a command ends, whichever way: an exit code, a line when it failed, the --json object.
#pragma once

#include <exception>
#include <functional>
#include <stdexcept>
#include <string>

#include "runtime/json_writer.hpp"
#include "runtime/observer.hpp"

namespace annulet::runtime {

/// An argument cannot be read. what() is one line that says what may be given; exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An exit code of docs/exit-codes.md and one line: what happened, and what to do.
struct Failure {
  int code = 0;
  std::string sentence;
};

/// From an exception that nobody closer could do anything about to the program's end.
[[nodiscard]] Failure failure_of(const std::exception& error);

/// "annulet: one line about what went wrong" on standard error; returns the code.
int fail(int code, const std::string& sentence);

/// What a command has found out so far.
struct Ending {
  RunFinished run;  // its exit code is the command's
  JsonObject more;  // further keys of the --json object
};

/// Runs the body of a command. What it throws becomes a line and an exit code; with `json` one
/// object goes to standard output in every case, of what the body had found out. Returns the exit
/// code.
int conclude(bool json, const std::function<void(Ending&)>& body);

}  // namespace annulet::runtime
