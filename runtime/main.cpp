/// annulet: local SGD on a ring of small computers.
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "devices/machine.hpp"
#include "devices/program_image.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/faster_program.hpp"
#include "runtime/failure.hpp"
#include "runtime/run_file_names.hpp"
#include "runtime/suggestion.hpp"

namespace {

using annulet::devices::ErrorCode;

constexpr const char* kExitCodes =
    "Exit codes: 0 done, 1 internal, 2 usage, 3 run file, 4 data, or a file that cannot be read "
    "or\n"
    "written, 5 network or a device lost, 6 not enough devices, 7 this box is not ready, 9 "
    "diverged,\n"
    "130 interrupted.\n"
    "docs/errors.md has a paragraph on each error: AN101, AN301, ...";

/// The command as far as it was understood: "data split".
std::vector<const CLI::App*> chosen_commands(const CLI::App& program) {
  std::vector<const CLI::App*> chosen;
  for (auto inner = program.get_subcommands(); !inner.empty();
       inner = chosen.back()->get_subcommands()) {
    chosen.push_back(inner.front());
  }
  return chosen;
}

/// Words that are no option or argument where they stand.
std::string extra_words(const std::vector<const CLI::App*>& chosen) {
  std::string before = "annulet";
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    before += ' ' + chosen[i]->get_name();
    const auto words = chosen[i]->remaining();
    if (words.empty()) continue;
    const bool option = words.front().starts_with('-');
    auto text = before + " takes no " + (option ? "option " : "argument ") + words.front();
    if (option && i + 1 < chosen.size()) {
      text += " before " + chosen[i + 1]->get_name() + ": options come behind the whole command";
    }
    return text;
  }
  return {};
}

/// The word in the place of a command is none; "": there is no word.
int refuse_word(const CLI::App& group, const std::string& word) {
  using annulet::runtime::fail;
  const auto* above = group.get_parent();
  const auto whole = (above == nullptr ? "" : above->get_name() + " ") + group.get_name();
  const auto see = " See `" + whole + " --help`.";
  std::vector<std::string> names;
  for (const auto* command : group.get_subcommands({})) names.push_back(command->get_name());
  const std::vector<std::string_view> known(names.begin(), names.end());
  const auto listed = above == nullptr ? "" : ": " + annulet::runtime::listed(known, "or");
  if (word.empty()) return fail(ErrorCode::usage, "Give a command" + listed + "." + see);
  if (word.starts_with('-')) {
    return fail(ErrorCode::usage, "There is no option " + word + " before the command." + see);
  }
  const auto meant = annulet::runtime::nearest(word, known);
  const auto hint = meant ? "; did you mean " + std::string(*meant) + "?" : listed + ".";
  return fail(ErrorCode::usage, "There is no command " + word + hint + see);
}

/// One line on what is wrong with the command line, and where to read more.
int refuse(const CLI::App& program, const CLI::ParseError& error, const std::string& first_word) {
  using annulet::runtime::fail;
  const auto chosen = chosen_commands(program);
  if (!chosen.empty() && chosen.back()->get_require_subcommand_min() > 0) {
    const auto words = chosen.back()->remaining();
    return refuse_word(*chosen.back(), words.empty() ? "" : words.front());
  }
  if (!chosen.empty()) {
    const auto extra = extra_words(chosen);
    std::string help = "annulet";
    for (const auto* command : chosen) help += ' ' + command->get_name();
    return fail(ErrorCode::usage,
                (extra.empty() ? error.what() : extra) + ". See `" + help + " --help`.");
  }
  return refuse_word(program, first_word);
}

/// An option that is there says something: an empty one comes of a variable that is not set.
void refuse_empty_values(CLI::App& command) {
  for (auto* inner : command.get_subcommands({})) refuse_empty_values(*inner);
  command.parse_complete_callback([&command] {
    for (const auto* option : command.get_options()) {
      if (std::ranges::count(option->results(), "") == 0) continue;
      const auto name = option->get_name();
      throw CLI::ValidationError(name, "is empty: give " + option->get_type_name() +
                                           (option->get_required() ? "" : ", or leave it out"));
    }
  });
}

int run_program(int argc, char** argv) {
  int exit_code = annulet::devices::exit_code(ErrorCode::internal);
  CLI::App program{
      "annulet: a shelf of small computers trains one model and says little.\n"
      "Try it: annulet demo",
      "annulet"};
  program.require_subcommand(1);
  program.get_formatter()->label("SUBCOMMAND", "COMMAND");
  program.get_formatter()->label("Positionals", "Arguments");
  program.get_formatter()->label("REQUIRED", "(required)");
  program.footer(kExitCodes);
  annulet::runtime::add_demo_command(program, exit_code);
  annulet::runtime::add_data_command(program, exit_code);
  annulet::runtime::add_run_command(program, exit_code);
  annulet::runtime::add_join_command(program, exit_code);
  annulet::runtime::add_up_command(program, exit_code);
  annulet::runtime::add_simulate_command(program, exit_code);
  annulet::runtime::add_net_command(program, exit_code);
  annulet::runtime::add_plan_command(program, exit_code);
  annulet::runtime::add_report_command(program, exit_code);
  annulet::runtime::add_reproduce_command(program, exit_code);
  annulet::runtime::add_eval_command(program, exit_code);
  annulet::runtime::add_predict_command(program, exit_code);
  annulet::runtime::add_optimum_command(program, exit_code);
  annulet::runtime::add_bench_command(program, exit_code);
  annulet::runtime::add_doctor_command(program, exit_code);
  annulet::runtime::add_signature_command(program, exit_code);
  annulet::runtime::add_version_command(program, exit_code);
  refuse_empty_values(program);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help
      return annulet::runtime::conclude(false, [&](auto&) { program.exit(error); });
    }
    return refuse(program, error, argc > 1 ? argv[1] : "");
  }
  return exit_code;
}

/// For what is thrown where nobody can catch it, a bug: its words, and a core for whoever looks.
/// libstdc++ has such a handler, with a demangler, which the boards' programs leave out.
[[noreturn]] void give_up() {
  try {
    if (const auto error = std::current_exception()) std::rethrow_exception(error);
  } catch (const std::exception& error) {
    annulet::runtime::fail(ErrorCode::internal, error.what());
  } catch (...) {
    annulet::runtime::fail(ErrorCode::internal, "something was thrown that nobody caught");
  }
  std::abort();
}

}  // namespace

int main(int argc, char** argv) {
  std::set_terminate(give_up);
  annulet::devices::name_process("annulet");
  annulet::runtime::prepare_standard_streams();
  annulet::devices::give_freed_memory_back();
  try {
    annulet::runtime::go_on_faster(argv);
    return run_program(argc, argv);
  } catch (const std::exception& error) {
    const auto failure = annulet::runtime::failure_of(error);
    return annulet::runtime::fail(failure.error, failure.sentence);
  }
}
