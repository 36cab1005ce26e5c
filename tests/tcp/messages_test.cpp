/// Every error that a user can meet, provoked: its exit code, its code, and what its line says.
#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/summary.hpp"
#include "tests/tcp/provoked.hpp"

namespace annulet::tests {

Ending ending_of(ChildProgram& program) {
  const int code = program.wait();
  return {code, program.errors(), program.output()};
}

Ending ending_of(const std::vector<std::string>& arguments, ChildProgram::Output output) {
  ChildProgram program(arguments, output);
  return ending_of(program);
}

Ending ending_of(const runtime::RunFinished& end) {
  return {end.exit_code, runtime::ending_line(end), {}};
}

BOOST_AUTO_TEST_SUITE(messages)

namespace {

/// The lines of the screen that begin with the program's name.
std::vector<std::string> error_lines(const std::string& screen) {
  std::vector<std::string> lines;
  std::istringstream text(screen);
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("annulet: ")) lines.push_back(line);
  }
  return lines;
}

void check(const Provocation& row) {
  const Ending end = row.provoke();
  BOOST_TEST_CONTEXT(devices::text(row.error) << ", " << row.how << ": " << end.screen) {
    BOOST_TEST(end.exit_code == devices::exit_code(row.error));
    const auto lines = error_lines(end.screen);
    BOOST_TEST_REQUIRE(!lines.empty());
    const std::string& line = lines.front();
    BOOST_TEST(line.starts_with("annulet: " + devices::text(row.error) + ": "));
    for (const auto& words : row.says) {
      BOOST_TEST(line.find(words) != std::string::npos, "it does not say: " << words);
    }
    if (end.json.empty()) return;
    const std::string key =
        "\"error_code\":\"" + devices::text(row.error) + "\",\"exit_reason\":\"";
    BOOST_TEST(end.json.find(key) != std::string::npos, end.json);
    BOOST_TEST(end.json.find("\"exit_reason\":\"AN") == std::string::npos, end.json);
  }
}

void check(const std::vector<Provocation>& table) {
  for (const auto& row : table) check(row);
}

}  // namespace

BOOST_AUTO_TEST_CASE(command_lines) { check(provoked_by_command_lines()); }
BOOST_AUTO_TEST_CASE(run_files) { check(provoked_by_run_files()); }
BOOST_AUTO_TEST_CASE(data) { check(provoked_by_data()); }
BOOST_AUTO_TEST_CASE(files) { check(provoked_by_files()); }
BOOST_AUTO_TEST_CASE(checkpoints) { check(provoked_by_checkpoints()); }
BOOST_AUTO_TEST_CASE(before_step_0) { check(provoked_before_step_0()); }
BOOST_AUTO_TEST_CASE(in_rings) { check(provoked_in_rings()); }
BOOST_AUTO_TEST_CASE(exceptions) { check(provoked_by_exceptions()); }

BOOST_AUTO_TEST_CASE(every_code_is_provoked) {
  std::set<ErrorCode> provoked;
  for (const auto& table :
       {provoked_by_command_lines(), provoked_by_run_files(), provoked_by_data(),
        provoked_by_files(), provoked_by_checkpoints(), provoked_before_step_0(),
        provoked_in_rings(), provoked_by_exceptions()}) {
    for (const auto& row : table) {
      BOOST_TEST(!row.says.empty(), row.how);
      provoked.insert(row.error);
    }
  }
  for (const auto& entry : devices::error_table()) {
    BOOST_TEST(provoked.contains(entry.code),
               devices::text(entry.code) << ", " << entry.title << ": nothing provokes it");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
