/// A file that is written piece by piece, and is there whole or not at all.
#include "runtime/whole_file.hpp"

#include <cstddef>
#include <span>
#include <system_error>
#include <utility>

#include "runtime/file_error.hpp"

namespace annulet::runtime {
namespace {

namespace fs = std::filesystem;

/// A file that can be replaced, or none; a link is followed, so that it stays a link.
bool is_replaceable(const fs::path& path) {
  std::error_code unreadable;  // opening it says why
  const auto type = fs::status(path, unreadable).type();
  return type == fs::file_type::regular || type == fs::file_type::not_found;
}

fs::path target_of(const fs::path& path) {
  std::error_code none;
  auto target = fs::canonical(path, none);
  return none ? path : target;
}

}  // namespace

template <class Action>
void WholeFile::attempt(Action action) {
  try {
    action();
  } catch (const std::system_error& error) {
    throw FileError(ErrorCode::cannot_write, error.code(), "cannot write " + path_.string());
  }
}

WholeFile::WholeFile(fs::path path) : path_(std::move(path)) {
  if (is_replaceable(path_)) {
    temporary_ = target_of(path_);
    temporary_ += ".tmp";
  }
  attempt([this] { file_.emplace(Descriptor::create(temporary_.empty() ? path_ : temporary_)); });
}

WholeFile::~WholeFile() {
  if (!file_ || temporary_.empty()) return;
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

void WholeFile::write(std::string_view text) {
  attempt([&] { file_->write(std::as_bytes(std::span(text))); });
}

void WholeFile::commit() {
  attempt([this] {
    if (!temporary_.empty()) file_->sync();
    file_->close();
    if (temporary_.empty()) return;
    const auto target = target_of(path_);
    fs::rename(temporary_, target);
    const auto folder = target.parent_path();
    Descriptor::folder(folder.empty() ? fs::path(".") : folder).sync();
  });
  file_.reset();
}

}  // namespace annulet::runtime
