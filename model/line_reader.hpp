/// Cuts a stream of bytes into lines, without holding more than one of them.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/byte_source.hpp"

namespace annulet::model {

inline constexpr std::size_t kMaxLine = std::size_t{1} << 20;

class LineReader {
 public:
  /// `name` is the file's, for messages.
  LineReader(std::unique_ptr<ByteSource> source, std::string name);

  /// The bytes not yet cut into lines, at the start the file's first 64 KiB, without a byte order
  /// mark.
  [[nodiscard]] std::string_view ahead() const noexcept { return rest_; }
  /// The next line without its end (LF or CR LF), valid until the next call; nullopt at the end.
  /// Throws DataError for a line of more than kMaxLine bytes.
  [[nodiscard]] std::optional<std::string_view> next();
  /// The file's name, for messages.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// The 1-based number of the line that next() gave.
  [[nodiscard]] std::size_t number() const noexcept { return number_; }

 private:
  void refill();
  void append(std::string_view part);

  std::unique_ptr<ByteSource> source_;
  std::string name_;
  std::string_view rest_;
  std::string carry_;  // the start of a line that runs over the end of a chunk
  std::size_t number_ = 0;
};

}  // namespace annulet::model
