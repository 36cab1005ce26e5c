/// One function for many options: what a call of CLI11 takes in code was a percent of the program.
#include "runtime/commands/text_option.hpp"

#include <CLI/CLI.hpp>

#include "runtime/commands/number_option.hpp"

namespace annulet::runtime {

CLI::Option* text_option(CLI::App& command, std::string& value, const OptionWords& words) {
  auto* option = command.add_option(words.name, value, words.about)->type_name(words.type);
  return value.empty() ? option : option->capture_default_str();
}

void add_settings_option(CLI::App& command, std::vector<std::string>& settings,
                         const std::string& example) {
  command.add_option("--set", settings, "Change a key: --set " + example)
      ->type_name("KEY=VALUE")
      ->take_all();
}

CLI::Option* flag_option(CLI::App& command, bool& value, const OptionWords& words) {
  return command.add_flag(words.name, value, words.about);
}

CLI::Option* count_option(CLI::App& command, std::size_t& value, const CountRange& range,
                          const OptionWords& words) {
  auto* option = command.add_option(words.name, value, words.about)->type_name(words.type);
  whole_within(*option, range.least, range.most);
  return value == 0 ? option : option->capture_default_str();
}

}  // namespace annulet::runtime
