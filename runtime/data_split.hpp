/// Cuts a data set into files, one for each device, as data.partition would cut it among them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "model/dataset.hpp"
#include "model/partition.hpp"

namespace annulet::runtime {

struct DataSplit {
  model::Partition partition;
  std::size_t parts = 0;
  std::uint64_t seed = 1;  // as run.seed
  std::filesystem::path folder;
};

struct DataPart {
  std::filesystem::path path;  // what --data takes
  std::vector<model::Index> rows;
};

/// Writes part-1 ... part-N into the folder (made where it is not there): sparse rows as LIBSVM
/// text, IDX pairs as a folder with a pair, CSV with its columns and their names in their order,
/// FANN text with all its outputs (of a first look), other dense rows as CSV with the label last.
/// Every number reads back as the same float32, and a
/// part as the rows in the order in which a run with that seed gives them to the device of its
/// place. Throws model::DataError where a part would have no row, or where it takes labels and
/// nobody said which of several outputs is the label; FileError where a file is there
/// already, also when another process makes it meanwhile, or cannot be written; Stopped. Then
/// nothing stays of what was made here.
[[nodiscard]] std::vector<DataPart> split_data(const model::Dataset& data, const DataSplit& split,
                                               const std::stop_token& stop = {});

}  // namespace annulet::runtime
