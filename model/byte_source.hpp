/// A file as a stream of decompressed bytes: plain, gzip or xz, told apart by its first bytes.
#pragma once

#include <filesystem>
#include <memory>
#include <span>

namespace annulet::model {

class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// The next bytes, valid until the next call: 64 KiB of them but for the last ones, none at the
  /// end. Throws DataError where the compressed stream is cut short or damaged.
  [[nodiscard]] virtual std::span<const char> next() = 0;
};

/// Several gzip members or xz streams in one file count as one. Throws DataError where there is no
/// such file, it is a folder, it may not be read, or it asks for over 256 MiB to be decompressed.
[[nodiscard]] std::unique_ptr<ByteSource> open_bytes(const std::filesystem::path& path);

}  // namespace annulet::model
