/// Cuts a data set into files, one for each device.
#include "runtime/data_split.hpp"

#include <system_error>
#include <utility>

#include "runtime/data_writer.hpp"
#include "runtime/file_error.hpp"
#include "runtime/local_data.hpp"
#include "runtime/results_folder.hpp"

namespace annulet::runtime {
namespace {

namespace fs = std::filesystem;

/// "part-03" of 12, so that names sort like numbers.
std::string part_name(std::size_t number, std::size_t parts) {
  auto digits = std::to_string(number);
  digits.insert(0, std::to_string(parts).size() - digits.size(), '0');
  return "part-" + digits;
}

void refuse_existing(const fs::path& path) {
  std::error_code none;
  if (fs::symlink_status(path, none).type() == fs::file_type::not_found) return;
  throw FileError(ErrorCode::cannot_write, std::make_error_code(std::errc::file_exists),
                  "cannot write " + path.string());
}

/// What is made here goes again unless all of it was made.
class MadeFiles {
 public:
  MadeFiles() = default;
  MadeFiles(const MadeFiles&) = delete;
  MadeFiles& operator=(const MadeFiles&) = delete;
  ~MadeFiles() {
    std::error_code ignored;
    for (const auto& path : paths_) fs::remove_all(path, ignored);
  }

  void add(fs::path path) { paths_.push_back(std::move(path)); }
  void keep() { paths_.clear(); }

 private:
  std::vector<fs::path> paths_;
};

}  // namespace

std::vector<DataPart> split_data(const model::Dataset& data, const DataSplit& split) {
  std::vector<DataPart> parts;
  for (std::size_t i = 0; i < split.parts; ++i) {
    const auto path = split.folder / (part_name(i + 1, split.parts) + data_suffix(data));
    refuse_existing(path);
    parts.push_back({path, model::partition_rows(split.partition, data, i, split.parts,
                                                 partition_seed(split.seed))});
    if (!parts.back().rows.empty()) continue;
    throw model::DataError(ErrorCode::too_few_rows,
                           "No rows are left for " + path.filename().string() + ": " +
                               std::to_string(data.rows()) +
                               (data.rows() == 1 ? " row was cut into " : " rows were cut into ") +
                               std::to_string(split.parts) + " parts. Make fewer parts");
  }
  make_folder(split.folder);
  MadeFiles made;
  for (const auto& part : parts) {
    made.add(part.path);
    write_data(part.path, data, part.rows);
  }
  made.keep();
  return parts;
}

}  // namespace annulet::runtime
