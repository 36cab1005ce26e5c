/// Cuts a data set into files, one for each device.
#include "runtime/data_split.hpp"

#include <system_error>
#include <utility>

#include "runtime/data_writer.hpp"
#include "runtime/file_error.hpp"
#include "runtime/local_data.hpp"
#include "runtime/made_files.hpp"
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

void check_has_labels(const model::Dataset& data, const DataSplit& split) {
  const auto kind = split.partition.kind;
  const bool takes_labels =
      kind == model::PartitionKind::by_label || kind == model::PartitionKind::dirichlet;
  if (!takes_labels || !data.origin().label_is_open) return;
  throw model::DataError(ErrorCode::bad_label_column,
                         "a row has " + std::to_string(data.origin().outputs) +
                             " outputs, and they are not classes (one of them 1, the others 0). "
                             "Choose the one to cut by: --label 1, up to " +
                             std::to_string(data.origin().outputs));
}

}  // namespace

std::vector<DataPart> split_data(const model::Dataset& data, const DataSplit& split,
                                 const std::stop_token& stop) {
  check_has_labels(data, split);
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
  MadeFolders folders(split.folder);
  MadeFiles made;
  for (const auto& part : parts) {
    write_data(part.path, data, part.rows, stop);
    made.add(part.path);
  }
  made.keep();
  folders.keep();
  return parts;
}

}  // namespace annulet::runtime
