/// Writes rows of a data set into a file that reads back as the same rows.
#pragma once

#include <exception>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>

#include "model/dataset.hpp"

namespace annulet::runtime {

/// A field of CSV, as RFC 4180 has it: in quotes where there is anything to mistake.
[[nodiscard]] std::string csv_field(const std::string& text);

/// ".libsvm" for sparse sets, "" (a folder) for IDX pairs, ".fann" for FANN text with all its
/// outputs, ".csv" for other dense sets.
[[nodiscard]] std::string data_suffix(const model::Dataset& data);

/// Writing was told to stop.
struct Stopped : std::exception {
  [[nodiscard]] const char* what() const noexcept override { return "interrupted"; }
};

/// The rows in that order, into a file or folder that must not be there. Throws FileError and
/// Stopped; then nothing of it stays.
void write_data(const std::filesystem::path& path, const model::Dataset& data,
                std::span<const model::Index> rows, const std::stop_token& stop);

}  // namespace annulet::runtime
