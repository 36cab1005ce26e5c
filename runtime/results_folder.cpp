/// Folders for results: one that is named, or a new one that is nobody else's.
#include "runtime/results_folder.hpp"

#include <string>
#include <system_error>

#include "runtime/file_error.hpp"

namespace annulet::runtime {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& folder, std::error_code reason) {
  throw FileError(ErrorCode::cannot_use_folder, reason,
                  "cannot make the folder " + folder.string());
}

}  // namespace

void make_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  if (!folder.empty()) std::filesystem::create_directories(folder, failed);
  if (failed) refuse(folder, failed);
}

std::filesystem::path make_new_folder(const std::filesystem::path& wanted) {
  make_folder(wanted.parent_path());
  for (int number = 1;; ++number) {
    auto folder = wanted;
    if (number > 1) folder += "-" + std::to_string(number);
    std::error_code failed;
    if (std::filesystem::create_directory(folder, failed)) return folder;
    // Not ours: it was there already, perhaps since a moment ago.
    if (failed && failed != std::errc::file_exists) refuse(folder, failed);
  }
}

}  // namespace annulet::runtime
