/// The unit's sandbox (packaging/annulet.service), and permissions, one folder after the other.
#include "runtime/service_view.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "runtime/disk_trial.hpp"
#include "runtime/short_file.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 300;
constexpr unsigned kRead = 4, kWrite = 2, kPass = 1;  // of a permission's three bits
constexpr std::string_view kState = "/var/lib/annulet";
// ProtectHome and PrivateTmp.
constexpr auto kHidden =
    std::to_array<std::string_view>({"/home", "/root", "/run/user", "/tmp", "/var/tmp"});

/// Both absolute and without links.
bool lies_below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool has_files(const fs::path& folder) {
  std::error_code failed;
  const fs::directory_iterator first(folder, failed);
  return !failed && first != fs::directory_iterator();
}

/// The field of "annulet:x:UID:GID:..." that begins at `at`, which then is behind it.
std::optional<unsigned> number_at(std::string_view line, std::size_t& at) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(line.data() + at, line.data() + line.size(), number);
  if (error != std::errc{}) return std::nullopt;
  at = static_cast<std::size_t>(end - line.data()) + 1;
  return number;
}

}  // namespace

// getpwnam() would need glibc's modules, which a static program does without.
ServiceView::ServiceView(const fs::path& root)
    : root_(root == "/" ? std::string() : real_path(root).string()),
      is_as_shipped_(!has_files(root / "etc/systemd/system/annulet.service.d")) {
  constexpr std::string_view kUser = "\nannulet:x:";
  constexpr std::size_t kMost = std::size_t{1} << 20U;
  const auto file = root / "etc/passwd";
  std::error_code failed;
  if (!fs::is_regular_file(file, failed) || ::access(file.c_str(), R_OK) != 0) return;
  const auto passwd = '\n' + read_short_file(file, kMost);
  auto at = passwd.find(kUser);
  if (at == std::string::npos) return;
  at += kUser.size();
  const auto user = number_at(passwd, at);
  const auto group = user ? number_at(passwd, at) : std::nullopt;
  if (group) user_ = {*user, *group};
}

/// Without the root.
std::string ServiceView::seen(const fs::path& path) const {
  const auto whole = real_path(path).string();
  return lies_below(whole, root_) ? whole.substr(root_.size()) : whole;
}

bool ServiceView::may(const std::string& path, unsigned how) const {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return true;  // not known
  constexpr unsigned kUserBits = 6, kGroupBits = 3;
  const bool is_its_own = user_ && user_->user == about.st_uid;
  const bool is_its_groups = user_ && user_->group == about.st_gid;
  const unsigned bits = about.st_mode >> (is_its_own ? kUserBits : is_its_groups ? kGroupBits : 0U);
  return (bits & how) == how;
}

/// The first folder on the way that may not be passed, or the path itself.
std::optional<std::string> ServiceView::closed(const fs::path& path, unsigned last) const {
  const auto target = seen(path);
  for (std::size_t end = 0; end != std::string::npos;) {
    end = target.find('/', end + 1);
    const auto at = root_ + target.substr(0, end);
    if (!may(at, end == std::string::npos ? last : kPass)) {
      return printable(at, kLongestName) + " is closed to the user of annulet.service";
    }
  }
  return std::nullopt;
}

std::optional<std::string> ServiceView::cannot_read(const fs::path& path) const {
  const auto target = seen(path);
  const auto* hidden = std::ranges::find_if(
      kHidden, [&target](std::string_view folder) { return lies_below(target, folder); });
  if (is_as_shipped_ && hidden != kHidden.end()) {
    return "annulet.service does not see what is in " + std::string(*hidden);
  }
  std::error_code failed;
  return closed(path, fs::is_directory(path, failed) ? kRead | kPass : kRead);
}

std::optional<std::string> ServiceView::cannot_write(const fs::path& folder) const {
  if (lies_below(seen(folder), kState))
    return std::nullopt;  // systemd makes it, and gives it to it
  if (is_as_shipped_) return "annulet.service writes below " + std::string(kState) + " only";
  return closed(nearest_folder(folder), kRead | kWrite | kPass);
}

Finding check_data_of_service(const ServiceView& view, const fs::path& path) {
  auto finding = check_data(path);
  const auto why = view.cannot_read(path);
  if (finding.verdict != Finding::Verdict::fine || !why) return finding;
  const auto place = "/srv/annulet/" + path.filename().string();
  std::error_code failed;
  const bool is_folder = fs::is_directory(path, failed);
  finding.verdict = Finding::Verdict::stops;
  finding.found = printable(path.string(), kLongestName) + ": " + *why;
  finding.mend = "Copy them, and name the copy in the device file:";
  finding.command =
      is_folder ? "sudo mkdir -p /srv/annulet && sudo cp -r " + shell_word(path.string()) +
                      " /srv/annulet && sudo chmod -R a+rX /srv/annulet"
                : "sudo install -D -m 644 " + shell_word(path.string()) + ' ' + shell_word(place);
  return finding;
}

Finding check_disk_of_service(const ServiceView& view, const fs::path& folder,
                              const devices::Clock& clock) {
  const auto why = view.cannot_write(folder);
  if (!why) return check_disk(folder, clock);
  return {.what = "disk",
          .verdict = Finding::Verdict::stops,
          .found = printable(folder.string(), kLongestName) + ": " + *why,
          .mend =
              "Allow it, as docs/service.md says (\"Results on another disk\"), or leave folder "
              "out of the device file:",
          .command = "sudo systemctl edit annulet"};
}

}  // namespace annulet::runtime
