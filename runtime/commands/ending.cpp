/// How a command ends, whichever way: an exit code, a line when it failed, the --json object.
#include "runtime/commands/ending.hpp"

#include <iostream>

#include <CLI/CLI.hpp>

#include "runtime/failure.hpp"
#include "runtime/summary.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {

void tell(std::optional<ErrorCode> error, const std::string& sentence) {
  std::cerr << error_line(error, sentence);
}

int fail(ErrorCode error, const std::string& sentence) {
  tell(error, sentence);
  return devices::exit_code(error);
}

void when_chosen(CLI::App& command, const Body& body, int& exit_code) {
  command.callback([body, &exit_code] {
    exit_code = conclude(body.json, [&](Ending& ending) { body.run(body.options.get(), ending); });
  });
}

int conclude(bool json, const std::function<void(Ending&)>& body) {
  Ending ending;
  try {
    body(ending);
  } catch (const std::exception& error) {
    const Failure failure = failure_of(error);
    ending.run.exit_code = fail(failure.error, failure.sentence);
    ending.run.exit_reason = failure.sentence;
    ending.run.error = failure.error;
  }
  if (json) {
    JsonObject object;
    add_summary(object, ending.run);
    std::cout << object.append(ending.more).text() + '\n';
  }
  if (!std::cout.flush()) {
    const int code = fail(ErrorCode::output_closed,
                          "standard output cannot be written, so that results are missing there: "
                          "free some space, or send it elsewhere");
    if (ending.run.exit_code == 0) ending.run.exit_code = code;
  }
  return ending.run.exit_code;
}

}  // namespace annulet::runtime
