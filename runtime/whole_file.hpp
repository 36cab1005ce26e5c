/// A file that is written piece by piece, and is there whole or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/descriptor.hpp"

namespace annulet::runtime {

/// The pieces go to `path`.tmp, which takes the name at the end and until then can be dropped: what
/// was at `path` before stays what it was. A device or a pipe is written to as it is. All throw
/// FileError, "cannot write PATH: why"; when it was the folder that could not be synced, the new
/// file has its name already.
class WholeFile final {
 public:
  explicit WholeFile(std::filesystem::path path);
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;
  /// Without commit() nothing stays.
  ~WholeFile();

  void write(std::string_view text);
  /// The file is on disk under its name when this returns.
  void commit();

 private:
  template <class Action>
  void attempt(Action action);

  std::filesystem::path path_, temporary_;  // the second is empty where there is none
  std::optional<Descriptor> file_;
};

}  // namespace annulet::runtime
