/// Writes rows of a data set into a file that reads back as the same rows.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "model/dataset.hpp"

namespace annulet::runtime {

/// A field of CSV, as RFC 4180 has it: in quotes where there is anything to mistake.
[[nodiscard]] std::string csv_field(const std::string& text);

/// ".libsvm" for sparse sets, "" (a folder) for IDX pairs, ".csv" for other dense ones.
[[nodiscard]] std::string data_suffix(const model::Dataset& data);

/// The rows in that order. Throws FileError.
void write_data(const std::filesystem::path& path, const model::Dataset& data,
                std::span<const model::Index> rows);

}  // namespace annulet::runtime
