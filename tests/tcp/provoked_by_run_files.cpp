/// What is wrong with a run file. Each message names the file, the line and the key.
#include <utility>

#include "tests/support/child_ring.hpp"
#include "tests/tcp/provoked.hpp"

namespace annulet::tests {
namespace {

/// A run file of three sound lines, and a fourth.
Provocation fourth_line(ErrorCode error, std::string line, std::vector<std::string> says) {
  says.insert(says.begin(), "w8a.toml:4: ");
  const auto provoke = [line] {
    const WorkFolder folder;
    const auto file = folder.write(
        "w8a.toml",
        "run.steps = 10\nmodel.kind = \"logistic\"\ndata.train = \"rows.libsvm\"\n" + line + "\n");
    return ending_of({"simulate", file, "--devices", "1", "--json"});
  };
  return {error, line, provoke, std::move(says)};
}

Ending no_run_file() {
  const WorkFolder folder;
  return ending_of({"simulate", folder.at("none.toml"), "--devices", "1", "--json"});
}

Ending no_steps() {
  const WorkFolder folder;
  const auto file = folder.write("w8a.toml", "model.kind = \"logistic\"\n[run]\nseed = 3\n");
  return ending_of({"simulate", file, "--devices", "1", "--json"});
}

Ending bad_setting() {
  const WorkFolder folder;
  return ending_of(
      {"simulate", folder.run_file("10"), "--devices", "1", "--json", "--set", "train.batch=0"});
}

Ending search_in_vain() {
  const WorkFolder folder;
  const auto file = folder.write("apart.libsvm", "+1 1:1\n-1 1:-1\n");
  return ending_of(
      {"optimum", folder.run_file("10"), "--data", file, "--set", "model.l2=0", "--json"});
}

/// `annulet up` with a device file of that text.
Provocation device_file(ErrorCode error, std::string text, std::vector<std::string> says) {
  says.insert(says.begin(), "device.toml:");
  const auto provoke = [text] {
    const WorkFolder folder;
    return ending_of({"up", "--config", folder.write("device.toml", text)});
  };
  return {error, "a device file: " + text, provoke, std::move(says)};
}

Ending no_device_file() {
  const WorkFolder folder;
  return ending_of({"up", "--config", folder.at("none.toml")});
}

}  // namespace

std::vector<Provocation> provoked_by_run_files() {
  using enum ErrorCode;
  return {
      {ErrorCode::no_optimum,
       "data without a least value",
       search_in_vain,
       {"f has no least value", "Set model.l2 above 0"}},
      fourth_line(unknown_key, "schedule.hmax = 3", {"schedule.hmax", "did you mean h_max?"}),
      fourth_line(unknown_key, "[shcedule]",
                  {"shcedule is not a section", "did you mean schedule?"}),
      fourth_line(run_file_syntax, "schedule.h = ", {"is not TOML", "key = value"}),
      fourth_line(run_file_syntax, "run.start = 2026-01-01", {"has a date", "without quotes"}),
      fourth_line(bad_value, "train.batch = \"many\"",
                  {"train.batch is \"many\"", "must be a whole number from 1"}),
      fourth_line(bad_value, "round.weights = \"sample\"",
                  {"round.weights is \"sample\"", "did you mean samples?"}),
      fourth_line(bad_value, "train.lr = 0.1", {"train.lr is 0.1", "kind = \"constant\""}),
      fourth_line(key_of_other_kind, "schedule = { kind = \"fixed\", h = 2, alpha = 3 }",
                  {"schedule.alpha", "belongs to doubling"}),
      fourth_line(keys_contradict, "train.lr.kind = \"paper\"",
                  {"train.lr.kind", "give train.lr.mu or model.l2"}),
      fourth_line(keys_contradict, "net.overlap = true\nouter.momentum = 0.5",
                  {"net.overlap does not go with outer.momentum", "leave one of the two out"}),
      fourth_line(keys_contradict, "run.average_shift = 3",
                  {"run.average_shift", "belongs to linear and quadratic"}),
      {missing_key,
       "without steps",
       no_steps,
       {"w8a.toml:2: run.steps is missing", "add steps = 1000 to [run]"}},
      {bad_value, "in --set", bad_setting, {"--set train.batch=0: train.batch", "from 1"}},
      {run_file_unreadable,
       "no such file",
       no_run_file,
       {"none.toml", "No such file", "give the path of a run file"}},
      device_file(missing_key, "[device]\n",
                  {":1: device.starter is missing", "add starter = \"192.168.1.20:"}),
      device_file(bad_value, "[device]\nstarter = \"\"\n",
                  {":2: device.starter is \"\"", "ADDR:PORT", "\"192.168.1.20:"}),
      device_file(unknown_key, "[device]\nstater = \"x\"\n",
                  {":2: device.stater is not a key", "did you mean starter?"}),
      device_file(run_file_syntax, "[device]\nstarter = 192.168.1.20\n",
                  {":2: ", "not TOML", "key = value"}),
      {run_file_unreadable,
       "no device file",
       no_device_file,
       {"none.toml", "No such file", "write starter = \"192.168.1.20:", "--config"}},
  };
}

}  // namespace annulet::tests
