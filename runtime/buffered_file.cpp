/// A growing text file that reaches the disk in few large writes and never throws.
#include "runtime/buffered_file.hpp"

#include <span>
#include <system_error>
#include <utility>

namespace annulet::runtime {
namespace {

constexpr std::size_t kMostWaiting = 64 * 1024;

}  // namespace

BufferedFile::BufferedFile(std::filesystem::path path, Opening opening) : path_(std::move(path)) {
  try {
    file_.emplace(opening == Opening::emptied ? Descriptor::create(path_)
                                              : Descriptor::append(path_));
  } catch (const std::system_error& error) {
    problem_ = "cannot write " + path_.string() + ": " + error.code().message();
  }
}

BufferedFile::~BufferedFile() { flush(); }

void BufferedFile::append(std::string_view text) {
  if (!file_) return;
  waiting_ += text;
  if (waiting_.size() >= kMostWaiting) flush();
}

void BufferedFile::flush() {
  if (!file_ || waiting_.empty()) return;
  try {
    file_->write(std::as_bytes(std::span(waiting_)));
  } catch (const std::system_error& error) {
    problem_ = "cannot write " + path_.string() + ": " + error.code().message();
    file_.reset();
  }
  waiting_.clear();
}

}  // namespace annulet::runtime
