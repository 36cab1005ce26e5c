/// A data file as it is on disk, and what unpacks it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "model/byte_source.hpp"
#include "model/dataset.hpp"

namespace annulet::model {

inline constexpr std::size_t kChunk = 64 * 1024;

/// Throws DataError, "PATH: what".
[[noreturn]] void refuse_file(const std::filesystem::path& path, ErrorCode error,
                              std::string_view what);

/// zlib and liblzma speak of unsigned bytes, text parsers of characters.
inline std::uint8_t* bytes(char* text) {
  return static_cast<std::uint8_t*>(static_cast<void*>(text));
}

/// The bytes as they are on disk.
class RawFile {
 public:
  /// With the first chunk. Throws DataError.
  explicit RawFile(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::span<char> chunk() { return std::span(buffer_).first(size_); }

  /// Brings the next chunk; false at the end of the file. Throws DataError.
  bool refill();

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::filesystem::path path_;
  std::vector<char> buffer_;
  std::size_t size_ = 0;
  std::unique_ptr<std::FILE, CloseFile> file_;
};

/// What unpacks it. A build without zlib or without liblzma has a source that throws DataError at
/// once (model/without/).
[[nodiscard]] std::unique_ptr<ByteSource> gzip_source(RawFile file);
[[nodiscard]] std::unique_ptr<ByteSource> xz_source(RawFile file);

}  // namespace annulet::model
