/// Results that cannot be written, and files of runs and models that cannot be read.
#include <filesystem>

#include "runtime/results_folder.hpp"
#include "tests/support/child_ring.hpp"
#include "tests/tcp/provoked.hpp"

namespace annulet::tests {
namespace {

Ending page_into_no_folder() {
  const WorkFolder folder;
  Ending run =
      ending_of({"simulate", folder.run_file("10"), "--devices", "1", "--out", folder.at("out")});
  if (run.exit_code != 0) return run;
  return ending_of({"report", folder.at("out"), "-o", folder.at("none/x.html")});
}

/// Its log goes to a disk that is full: the run goes on to its end, and then says what is missing.
Ending full_disk() {
  const WorkFolder folder;
  std::filesystem::create_directory(folder.at("out"));
  std::filesystem::create_symlink("/dev/full", folder.at("out/log.jsonl"));
  return ending_of(
      {"simulate", folder.run_file("10"), "--devices", "1", "--json", "--out", folder.at("out")});
}

Ending folder_below_a_file() {
  const WorkFolder folder;
  return ending_of({"simulate", folder.run_file("10"), "--devices", "1", "--json", "--out",
                    folder.at("rows.libsvm/out")});
}

Ending folder_of_another_process() {
  const WorkFolder folder;
  const auto other = runtime::OwnFolder::make(folder.at("out"));
  return ending_of(
      {"simulate", folder.run_file("10"), "--devices", "1", "--json", "--out", folder.at("out")});
}

Ending report_of_nothing() {
  const WorkFolder folder;
  return ending_of({"report", folder.at("none")});
}

Ending report_of_something_else() {
  const WorkFolder folder;
  folder.write("rounds.csv", "round,step\n");
  folder.write("log.jsonl", "hello\n");
  folder.write("config.toml", "\n");
  return ending_of({"report", folder.at("")});
}

/// The log of a run whose device lost power.
Ending replay_of_half_a_line() {
  const WorkFolder folder;
  const auto file = folder.run_file("10");
  Ending run = ending_of({"simulate", file, "--devices", "1", "--out", folder.at("out")});
  if (run.exit_code != 0) return run;
  auto log = folder.read("out/log.jsonl");
  log.resize(log.size() - 9);
  return ending_of({"simulate", file, "--devices", "1", "--json", "--out", folder.at("again"),
                    "--replay", folder.write("cut.jsonl", log)});
}

Ending nowhere_to_print() {
  const WorkFolder folder;
  return ending_of(
      {"simulate", folder.run_file("10"), "--devices", "1", "--json", "--out", folder.at("out")},
      ChildProgram::Output::full);
}

/// A big-endian number of an IDX head.
std::string word(unsigned value) {
  std::string bytes(4, '\0');
  for (unsigned i = 0; i < 4; ++i) bytes[i] = static_cast<char>(value >> (24 - 8 * i) & 0xFFU);
  return bytes;
}

/// A demo of which a device's output has no place to go: its file is a folder.
Ending demo_without_output() {
  const WorkFolder folder;
  for (const std::string set : {"train", "t10k"}) {
    folder.write(set + "-images-idx3-ubyte",
                 word(0x803) + word(10) + word(1) + word(1) + std::string("0123456789"));
    folder.write(set + "-labels-idx1-ubyte",
                 word(0x801) + word(10) + std::string("\0\1\2\3\4\5\6\7\10\11", 10));
  }
  std::filesystem::create_directories(folder.at("demo/mini-batch/devices/device-1/output.txt"));
  return ending_of(
      {"demo", "--devices", "2", "--json", "--data", folder.at(""), "--out", folder.at("demo")});
}

Ending no_model_file() {
  const WorkFolder folder;
  return ending_of(
      {"eval", folder.write("x.safetensors", "not a model"), folder.at("rows.libsvm"), "--json"});
}

/// A model of rows.libsvm, and wider rows.
Ending model_of_other_data() {
  const WorkFolder folder;
  Ending run =
      ending_of({"simulate", folder.run_file("10"), "--devices", "1", "--out", folder.at("out")});
  if (run.exit_code != 0) return run;
  return ending_of({"predict", folder.at("out/model.safetensors"), folder.write("wide", "1 99:1\n"),
                    "--json", "-o", folder.at("x.csv")});
}

}  // namespace

std::vector<Provocation> provoked_by_files() {
  using enum ErrorCode;
  return {
      {cannot_write,
       "a page into no folder",
       page_into_no_folder,
       {"cannot write ", "/none/x.html", "Make its folder first"}},
      {cannot_write,
       "a log on a full disk",
       full_disk,
       {"/out/log.jsonl", "No space left on device", "The run does not stop for that",
        "free some space", "--out"}},
      {cannot_use_folder,
       "below a file",
       folder_below_a_file,
       {"cannot make the folder ", "/rows.libsvm/out", "Name another place"}},
      {no_run_folder, "no folder", report_of_nothing, {"/none/", "such as runs/ID"}},
      {no_run_folder,
       "a folder of other files",
       report_of_something_else,
       {"log.jsonl", "no file of a run", "such as runs/ID"}},
      {no_run_folder,
       "a log that was cut short",
       replay_of_half_a_line,
       {"cut.jsonl:", "is no line of a log", "give the folder of a run"}},
      {output_closed,
       "a full disk",
       nowhere_to_print,
       {"standard output cannot be written", "free some space"}},
      {cannot_start,
       "no file for its output",
       demo_without_output,
       {"cannot start ", "device-1/output.txt", "Name another place"}},
      {bad_model_file,
       "something else",
       no_model_file,
       {"/x.safetensors", "name another model file, or copy it again"}},
      {model_does_not_fit,
       "wider rows",
       model_of_other_data,
       {"/wide", "99 features", "trained on 11", "Give data of the kind"}},
      {folder_in_use,
       "of another process",
       folder_of_another_process,
       {"/out is being written by another annulet", "wait for it", "--out"}},
  };
}

}  // namespace annulet::tests
