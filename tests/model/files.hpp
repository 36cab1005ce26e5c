/// Files that tests write for themselves, and the two packings that readers have to open.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <vector>

#include <lzma.h>
#include <zlib.h>

#include "model/dataset.hpp"

namespace annulet::tests {

/// A fresh folder that goes, with all in it, at the end of the test.
class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "annulet-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw std::runtime_error("no temporary folder");
    }
    path_ = name;
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path write(const std::string& name, std::string_view bytes) const {
    auto file = path_ / name;
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
  }

 private:
  std::filesystem::path path_;
};

[[nodiscard]] inline std::uint8_t* unsigned_bytes(std::string& text) {
  return static_cast<std::uint8_t*>(static_cast<void*>(text.data()));
}

/// The text as one gzip member.
[[nodiscard]] inline std::string gzip(std::string text) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("no gzip");
  }
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = unsigned_bytes(text);
  stream.avail_in = static_cast<unsigned>(text.size());
  stream.next_out = unsigned_bytes(out);
  stream.avail_out = static_cast<unsigned>(out.size());
  const bool complete = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return complete ? out : throw std::runtime_error("gzip failed");
}

/// The text as one xz stream; preset 9 needs 65 MiB to be decompressed.
[[nodiscard]] inline std::string xz(std::string text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t size = 0;
  if (lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr, unsigned_bytes(text), text.size(),
                              unsigned_bytes(out), &size, out.size()) != LZMA_OK) {
    throw std::runtime_error("xz failed");
  }
  out.resize(size);
  return out;
}

/// What a reader complains of; empty when it does not.
[[nodiscard]] inline std::string complaint(const std::function<void()>& read) {
  try {
    read();
  } catch (const model::DataError& error) {
    return error.what();
  }
  return {};
}

}  // namespace annulet::tests
