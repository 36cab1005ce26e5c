/// annulet data: what is in a data file, and cutting it into one for each device.
#include <charconv>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "devices/machine.hpp"
#include "model/label_map.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/label_option.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/data_report.hpp"
#include "runtime/data_source.hpp"
#include "runtime/data_split.hpp"
#include "runtime/data_writer.hpp"
#include "runtime/memory_check.hpp"
#include "runtime/stop_signals.hpp"
#include "runtime/text.hpp"
#include "runtime/text_table.hpp"

namespace annulet::runtime {
namespace {

struct InspectOptions {
  std::string data, label;
  bool json = false;
};

struct SplitOptions : InspectOptions {
  std::string by = "iid", out;
  std::string seed = "1";
  std::vector<std::string> classes;
  std::size_t parts = 0;
};

/// The data, read without a run file; the path says how.
std::pair<model::DataPath, model::Dataset> read(const std::string& named, const std::string& label,
                                                const std::vector<std::string>& classes) {
  auto path = data_path(named);
  path.label.first_look = true;
  path.label.option = "--label";
  path.label.classes = classes;
  if (!label.empty()) choose_label(path.label, label);
  return {path, model::read_dataset(path)};
}

void inspect(const InspectOptions& options, Ending& ending) {
  const auto [path, data] = read(options.data, options.label, {});
  if (const auto refused = report_refusal(data, devices::physical_memory_bytes())) {
    throw model::DataError(refused->error, printable(path.text(), 300) + ": " + refused->text);
  }
  const auto report = report_on(data);
  ending.run.exit_reason = "done";
  add_data_report(ending.more, report, path);
  if (!options.json) std::cout << data_report_text(report, path);
}

std::uint64_t seed_option(const std::string& text) {
  std::int64_t seed = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seed);
  if (error != std::errc{} || stop != end || seed < 0) {
    throw UsageError(ErrorCode::bad_option,
                     "--seed " + text + ": give a whole number from 0 to " +
                         std::to_string(std::numeric_limits<std::int64_t>::max()));
  }
  return static_cast<std::uint64_t>(seed);
}

/// As data.classes.
void check_classes(const std::vector<std::string>& words) {
  const std::set<std::string_view> distinct(words.begin(), words.end());
  if (words.empty()) return;
  if (words.size() > 1 && distinct.size() == words.size() && !distinct.contains("")) return;
  throw UsageError(ErrorCode::bad_option,
                   "--classes: give the words in the label column, each once, such as --classes "
                   "edible poisonous");
}

DataSplit split_options(const SplitOptions& options) {
  const auto partition = model::parse_partition(options.by);
  if (!partition || partition->kind == model::PartitionKind::all) {
    throw UsageError(
        ErrorCode::bad_option,
        "--by " + options.by + ": give iid, by-label, dirichlet(A) with A > 0, or file-order");
  }
  check_classes(options.classes);
  return {*partition, options.parts, seed_option(options.seed), options.out};
}

/// "1,200 of class 3, 17 of class 5": the rows of each class, where labels are few and whole.
std::string balance(const model::Dataset& data, const DataPart& part) {
  constexpr std::size_t kMostShown = 10;
  std::map<float, std::int64_t> counts;
  for (const auto row : part.rows) {
    const float label = data.label(row);
    ++counts[label];
    if (counts.size() > kMostShown || std::nearbyint(label) != label) return "";
  }
  const auto& words = data.origin().classes;
  std::string out;
  for (const auto& [label, rows] : counts) {
    const auto name = words.empty() ? "class " + model::label_text(label)
                                    : printable(words[static_cast<std::size_t>(label)], 32);
    out += (out.empty() ? "" : ", ") + count_text(rows) + " of " + name;
  }
  return out;
}

void split(const SplitOptions& options, Ending& ending) {
  const auto how = split_options(options);
  const auto [path, data] = read(options.data, options.label, options.classes);
  std::vector<DataPart> parts;
  try {
    std::stop_source stop;  // until here a signal ends the process, which has made nothing
    const StopSignals signals([&stop] { stop.request_stop(); }, [] {});
    parts = split_data(data, how, stop.get_token());
  } catch (const Stopped&) {
    ending.run.exit_reason = "interrupted";
    ending.run.exit_code = kInterrupted;
    std::cerr << "annulet: interrupted: no part was made\n" << std::flush;
    return;
  }
  ending.run.exit_reason = "done";
  std::vector<JsonObject> list;
  std::string lines;
  for (const auto& part : parts) {
    const auto labels = balance(data, part);
    list.push_back(JsonObject()
                       .add("path", part.path.string())
                       .add("rows", std::uint64_t{part.rows.size()})
                       .add("labels", labels));
    lines += printable(part.path.string(), 300) + "   " +
             count_text(static_cast<std::int64_t>(part.rows.size())) +
             (part.rows.size() == 1 ? " row" : " rows") + (labels.empty() ? "" : ": " + labels) +
             "\n";
  }
  ending.more.add("rows", std::uint64_t{data.rows()})
      .add("parts", std::span<const JsonObject>(list));
  if (!options.json) {
    std::cout << lines << '\n'
              << "Each device trains on its own: annulet join ADDR:PORT --data "
              << printable(parts.front().path.string(), 300) << '\n';
  }
}

void add_path(CLI::App& command, InspectOptions& options) {
  text_option(
      command, options.data,
      {.name = "path", .type = "PATH", .about = "A data file, or a folder with an IDX pair"})
      ->required();
}

void add_label_and_json(CLI::App& command, InspectOptions& options) {
  text_option(command, options.label,
              {.name = "--label",
               .type = "L",
               .about = "The label's column, by name or number, or a FANN file's output"});
  add_json_option(command, options.json);
}

void add_inspect(CLI::App& group, int& exit_code) {
  const auto options = std::make_shared<InspectOptions>();
  auto* command = group.add_subcommand("inspect", "Say what is in a data file, and what is odd");
  command->footer(
      "Example: annulet data inspect /usr/share/doc/libfann-dev/examples/datasets/building.train "
      "--label 2");
  add_path(*command, *options);
  add_label_and_json(*command, *options);
  when_chosen<inspect>(*command, options, options->json, exit_code);
}

void add_split(CLI::App& group, int& exit_code) {
  const auto options = std::make_shared<SplitOptions>();
  auto* command = group.add_subcommand("split", "Cut a data file into one for each device");
  command->footer("Example: annulet data split w8a.xz -n 4 --by by-label -o parts");
  add_path(*command, *options);
  count_option(*command, options->parts, {.least = 1, .most = 1024},
               {.name = "-n,--parts", .type = "N", .about = "How many parts"})
      ->required();
  text_option(
      *command, options->by,
      {.name = "--by", .type = "KIND", .about = "How: iid, by-label, dirichlet(A) or file-order"});
  text_option(*command, options->out,
              {.name = "-o,--out", .type = "DIR", .about = "Folder for the parts"})
      ->required();
  command->add_option("--seed", options->seed, "Of iid and dirichlet, as run.seed")
      ->capture_default_str()
      ->type_name("S");
  command
      ->add_option("--classes", options->classes,
                   "The words in the label column, in the order of data.classes (default: of the "
                   "alphabet)")
      ->type_name("WORD");
  add_label_and_json(*command, *options);
  when_chosen<split>(*command, options, options->json, exit_code);
}

}  // namespace

void add_data_command(CLI::App& program, int& exit_code) {
  auto* group = program.add_subcommand("data", "Look into data files, or cut them");
  group->require_subcommand(1);
  add_inspect(*group, exit_code);
  add_split(*group, exit_code);
}

}  // namespace annulet::runtime
