/// Options and arguments that are text, a count or a flag.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace annulet::runtime {

/// What --help says of one.
struct OptionWords {
  const char* name;  // "--link", "-o,--out"; of an argument "file"
  const char* type;  // "RATE,DELAY"; of a flag ""
  const char* about;
};

/// A value that is there already is shown as what holds without the option.
CLI::Option* text_option(CLI::App& command, std::string& value, const OptionWords& words);
/// Adds --set. example: "train.batch=16".
void add_settings_option(CLI::App& command, std::vector<std::string>& settings,
                         const std::string& example);
CLI::Option* flag_option(CLI::App& command, bool& value, const OptionWords& words);

/// Which counts may be given; both belong.
struct CountRange {
  int least, most;
};
/// 0 is not shown.
CLI::Option* count_option(CLI::App& command, std::size_t& value, const CountRange& range,
                          const OptionWords& words);

}  // namespace annulet::runtime
