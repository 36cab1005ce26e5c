/// A file as a stream of decompressed bytes: plain, gzip or xz, told apart by its first bytes.
#include "model/byte_source.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <lzma.h>
#include <zlib.h>

#include "model/dataset.hpp"

namespace annulet::model {
namespace {

constexpr std::size_t kChunk = 64 * 1024;
constexpr std::uint64_t kXzMemory = 256ULL << 20;

/// zlib and liblzma speak of unsigned bytes, text parsers of characters.
std::uint8_t* bytes(char* text) { return static_cast<std::uint8_t*>(static_cast<void*>(text)); }

[[noreturn]] void fail(const std::filesystem::path& path, ErrorCode error, std::string_view what) {
  throw DataError(error, path.string() + ": " + std::string(what));
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

/// Never waits: a path comes from the run file, and with it from another device, and who opens a
/// pipe waits until somebody writes into it.
std::FILE* open_regular(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0)
    fail(path, ErrorCode::data_unreadable,
         "cannot be opened: " + std::generic_category().message(errno) +
             "; check the path, and that you may read it");
  struct stat about {};
  const bool known = ::fstat(descriptor, &about) == 0;
  if (known && S_ISREG(about.st_mode)) return ::fdopen(descriptor, "rb");
  ::close(descriptor);
  if (known && S_ISDIR(about.st_mode))
    fail(path, ErrorCode::data_unreadable, "this is a folder; name the data file in it");
  fail(path, ErrorCode::data_unreadable,
       "this is a pipe or a device; write what comes from it to a file, and name that");
}

/// The bytes as they are on disk.
class RawFile {
 public:
  explicit RawFile(const std::filesystem::path& path) : path_(path), buffer_(kChunk) {
    file_.reset(open_regular(path));
    std::setvbuf(file_.get(), nullptr, _IONBF, 0);
    refill();
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::span<char> chunk() { return std::span(buffer_).first(size_); }

  /// Brings the next chunk; false at the end of the file.
  bool refill() {
    size_ = std::fread(buffer_.data(), 1, buffer_.size(), file_.get());
    if (std::ferror(file_.get()) != 0) {
      fail(path_, ErrorCode::data_unreadable,
           "cannot be read: " + std::generic_category().message(errno) + "; check the disk");
    }
    return size_ > 0;
  }

 private:
  std::filesystem::path path_;
  std::vector<char> buffer_;
  std::size_t size_ = 0;
  std::unique_ptr<std::FILE, CloseFile> file_;
};

class PlainSource final : public ByteSource {
 public:
  explicit PlainSource(RawFile file) : file_(std::move(file)) {}

  std::span<const char> next() override {
    if (!first_) {
      file_.refill();
    }
    first_ = false;
    return file_.chunk();
  }

 private:
  RawFile file_;
  bool first_ = true;
};

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(RawFile file) : file_(std::move(file)), out_(kChunk) {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) {
      fail(file_.path(), ErrorCode::out_of_memory,
           "no memory left to decompress it; unpack it first");
    }
    take_input();
  }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;
  ~GzipSource() override { inflateEnd(&stream_); }

  std::span<const char> next() override {
    stream_.next_out = bytes(out_.data());
    stream_.avail_out = kChunk;
    while (stream_.avail_out > 0 && has_input()) {
      if (member_ended_) {
        start_next_member();
      }
      const int result = inflate(&stream_, Z_NO_FLUSH);
      if (result != Z_OK && result != Z_STREAM_END) {
        fail(file_.path(), ErrorCode::data_damaged,
             "the gzip data are damaged; fetch the file again");
      }
      member_ended_ = result == Z_STREAM_END;
    }
    return std::span(out_).first(kChunk - stream_.avail_out);
  }

 private:
  void take_input() {
    stream_.next_in = bytes(file_.chunk().data());
    stream_.avail_in = static_cast<unsigned>(file_.chunk().size());
  }

  /// False at the end of the file, which has to be the end of a member as well.
  bool has_input() {
    if (stream_.avail_in > 0) {
      return true;
    }
    if (file_.refill()) {
      take_input();
      return true;
    }
    if (!member_ended_) {
      fail(file_.path(), ErrorCode::data_damaged,
           "the gzip data end too early; fetch the file again");
    }
    return false;
  }

  void start_next_member() {
    constexpr std::uint8_t kMagic = 0x1f;
    if (*stream_.next_in != kMagic) {
      fail(file_.path(), ErrorCode::data_damaged,
           "something that is not gzip follows the gzip data; fetch the file again");
    }
    inflateReset(&stream_);
  }

  RawFile file_;
  std::vector<char> out_;
  z_stream stream_{};
  bool member_ended_ = false;
};

class XzSource final : public ByteSource {
 public:
  explicit XzSource(RawFile file) : file_(std::move(file)), out_(kChunk) {
    if (lzma_stream_decoder(&stream_, kXzMemory, LZMA_CONCATENATED) != LZMA_OK) {
      fail(file_.path(), ErrorCode::out_of_memory,
           "no memory left to decompress it; unpack it first");
    }
    take_input();
  }
  XzSource(const XzSource&) = delete;
  XzSource& operator=(const XzSource&) = delete;
  ~XzSource() override { lzma_end(&stream_); }

  std::span<const char> next() override {
    stream_.next_out = bytes(out_.data());
    stream_.avail_out = kChunk;
    while (stream_.avail_out > 0 && !ended_) {
      if (stream_.avail_in == 0 && !input_ended_) {
        input_ended_ = !file_.refill();
        take_input();
      }
      const auto result = lzma_code(&stream_, input_ended_ ? LZMA_FINISH : LZMA_RUN);
      ended_ = result == LZMA_STREAM_END;
      if (!ended_ && result != LZMA_OK) {
        refuse(result);
      }
    }
    return std::span(out_).first(kChunk - stream_.avail_out);
  }

 private:
  void take_input() {
    stream_.next_in = bytes(file_.chunk().data());
    stream_.avail_in = file_.chunk().size();
  }

  [[noreturn]] void refuse(lzma_ret result) const {
    if (result == LZMA_BUF_ERROR) {
      fail(file_.path(), ErrorCode::data_damaged,
           "the xz data end too early; fetch the file again");
    }
    if (result == LZMA_MEMLIMIT_ERROR) {
      fail(file_.path(), ErrorCode::out_of_memory,
           "needs over 256 MiB to be decompressed; compress it with xz -6");
    }
    if (result == LZMA_MEM_ERROR) {
      fail(file_.path(), ErrorCode::out_of_memory,
           "no memory left to decompress it; unpack it first");
    }
    fail(file_.path(), ErrorCode::data_damaged, "the xz data are damaged; fetch the file again");
  }

  RawFile file_;
  std::vector<char> out_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool input_ended_ = false;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> open_bytes(const std::filesystem::path& path) {
  using std::string_view_literals::operator""sv;
  RawFile file(path);
  const std::string_view head(file.chunk().data(), file.chunk().size());
  if (head.starts_with("\x1f\x8b"sv)) {
    return std::make_unique<GzipSource>(std::move(file));
  }
  if (head.starts_with("\xfd\x37\x7a\x58\x5a\x00"sv)) {
    return std::make_unique<XzSource>(std::move(file));
  }
  return std::make_unique<PlainSource>(std::move(file));
}

}  // namespace annulet::model
