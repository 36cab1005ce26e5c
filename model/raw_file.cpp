/// Opens and reads regular files only.
#include "model/raw_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace annulet::model {
namespace {

[[noreturn]] void refuse_to_open(const std::filesystem::path& path, int reason) {
  refuse_file(path, ErrorCode::data_unreadable,
              "cannot be opened: " + std::generic_category().message(reason) +
                  "; check the path, and that you may read it");
}

/// Never waits: a path comes from the run file, and with it from another device, and who opens a
/// pipe waits until somebody writes into it.
std::FILE* open_regular(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) refuse_to_open(path, errno);
  struct stat about {};
  std::FILE* file = nullptr;
  const bool known = ::fstat(descriptor, &about) == 0;
  if (known && S_ISREG(about.st_mode)) file = ::fdopen(descriptor, "rb");
  if (file != nullptr) return file;
  const int reason = errno;
  ::close(descriptor);
  if (!known || S_ISREG(about.st_mode)) refuse_to_open(path, reason);
  if (S_ISDIR(about.st_mode))
    refuse_file(path, ErrorCode::data_unreadable, "this is a folder; name the data file in it");
  refuse_file(path, ErrorCode::data_unreadable,
              "this is a pipe or a device; write what comes from it to a file, and name that");
}

}  // namespace

void refuse_file(const std::filesystem::path& path, ErrorCode error, std::string_view what) {
  throw DataError(error, path.string() + ": " + std::string(what));
}

RawFile::RawFile(const std::filesystem::path& path) : path_(path), buffer_(kChunk) {
  file_.reset(open_regular(path));
  std::setvbuf(file_.get(), nullptr, _IONBF, 0);
  refill();
}

bool RawFile::refill() {
  size_ = std::fread(buffer_.data(), 1, buffer_.size(), file_.get());
  if (std::ferror(file_.get()) != 0) {
    refuse_file(path_, ErrorCode::data_unreadable,
                "cannot be read: " + std::generic_category().message(errno) + "; check the disk");
  }
  return size_ > 0;
}

}  // namespace annulet::model
