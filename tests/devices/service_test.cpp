/// What the files of systemd say of the service.
#include "devices/service.hpp"

#include <filesystem>
#include <fstream>

#include <boost/test/unit_test.hpp>

#include "tests/support/temporary_folder.hpp"

namespace annulet::devices {
BOOST_AUTO_TEST_SUITE(service)

namespace {

class System {
 public:
  void folder(const std::string& name) const { std::filesystem::create_directories(path() / name); }
  void unit(const std::string& name) const {
    std::filesystem::create_directories((path() / name).parent_path());
    std::ofstream(path() / name) << "[Unit]\n";
  }
  void link(const std::string& name, const std::string& to) const {
    std::filesystem::create_directories((path() / name).parent_path());
    std::filesystem::create_symlink(to, path() / name);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

 private:
  tests::TemporaryFolder folder_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_box_without_systemd_has_none) {
  const System system;
  BOOST_TEST((look_at_service(system.path()) == Service{}));
  system.folder("run/systemd/system");
  BOOST_TEST((look_at_service(system.path()) == Service{.systemd = true}));
}

BOOST_AUTO_TEST_CASE(it_is_installed_enabled_and_running) {
  const System system;
  system.folder("run/systemd/system");
  system.unit("lib/systemd/system/annulet.service");
  BOOST_TEST((look_at_service(system.path()) == Service{.systemd = true, .installed = true}));
  // As `systemctl enable` makes it, which leads nowhere below another root.
  system.link("etc/systemd/system/multi-user.target.wants/annulet.service",
              "/lib/systemd/system/annulet.service");
  BOOST_TEST((look_at_service(system.path()) ==
              Service{.systemd = true, .installed = true, .enabled = true}));
  system.folder("sys/fs/cgroup/system.slice/annulet.service");
  BOOST_TEST((look_at_service(system.path()) ==
              Service{.systemd = true, .installed = true, .enabled = true, .running = true}));
}

BOOST_AUTO_TEST_CASE(a_mask_is_a_link_to_nothing) {
  const System system;
  system.link("etc/systemd/system/annulet.service", "/dev/null");
  BOOST_TEST((look_at_service(system.path()) == Service{.installed = true, .masked = true}));
}

BOOST_AUTO_TEST_CASE(another_service_is_not_ours) {
  const System system;
  system.unit("lib/systemd/system/annulet2.service");
  system.link("etc/systemd/system/multi-user.target.wants/annulet2.service", "/dev/null");
  system.link("etc/systemd/system/annulet.service.d/annulet.service", "/dev/null");
  BOOST_TEST((look_at_service(system.path()) == Service{}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::devices
