/// Runs the program to its end and keeps what it printed.
#pragma once

#include <string>
#include <vector>

#include "tests/support/child_program.hpp"

namespace annulet::tests {

/// What a program left on the screen when it had ended.
struct Screen {
  int code = -1;
  std::string out, err;
};

[[nodiscard]] inline Screen run(const std::vector<std::string>& words,
                                ChildProgram::Output output = ChildProgram::Output::kept) {
  ChildProgram program(words, output);
  const int code = program.wait();
  return {code, output == ChildProgram::Output::kept ? program.output() : "", program.errors()};
}

/// The number behind "key": in a JSON object on one line.
[[nodiscard]] inline std::string value_of(const std::string& json, const std::string& key) {
  const auto begin = json.find('"' + key + "\":");
  if (begin == json.npos) return "";
  const auto from = begin + key.size() + 3;
  return json.substr(from, json.find_first_of(",}", from) - from);
}

}  // namespace annulet::tests
