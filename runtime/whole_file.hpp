/// A file that is written piece by piece, and is there whole or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/descriptor.hpp"

namespace annulet::runtime {

/// What to do about a file that has the name already: take its place at the end, or fail, also when
/// another process makes it meanwhile.
enum class FileThere { is_replaced, is_kept };

/// The pieces go to `path`.tmp, or where that is taken `path`.tmp-2 and so on, which takes the name
/// at the end and until then can be dropped: what was at `path` before stays what it was. A device
/// or a pipe is written to as it is. All throw FileError, "cannot write PATH: why"; when it was the
/// folder that could not be synced, the new file has its name already.
class WholeFile final {
 public:
  explicit WholeFile(std::filesystem::path path, FileThere there = FileThere::is_replaced);
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
  void take_name();

  std::filesystem::path path_, temporary_;  // the second is empty where there is none
  FileThere there_;
  std::optional<Descriptor> file_;
};

}  // namespace annulet::runtime
