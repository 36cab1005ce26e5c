/// xz, by liblzma.
#include <utility>
#include <vector>

#include <lzma.h>

#include "model/raw_file.hpp"

namespace annulet::model {
namespace {

constexpr std::uint64_t kXzMemory = 256ULL << 20;

class XzSource final : public ByteSource {
 public:
  explicit XzSource(RawFile file) : file_(std::move(file)), out_(kChunk) {
    if (lzma_stream_decoder(&stream_, kXzMemory, LZMA_CONCATENATED) != LZMA_OK) {
      refuse_file(file_.path(), ErrorCode::out_of_memory,
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
      refuse_file(file_.path(), ErrorCode::data_damaged,
                  "the xz data end too early; fetch the file again");
    }
    if (result == LZMA_MEMLIMIT_ERROR) {
      refuse_file(file_.path(), ErrorCode::out_of_memory,
                  "needs over 256 MiB to be decompressed; compress it with xz -6");
    }
    if (result == LZMA_MEM_ERROR) {
      refuse_file(file_.path(), ErrorCode::out_of_memory,
                  "no memory left to decompress it; unpack it first");
    }
    refuse_file(file_.path(), ErrorCode::data_damaged,
                "the xz data are damaged; fetch the file again");
  }

  RawFile file_;
  std::vector<char> out_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool input_ended_ = false;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> xz_source(RawFile file) {
  return std::make_unique<XzSource>(std::move(file));
}

}  // namespace annulet::model
