/// The [data] section: paths, labels, features, shares.
#include "runtime/run_file_data.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "model/dataset.hpp"

namespace annulet::runtime {
namespace {

namespace fs = std::filesystem;

constexpr WholeRange kFeatures = {1, 1'000'000'000};
constexpr std::size_t kLongestPath = 4096;
constexpr std::string_view kPathOrPair =
    R"(the path of a file, or { images = "...", labels = "..." })";

}  // namespace

fs::path read_path(const RunFileReader& reader, std::string_view key, const fs::path& folder,
                   std::string_view must_be) {
  const auto written = reader.text(key, must_be);
  if (!written) return {};
  const auto& setting = *reader.find(key);
  if (written->empty() || written->find('\0') != std::string::npos) {
    RunFileReader::fail(setting, must_be);
  }
  auto path = fs::absolute(folder / *written).lexically_normal();
  if (path.native().size() > kLongestPath || !fits_in_toml(path.native())) {
    RunFileReader::fail(setting, "a path of at most " + std::to_string(kLongestPath) +
                                     " bytes, from the root, in UTF-8");
  }
  return path;
}

namespace {

model::DataPath read_data_path(const RunFileReader& reader, const std::string& key,
                               const fs::path& folder) {
  const auto* setting = reader.find(key);
  const auto images = key + ".images";
  const auto labels = key + ".labels";
  const bool has_half = reader.find(images) != nullptr || reader.find(labels) != nullptr;
  const bool is_table = setting != nullptr && std::holds_alternative<Table>(setting->value);
  model::DataPath path;
  if (!is_table && !has_half) {
    path.file = read_path(reader, key, folder, kPathOrPair);
    return path;
  }
  reader.require(images, R"(images = "...")");
  reader.require(labels, R"(labels = "...")");
  path.images = read_path(reader, images, folder, "the path of a file");
  path.labels = read_path(reader, labels, folder, "the path of a file");
  return path;
}

/// Which column or output is the label; it says so of every file of the run.
model::LabelChoice read_label_column(const RunFileReader& reader) {
  constexpr std::string_view kMustBe = "the name of a column in quotes, or a number from 1 on";
  constexpr std::size_t kLongestName = 1024;
  model::LabelChoice label;
  const auto* setting = reader.find("data.label");
  if (setting == nullptr) return label;
  if (const auto* number = std::get_if<std::int64_t>(&setting->value)) {
    if (*number < 1 || *number > kFeatures.most) RunFileReader::fail(*setting, kMustBe);
    label.number = static_cast<std::size_t>(*number);
    return label;
  }
  label.name = reader.text("data.label", kMustBe).value_or("");
  const bool usable = label.name.size() <= kLongestName && fits_in_toml(label.name);
  if (label.name.empty() || !usable) RunFileReader::fail(*setting, kMustBe);
  return label;
}

/// Where labels are words: the words of the classes, in their order.
std::vector<std::string> read_classes(const RunFileReader& reader) {
  constexpr std::string_view kMustBe =
      R"(the words in the label column, each once, such as ["edible", "poisonous"])";
  const auto words = reader.texts("data.classes", kMustBe);
  if (!words) return {};
  const std::set<std::string_view> distinct(words->begin(), words->end());
  const bool fits = words->size() >= 2 && words->size() <= model::kMaxLabels;
  if (!fits || distinct.size() < words->size() || distinct.contains("")) {
    RunFileReader::fail(*reader.find("data.classes"), kMustBe);
  }
  return *words;
}

model::LabelChoice read_label(const RunFileReader& reader) {
  auto label = read_label_column(reader);
  label.classes = read_classes(reader);
  return label;
}

}  // namespace

DataSection read_data(const RunFileReader& reader, const fs::path& folder) {
  constexpr std::string_view kPartitions =
      "all, iid, by-label, dirichlet(A) with A > 0, or file-order";
  DataSection data;
  data.train = read_data_path(reader, "data.train", folder);
  data.test = read_data_path(reader, "data.test", folder);
  data.train.label = data.test.label = read_label(reader);
  const auto features = reader.whole("data.features", kFeatures);
  if (features) data.features = static_cast<std::size_t>(*features);
  data.scale = static_cast<DataScale>(
      reader.word("data.scale", kScaleNames, static_cast<std::size_t>(data.scale)));
  if (const auto written = reader.text("data.partition", kPartitions)) {
    const auto partition = model::parse_partition(*written);
    if (!partition) RunFileReader::fail(*reader.find("data.partition"), kPartitions);
    data.partition = *partition;
  }
  data.sampling = static_cast<model::Sampling>(
      reader.word("data.sampling", kSamplingNames, static_cast<std::size_t>(data.sampling)));
  return data;
}

}  // namespace annulet::runtime
