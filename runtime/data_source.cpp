/// Reading data sets, once or each time.
#include "runtime/data_source.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace annulet::runtime {
namespace {

std::filesystem::path find_packed(const std::filesystem::path& plain) {
  for (const char* suffix : {"", ".gz", ".xz"}) {
    std::filesystem::path candidate = plain;
    candidate += suffix;
    std::error_code failed;
    if (std::filesystem::exists(candidate, failed)) return candidate;
  }
  return {};
}

model::DataPath idx_pair(const std::filesystem::path& folder, const std::string& set) {
  model::DataPath path;
  path.images = find_packed(folder / (set + "-images-idx3-ubyte"));
  path.labels = find_packed(folder / (set + "-labels-idx1-ubyte"));
  return path;
}

/// One file read with another column as its label is another set.
std::string key_of(const model::DataPath& path) {
  return path.text() + '\n' + std::to_string(path.label.number) + '\n' + path.label.name + '\n' +
         model::words_text(path.label.classes);
}

}  // namespace

std::shared_ptr<const model::Dataset> DataSource::outline(const model::DataPath& path) {
  return load(path);
}

std::shared_ptr<const model::Dataset> DataSource::rows(const model::DataPath& path,
                                                       const model::Dataset& outline,
                                                       std::span<const model::Index> rows) {
  return std::make_shared<const model::Dataset>(model::read_rows(path, outline, rows));
}

std::shared_ptr<const model::Dataset> DataSource::scaled(
    const std::shared_ptr<const model::Dataset>& data, const model::Scale& scale) {
  return std::make_shared<const model::Dataset>(data->scaled(scale));
}

std::shared_ptr<const model::Dataset> DiskData::load(const model::DataPath& path) {
  return std::make_shared<const model::Dataset>(model::read_dataset(path));
}

std::shared_ptr<const model::Dataset> DiskData::outline(const model::DataPath& path) {
  return std::make_shared<const model::Dataset>(model::read_outline(path));
}

std::shared_ptr<const model::Dataset> SharedData::load(const model::DataPath& path) {
  auto& slot = loaded_[key_of(path)];
  if (!slot) slot = std::make_shared<const model::Dataset>(model::read_dataset(path));
  return slot;
}

std::shared_ptr<const model::Dataset> SharedData::scaled(
    const std::shared_ptr<const model::Dataset>& data, const model::Scale& scale) {
  const auto same = [&](const ScaledSet& one) { return one.from == data && one.scale == scale; };
  const auto found = std::ranges::find_if(scaled_, same);
  if (found != scaled_.end()) return found->data;
  return scaled_.emplace_back(ScaledSet{data, scale, DataSource::scaled(data, scale)}).data;
}

void SharedData::put(const model::DataPath& path, model::Dataset data) {
  loaded_[key_of(path)] = std::make_shared<const model::Dataset>(std::move(data));
}

bool has_idx_pair(const std::filesystem::path& folder, const std::string& set) {
  const auto path = idx_pair(folder, set);
  return !path.images.empty() && !path.labels.empty();
}

model::DataPath data_path(const std::filesystem::path& named, const std::string& set) {
  std::error_code failed;
  auto absolute = std::filesystem::absolute(named, failed);
  if (failed) absolute = named;                            // in a folder that is gone
  if (!std::filesystem::is_directory(absolute, failed)) {  // nor where that is not to be known
    model::DataPath path;
    path.file = absolute;
    return path;
  }
  auto path = idx_pair(absolute, set);
  if (path.images.empty() || path.labels.empty()) {
    throw model::DataError(
        ErrorCode::no_data,
        absolute.string() + " is a folder without " + set + "-images-idx3-ubyte and " + set +
            "-labels-idx1-ubyte (plain, .gz or .xz): name a file, or such a folder");
  }
  return path;
}

}  // namespace annulet::runtime
