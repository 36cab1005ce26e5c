/// What is wrong with a folder that a run is to go on from.
#include <cstdint>
#include <filesystem>

#include "tests/support/child_ring.hpp"
#include "tests/tcp/provoked.hpp"

namespace annulet::tests {
namespace {

/// A simulation that has ended in the folder "cut".
void simulate_into(const WorkFolder& folder, const std::string& run_file) {
  const auto end =
      ending_of({"simulate", run_file, "--devices", "1", "--json", "--out", folder.at("cut")});
  if (end.exit_code != 0) throw std::runtime_error(end.screen);
}

Ending go_on(const WorkFolder& folder, const std::string& run_file, const std::string& setting) {
  return ending_of({"simulate", run_file, "--devices", "1", "--json", "--resume", folder.at("cut"),
                    "--set", setting});
}

Ending no_checkpoint_there() {
  const WorkFolder folder;
  std::filesystem::create_directory(folder.at("cut"));
  return go_on(folder, folder.run_file("10"), "run.steps=20");
}

Ending no_folder_there() {
  const WorkFolder folder;
  return go_on(folder, folder.run_file("10"), "run.steps=20");
}

/// Every one that is there ends a byte early.
Ending damaged_checkpoint() {
  const WorkFolder folder;
  const auto run_file = folder.run_file("10");
  simulate_into(folder, run_file);
  for (const auto& entry : std::filesystem::directory_iterator(folder.at("cut"))) {
    if (entry.path().extension() != ".rck") continue;
    std::filesystem::resize_file(entry.path(), entry.file_size() - 1);
  }
  return go_on(folder, run_file, "run.steps=20");
}

/// The only one is a hole of a terabyte.
Ending checkpoint_larger_than_memory() {
  const WorkFolder folder;
  std::filesystem::create_directory(folder.at("cut"));
  const auto file = folder.write("cut/checkpoint-5.rck", "");
  std::filesystem::resize_file(file, std::uintmax_t{1} << 40U);
  return go_on(folder, folder.run_file("10"), "run.steps=20");
}

Ending other_batch() {
  const WorkFolder folder;
  const auto run_file = folder.run_file("10");
  simulate_into(folder, run_file);
  return go_on(folder, run_file, "train.batch=3");
}

Ending replay_with_other_devices() {
  const WorkFolder folder;
  const auto run_file = folder.run_file("10");
  simulate_into(folder, run_file);
  return ending_of({"simulate", run_file, "--devices", "2", "--json", "--replay", folder.at("cut"),
                    "--out", folder.at("again")});
}

Ending replay_of_another_seed() {
  const WorkFolder folder;
  const auto run_file = folder.run_file("10");
  simulate_into(folder, run_file);
  return ending_of({"simulate", run_file, "--devices", "1", "--json", "--replay", folder.at("cut"),
                    "--out", folder.at("again"), "--set", "run.seed=2"});
}

}  // namespace

std::vector<Provocation> provoked_by_checkpoints() {
  using enum ErrorCode;
  return {
      {no_checkpoint,
       "a folder without one",
       no_checkpoint_there,
       {"cut has no checkpoint", "Name the folder of this device's results"}},
      {no_checkpoint,
       "no folder",
       no_folder_there,
       {"cannot read the folder", "cut: No such file or directory. Name the folder of this"}},
      {bad_checkpoint,
       "a damaged one",
       damaged_checkpoint,
       {".rck is damaged", "start the run anew, without --resume"}},
      {bad_checkpoint,
       "one larger than the memory",
       checkpoint_larger_than_memory,
       {"checkpoint-5.rck is too large for this device's memory", "start the run anew"}},
      {checkpoint_does_not_fit,
       "another batch",
       other_batch,
       {"train.batch was 32 and is now 3", "Set it back"}},
      {checkpoint_does_not_fit,
       "a log of fewer devices",
       replay_with_other_devices,
       {"cut/log.jsonl is of 1 device: give --devices 1"}},
      {checkpoint_does_not_fit,
       "a log of another seed",
       replay_of_another_seed,
       {"round 1 comes to the model ", "cut/log.jsonl", "are not those of that run"}},
  };
}

}  // namespace annulet::tests
