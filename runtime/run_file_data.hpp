/// Reads what a run file says of files: the [data] section, and paths.
#pragma once

#include <filesystem>
#include <string_view>

#include "runtime/run_config.hpp"
#include "runtime/run_file_reader.hpp"

namespace annulet::runtime {

/// The file of one key, absolute, `folder` being where relative ones start; an empty path where the
/// key is missing. Throws ConfigError: "KEY is VALUE, but must be `must_be`".
[[nodiscard]] std::filesystem::path read_path(const RunFileReader& reader, std::string_view key,
                                              const std::filesystem::path& folder,
                                              std::string_view must_be);

/// Throws ConfigError.
[[nodiscard]] DataSection read_data(const RunFileReader& reader,
                                    const std::filesystem::path& folder);

}  // namespace annulet::runtime
