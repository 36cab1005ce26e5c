/// Folders for results: one that is named, or a new one that is nobody else's.
#pragma once

#include <filesystem>

namespace annulet::runtime {

/// Makes the folder and those above it, unless they are there. Throws FileError.
void make_folder(const std::filesystem::path& folder);

/// Makes `wanted`, or where that is taken `wanted`-2, -3 and so on, and the folders above it: two
/// programs that want the same folder at the same moment get one each. Throws FileError.
[[nodiscard]] std::filesystem::path make_new_folder(const std::filesystem::path& wanted);

}  // namespace annulet::runtime
