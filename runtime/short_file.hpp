/// Files that people write and programs read whole: run files, device files, profiles.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace annulet::runtime {

/// The first `most` bytes. A pipe may be what is read, as `<(sed ... run.toml)` is: it must begin
/// to speak within ten seconds, and go on so. Throws std::system_error.
[[nodiscard]] std::string read_short_file(const std::filesystem::path& file, std::size_t most);

/// Is there something that who asks may not read?
[[nodiscard]] bool is_closed_to_us(const std::filesystem::path& path);

}  // namespace annulet::runtime
