/// gzip, by zlib.
#include <utility>
#include <vector>

#include <zlib.h>

#include "model/raw_file.hpp"

namespace annulet::model {
namespace {

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(RawFile file) : file_(std::move(file)), out_(kChunk) {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) {
      refuse_file(file_.path(), ErrorCode::out_of_memory,
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
        refuse_file(file_.path(), ErrorCode::data_damaged,
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
      refuse_file(file_.path(), ErrorCode::data_damaged,
                  "the gzip data end too early; fetch the file again");
    }
    return false;
  }

  void start_next_member() {
    constexpr std::uint8_t kMagic = 0x1f;
    if (*stream_.next_in != kMagic) {
      refuse_file(file_.path(), ErrorCode::data_damaged,
                  "something that is not gzip follows the gzip data; fetch the file again");
    }
    inflateReset(&stream_);
  }

  RawFile file_;
  std::vector<char> out_;
  z_stream stream_{};
  bool member_ended_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> gzip_source(RawFile file) {
  return std::make_unique<GzipSource>(std::move(file));
}

}  // namespace annulet::model
