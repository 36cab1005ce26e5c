/// What annulet.service cannot reach, by its unit and by permissions.
#include "runtime/service_view.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "tests/support/temporary_folder.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(service_view)

namespace {

namespace fs = std::filesystem;

struct Root {
  tests::TemporaryFolder folder;

  [[nodiscard]] fs::path at(const std::string& path) const { return folder.path() / path; }
  fs::path put(const std::string& path, const std::string& text = "1 1:2\n",
               fs::perms mode = fs::perms(0644)) const {
    fs::create_directories(at(path).parent_path());
    std::ofstream(at(path)) << text;
    fs::permissions(at(path), mode);
    return at(path);
  }
  [[nodiscard]] std::string read(const fs::path& path) const {
    return ServiceView(folder.path()).cannot_read(path).value_or("");
  }
  [[nodiscard]] std::string write(const std::string& path) const {
    return ServiceView(folder.path()).cannot_write(at(path)).value_or("");
  }
  /// So that the service is this user, of the group `group`.
  void be_the_service(gid_t group = ::getegid()) const {
    put("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nannulet:x:" + std::to_string(::geteuid()) +
                          ":" + std::to_string(group) + "::/:/usr/sbin/nologin\n");
  }
  void edit_unit() const {
    put("etc/systemd/system/annulet.service.d/override.conf", "[Service]\nProtectHome=no\n");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_everybody_may_read_it_may_read, Root) {
  BOOST_TEST(read(put("srv/annulet/rows.libsvm")) == "");
  BOOST_TEST(read(at("srv/annulet")) == "");
  BOOST_TEST(read(put("homework/rows.libsvm")) == "");
}

BOOST_FIXTURE_TEST_CASE(its_unit_hides_homes_and_temporary_files, Root) {
  for (const std::string hidden : {"/home", "/root", "/run/user", "/tmp", "/var/tmp"}) {
    const auto file = put(hidden.substr(1) + "/pi/rows.libsvm");
    BOOST_TEST(read(file) == "annulet.service does not see what is in " + hidden);
  }
  fs::create_symlink(at("home/pi"), at("data"));
  BOOST_TEST(read(at("data/rows.libsvm")) == "annulet.service does not see what is in /home");
  edit_unit();
  BOOST_TEST(read(at("data/rows.libsvm")) == "");
}

BOOST_FIXTURE_TEST_CASE(what_is_closed_to_others_is_closed_to_it, Root) {
  const auto file = put("srv/rows.libsvm", "1 1:2\n", fs::perms(0600));
  BOOST_TEST(read(file) == file.string() + " is closed to the user of annulet.service");
  be_the_service();
  BOOST_TEST(read(file) == "");
  fs::permissions(file, fs::perms(0044));
  BOOST_TEST(read(file) != "");
  fs::permissions(file, fs::perms(0644));
  fs::remove(at("etc/passwd"));
  fs::permissions(at("srv"), fs::perms(0744));
  BOOST_TEST(read(file) == at("srv").string() + " is closed to the user of annulet.service");
}

BOOST_FIXTURE_TEST_CASE(it_writes_below_its_state_only, Root) {
  BOOST_TEST(write("var/lib/annulet/runs") == "");
  BOOST_TEST(write("mnt/ssd/runs") == "annulet.service writes below /var/lib/annulet only");
  edit_unit();
  fs::create_directories(at("mnt/ssd"));
  fs::permissions(at("mnt/ssd"), fs::perms(0755));
  BOOST_TEST(write("mnt/ssd/runs") ==
             at("mnt/ssd").string() + " is closed to the user of annulet.service");
  be_the_service();
  BOOST_TEST(write("mnt/ssd/runs") == "");
}

BOOST_FIXTURE_TEST_CASE(its_data_are_judged_as_it_finds_them, Root) {
  const ServiceView view(folder.path());
  BOOST_TEST(
      (check_data_of_service(view, put("srv/rows.libsvm")).verdict == Finding::Verdict::fine));
  const auto hidden = check_data_of_service(view, put("home/pi/my rows.libsvm"));
  BOOST_TEST((hidden.verdict == Finding::Verdict::stops));
  BOOST_TEST(hidden.command == "sudo install -D -m 644 '" + at("home/pi/my rows.libsvm").string() +
                                   "' '/srv/annulet/my rows.libsvm'");
  BOOST_TEST(
      (check_data_of_service(view, at("none")).found.find("No such file") != std::string::npos));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
