/// What is wrong with a command line.
#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "tests/support/child_ring.hpp"
#include "tests/tcp/provoked.hpp"

namespace annulet::tests {
namespace {

/// The program with these arguments after a run file that is sound.
Provocation bad_option(std::string how, std::vector<std::string> first,
                       std::vector<std::string> then, std::vector<std::string> says) {
  const auto provoke = [first = std::move(first), then = std::move(then)] {
    const WorkFolder folder;
    std::vector<std::string> words = first;
    words.push_back(folder.run_file("10"));
    words.insert(words.end(), {"--devices", "2", "--json"});
    words.insert(words.end(), then.begin(), then.end());
    return ending_of(words);
  };
  return {ErrorCode::bad_option, std::move(how), provoke, std::move(says)};
}

Provocation bad_usage(std::string how, std::vector<std::string> words,
                      std::vector<std::string> says) {
  return {ErrorCode::usage, std::move(how), [words = std::move(words)] { return ending_of(words); },
          std::move(says)};
}

/// Its folder holds what a run wrote.
Ending take_a_folder() {
  const WorkFolder folder;
  const std::vector<std::string> words{"simulate", folder.run_file("10"), "--devices", "1",
                                       "--out",    folder.at("out"),      "--json"};
  const Ending first = ending_of(words);
  return first.exit_code == 0 ? ending_of(words) : first;
}

/// `annulet doctor` where the data are not there.
Ending no_data_for_doctor() {
  const WorkFolder folder;
  return ending_of({"doctor", "--data", folder.at("none"), "--folder", folder.at("out"), "--listen",
                    "127.0.0.1:0", "--json"});
}

/// `annulet plan` with boards in a file of these lines.
Provocation bad_profile(ErrorCode error, std::string lines, std::vector<std::string> says) {
  const auto provoke = [lines] {
    const WorkFolder folder;
    return ending_of({"plan", folder.run_file("10"), "--profile",
                      folder.write("pi.toml", lines + "\n"), "--json"});
  };
  return {error, "a profile: " + lines, provoke, std::move(says)};
}

/// Files that --profile names.
std::vector<Provocation> bad_profiles() {
  return {
      bad_option("a profile that is not there", {"simulate"}, {"--profile", "pi.tom"},
                 {"pi.tom is not known", "a FILE.toml of annulet bench step --profile"}),
      bad_profile(ErrorCode::unknown_key, "flops = 1e9", {"pi.toml:1: flops is not a key"}),
      bad_profile(ErrorCode::run_file_syntax, "flops_per_second = ", {"pi.toml:1: is not TOML"}),
      bad_profile(ErrorCode::bad_value, "flops_per_second = 0",
                  {"flops_per_second is 0, but must be a number from 1000 to 1e18"}),
      bad_profile(ErrorCode::bad_value, "flops_per_second = nan", {"must be a number from 1"}),
      bad_profile(ErrorCode::bad_value, "flops_per_second = 1e9\nboard = 4",
                  {"pi.toml:2: board is 4, but must be a string"}),
      bad_profile(ErrorCode::missing_key, "board = \"a pi\"",
                  {"flops_per_second is missing", "annulet bench step --profile FILE.toml"}),
      {ErrorCode::run_file_unreadable,
       "no such profile",
       [] {
         const WorkFolder folder;
         return ending_of({"plan", folder.run_file("10"), "--profile", folder.at("none.toml")});
       },
       {"none.toml: cannot be read: No such file or directory", "give the path of a profile"}},
  };
}

/// Of `annulet bench` and `annulet doctor`.
std::vector<Provocation> about_this_box() {
  return {
      {ErrorCode::bad_option,
       "a time of no bench",
       [] {
         return ending_of({"bench", "step", "--time", "1ms", "--json"});
       },
       {"--time 1ms", "from 100ms to 1h"}},
      {ErrorCode::bad_option,
       "layers of what has none",
       [] {
         return ending_of({"bench", "step", "--layers", "4", "--json"});
       },
       {"--layers: logistic has none", "--objective mlp"}},
      {ErrorCode::bad_option,
       "an objective that is none",
       [] {
         return ending_of({"bench", "step", "--objective", "mpl", "--json"});
       },
       {"--objective mpl", "logistic, linear, softmax, mlp or quadratic"}},
      {ErrorCode::bad_option,
       "a profile without its ending",
       [] {
         return ending_of({"bench", "step", "--profile", "kitchen", "--json"});
       },
       {"--profile kitchen", "ends in .toml"}},
      {ErrorCode::box_not_ready,
       "a box without its data",
       no_data_for_doctor,
       {"would stop a run here: data", "what to type"}},
  };
}

}  // namespace

std::vector<Provocation> provoked_by_command_lines() {
  const std::string long_token(65, 'x');
  std::vector<Provocation> all{
      bad_usage("a wrong command", {"jion", "x"}, {"jion", "did you mean join?", "annulet --help"}),
      bad_usage("no command", {}, {"Give a command", "annulet --help"}),
      bad_usage("a group alone", {"data"}, {"inspect or split", "annulet data --help"}),
      bad_usage("a wrong word in a group", {"data", "splt"}, {"did you mean split?"}),
      bad_usage("an empty value", {"simulate", "run.toml", "--devices", "2", "--out", ""},
                {"--out: is empty", "leave it out"}),
      bad_usage("an option first", {"-x"}, {"-x", "annulet --help"}),
      bad_usage("an unknown option", {"run", "x", "--devices", "2", "--frobnicate"},
                {"--frobnicate", "annulet run --help"}),
      bad_usage("a missing option", {"simulate", "x"}, {"--devices", "annulet simulate --help"}),
      bad_option("--listen", {"run"}, {"--listen", "here"}, {"--listen here", "ADDR:PORT"}),
      bad_option("--wait", {"run"}, {"--wait", "long"}, {"--wait long", "30s", "at most 8760h"}),
      bad_option("--link", {"simulate"}, {"--link", "fast"}, {"--link fast", "10mbit,2ms"}),
      bad_option("--set", {"simulate"}, {"--set", "foo"}, {"--set foo", "KEY=VALUE"}),
      bad_option("--profile", {"simulate"}, {"--profile", "vax"}, {"--profile vax", "pi-4"}),
      bad_option("--token", {"run"}, {"--token", long_token}, {"--token has 65 bytes", "64"}),
      {ErrorCode::bad_option,
       "the starter's address",
       [] {
         return ending_of({"join", "192.168.1.20", "--json"});
       },
       {"192.168.1.20", "ADDR:PORT"}},
      {ErrorCode::folder_taken,
       "results of another run",
       take_a_folder,
       {"--out ", "/out", "name another folder"}},
  };
  std::ranges::move(bad_profiles(), std::back_inserter(all));
  std::ranges::move(about_this_box(), std::back_inserter(all));
  return all;
}

}  // namespace annulet::tests
