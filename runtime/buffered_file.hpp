/// A growing text file that reaches the disk in few large writes and never throws.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/descriptor.hpp"

namespace annulet::runtime {

/// After the first failure nothing more is written and problem() says why: a log must not end the
/// run it is about.
class BufferedFile final {
 public:
  /// What becomes of a file that is there already.
  enum class Opening { emptied, appended_to };

  explicit BufferedFile(std::filesystem::path path, Opening opening = Opening::emptied);
  BufferedFile(const BufferedFile&) = delete;
  BufferedFile& operator=(const BufferedFile&) = delete;
  /// Writes what is still waiting.
  ~BufferedFile();

  /// Keeps `text` until flush(), or until 64 KiB wait.
  void append(std::string_view text);
  void flush();
  /// "cannot write PATH: why", or empty.
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

 private:
  std::filesystem::path path_;
  std::optional<Descriptor> file_;
  std::string waiting_;
  std::string problem_;
};

}  // namespace annulet::runtime
