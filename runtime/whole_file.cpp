/// A file that is written piece by piece, and is there whole or not at all.
#include "runtime/whole_file.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <fcntl.h>
#include <span>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "runtime/file_error.hpp"

namespace annulet::runtime {
namespace {

namespace fs = std::filesystem;

/// A file that can be replaced, or none.
bool is_replaceable(const fs::path& path) {
  std::error_code unreadable;  // opening it says why
  const auto type = fs::status(path, unreadable).type();
  return type == fs::file_type::regular || type == fs::file_type::not_found;
}

/// Links are followed, so that they stay links, also one whose file is not there yet.
fs::path target_of(const fs::path& path) {
  constexpr int kMostLinks = 40;  // as the system
  std::error_code none;
  fs::path target = path;
  for (int i = 0; i < kMostLinks && fs::is_symlink(target, none); ++i) {
    target = target.parent_path() / fs::read_symlink(target);
  }
  return target;
}

/// A new file beside the target, and its name: never one that is somebody's.
std::pair<fs::path, Descriptor> make_temporary(const fs::path& target) {
  constexpr int kTries = 100;
  for (int i = 1;; ++i) {
    auto name = target;
    name += i == 1 ? ".tmp" : ".tmp-" + std::to_string(i);
    try {
      return {name, Descriptor::create_new(name)};
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::file_exists) throw;
      if (i == kTries) {
        throw FileError(ErrorCode::cannot_write, error.code(),
                        "cannot make " + name.string() +
                            ", nor any with a smaller number: remove these, which killed programs "
                            "have left");
      }
    }
  }
}

/// Never takes the place of a file. Of file systems that cannot do it at once, most know links.
void rename_to_new(const fs::path& from, const fs::path& to) {
  const auto fail = [] { throw std::system_error(errno, std::generic_category()); };
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
  if (errno != EINVAL && errno != ENOSYS) fail();
  if (::link(from.c_str(), to.c_str()) != 0) fail();
  fs::remove(from);
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

WholeFile::WholeFile(fs::path path, FileThere there) : path_(std::move(path)), there_(there) {
  attempt([this] {
    if (there_ == FileThere::is_replaced && !is_replaceable(path_)) {
      file_.emplace(Descriptor::create(path_));
      return;
    }
    auto [name, file] = make_temporary(there_ == FileThere::is_replaced ? target_of(path_) : path_);
    temporary_ = std::move(name);
    file_.emplace(std::move(file));
  });
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
    take_name();
    const auto folder = temporary_.parent_path();
    Descriptor::folder(folder.empty() ? fs::path(".") : folder).sync();
  });
  file_.reset();
}

void WholeFile::take_name() {
  if (there_ == FileThere::is_kept) return rename_to_new(temporary_, path_);
  fs::rename(temporary_, target_of(path_));
}

}  // namespace annulet::runtime
