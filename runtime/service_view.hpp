/// What of this box annulet.service cannot reach, though who asks may: by its unit and its user.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>

#include "runtime/doctor.hpp"

namespace annulet::runtime {

/// Reads below `root`, which is / but in tests. Where the administrator has added to the unit
/// (`systemctl edit annulet`) only permissions are judged: what was added may open any place.
class ServiceView {
 public:
  explicit ServiceView(const std::filesystem::path& root = "/");

  /// Why the service could not read that file or folder; nullopt: nothing speaks against it.
  [[nodiscard]] std::optional<std::string> cannot_read(const std::filesystem::path& path) const;
  /// Why it could not write in that folder, which need not be there yet; as above.
  [[nodiscard]] std::optional<std::string> cannot_write(const std::filesystem::path& folder) const;

 private:
  struct User {
    uid_t user;
    gid_t group;
  };

  [[nodiscard]] std::string seen(const std::filesystem::path& path) const;
  [[nodiscard]] std::optional<std::string> closed(const std::filesystem::path& path,
                                                  unsigned last) const;
  [[nodiscard]] bool may(const std::string& path, unsigned how) const;

  std::string root_;  // without links; "" for /
  bool is_as_shipped_;
  std::optional<User> user_;  // a fixed one; else systemd takes any free number
};

/// As check_data and check_disk, for what the service's device file names.
[[nodiscard]] Finding check_data_of_service(const ServiceView& view,
                                            const std::filesystem::path& path);
[[nodiscard]] Finding check_disk_of_service(const ServiceView& view,
                                            const std::filesystem::path& folder,
                                            const devices::Clock& clock);

}  // namespace annulet::runtime
