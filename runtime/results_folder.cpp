/// Folders for results: one that is named, or a new one that is nobody else's.
#include "runtime/results_folder.hpp"

#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "devices/error_code.hpp"
#include "runtime/file_error.hpp"

namespace annulet::runtime {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& folder, std::error_code reason) {
  throw FileError(ErrorCode::cannot_use_folder, reason,
                  "cannot make the folder " + folder.string());
}

[[noreturn]] void refuse_other(const fs::path& folder, const std::string& what_to_do) {
  throw devices::UserError(
      ErrorCode::folder_in_use,
      folder.string() + " is being written by another annulet: wait for it" + what_to_do);
}

Descriptor open_folder(const fs::path& folder) {
  try {
    return Descriptor::folder(folder);
  } catch (const std::system_error& error) {
    throw FileError(ErrorCode::cannot_use_folder, error.code(),
                    "cannot use the folder " + folder.string());
  }
}

}  // namespace

void make_folder(const fs::path& folder) {
  std::error_code failed;
  if (!folder.empty()) fs::create_directories(folder, failed);
  if (failed) refuse(folder, failed);
}

fs::path make_new_folder(const fs::path& wanted) {
  make_folder(wanted.parent_path());
  for (int number = 1;; ++number) {
    auto folder = wanted;
    if (number > 1) folder += "-" + std::to_string(number);
    std::error_code failed;
    if (fs::create_directory(folder, failed)) return folder;
    // Not ours: it was there already, perhaps since a moment ago.
    if (failed && failed != std::errc::file_exists) refuse(folder, failed);
  }
}

MadeFolders::MadeFolders(const fs::path& folder) {
  std::error_code unknown;  // making it says why
  std::vector<fs::path> missing;
  for (auto at = folder; !at.empty() && !fs::exists(at, unknown); at = at.parent_path()) {
    missing.push_back(at);
  }
  make_folder(folder);
  made_ = std::move(missing);
}

MadeFolders::~MadeFolders() {
  for (const auto& folder : made_) ::rmdir(folder.c_str());  // fails where there is something in it
}

OwnFolder::OwnFolder(Descriptor descriptor, MadeFolders made)
    : descriptor_(std::move(descriptor)), made_(std::move(made)) {}

OwnFolder OwnFolder::of(const fs::path& folder) {
  auto descriptor = Descriptor::folder(folder);
  if (!descriptor.lock()) refuse_other(folder, " to end");
  return {std::move(descriptor), MadeFolders(fs::path())};
}

OwnFolder OwnFolder::make(const fs::path& folder) {
  for (;;) {
    MadeFolders made(folder);
    auto descriptor = open_folder(folder);
    const bool is_ours = descriptor.lock();
    if (is_ours && descriptor.is_at(folder)) return {std::move(descriptor), std::move(made)};
    made.keep();  // another has it, or had it and took it away before we locked it
    if (!is_ours) refuse_other(folder, ", or name another folder with --out");
  }
}

}  // namespace annulet::runtime
