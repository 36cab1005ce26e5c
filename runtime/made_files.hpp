/// Files and folders that go again unless the whole that they belong to comes about.
#pragma once

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace annulet::runtime {

class MadeFiles final {
 public:
  MadeFiles() = default;
  MadeFiles(const MadeFiles&) = delete;
  MadeFiles& operator=(const MadeFiles&) = delete;
  ~MadeFiles() {
    std::error_code ignored;
    for (const auto& path : paths_) std::filesystem::remove_all(path, ignored);
  }

  /// Only what this process itself has made: of a folder all that is in it goes too.
  void add(std::filesystem::path path) { paths_.push_back(std::move(path)); }
  /// They stay.
  void keep() noexcept { paths_.clear(); }

 private:
  std::vector<std::filesystem::path> paths_;
};

}  // namespace annulet::runtime
