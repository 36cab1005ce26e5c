/// What annulet.service is told to do on this box.
#include "runtime/device_file.hpp"
#include "runtime/doctor.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {

Settings check_settings(const std::filesystem::path& file) {
  Settings settings{.finding = {.what = "settings"}};
  try {
    const auto device = read_device_file(file);
    settings.data = device.data.string();
    settings.finding.found = "takes part in the runs of " + printable(device.starter.text());
  } catch (const std::exception& error) {
    settings.finding.verdict = Finding::Verdict::hurts;
    settings.finding.found = error.what();
    settings.finding.mend = "annulet.service joins no run so. Mend the file, then start it again:";
    settings.finding.command =
        "sudo editor " + printable(file.string(), 500) + " && sudo systemctl restart annulet";
  }
  return settings;
}

}  // namespace annulet::runtime
