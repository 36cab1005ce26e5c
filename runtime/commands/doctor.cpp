/// annulet doctor: what of this box would hurt a run, and what to type about it.
#include "runtime/doctor.hpp"

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>
#include <asio/io_context.hpp>

#include "devices/box.hpp"
#include "devices/service.hpp"
#include "devices/steady_clock.hpp"
#include "runtime/commands/commands.hpp"
#include "runtime/commands/console.hpp"
#include "runtime/commands/ending.hpp"
#include "runtime/commands/number_option.hpp"
#include "runtime/commands/text_option.hpp"
#include "runtime/endpoint_text.hpp"
#include "runtime/run_file_names.hpp"
#include "runtime/service_view.hpp"
#include "runtime/short_file.hpp"
#include "runtime/text.hpp"
#include "runtime/wall_time.hpp"
#include "transport/tcp_network.hpp"

namespace annulet::runtime {
namespace {

constexpr const char* kRoot = "/";
constexpr const char* kDeviceFile = "etc/annulet/annulet.toml";  // below the root
constexpr const char* kServiceFolder = "var/lib/annulet";
constexpr const char* kFolder = "runs";

struct DoctorArguments {
  std::string data, folder, config, listen = "0.0.0.0:7077", root = kRoot;
  std::optional<std::int64_t> clock;
  bool json = false;
};

using Verdict = Finding::Verdict;

DeviceUses uses_of(const DoctorArguments& options) {
  const auto at = parse_endpoint(options.listen);
  if (at) return {options.data, options.folder, *at};
  throw UsageError(ErrorCode::bad_option, "--listen " + printable(options.listen) +
                                              ": give ADDR:PORT, such as 0.0.0.0:7077");
}

/// systemd's own word where it keeps the clock; else the kernel's, which is of the box itself.
std::optional<bool> clock_is_kept(const std::filesystem::path& root) {
  std::error_code unknown;
  if (std::filesystem::exists(root / "run/systemd/timesync/synchronized", unknown)) return true;
  return root == kRoot ? devices::clock_is_kept() : false;
}

/// What the service's device file says, where there is one.
std::optional<Settings> settings_of(const DoctorArguments& options) {
  auto file = std::filesystem::path(options.root) / kDeviceFile;
  std::error_code unknown;
  if (!options.config.empty()) {
    file = options.config;
  } else if (!std::filesystem::exists(file, unknown)) {
    return std::nullopt;
  }
  auto settings = check_settings(file);
  if (!settings.folder.empty()) {
    settings.folder = std::filesystem::path(options.root) / kServiceFolder / settings.folder;
  }
  return settings;
}

/// The data and the disk: those of the options, else the service's, judged as it would find them.
void look_at_files(const DeviceUses& uses, const Settings& service, const ServiceView& view,
                   const devices::Clock& clock, std::vector<Finding>& findings) {
  // Of what is the service's this user may know nothing.
  if (!uses.data.empty()) {
    findings.push_back(check_data(uses.data));
  } else if (!service.data.empty() && !is_closed_to_us(service.data)) {
    findings.push_back(check_data_of_service(view, service.data));
  }
  const bool is_the_services = uses.folder.empty() && !service.folder.empty();
  if (is_the_services && (::access(service.folder.c_str(), W_OK) == 0 ||
                          view.cannot_write(service.folder).has_value())) {
    findings.push_back(check_disk_of_service(view, service.folder, clock));
  } else {
    findings.push_back(check_disk(uses.folder.empty() ? kFolder : uses.folder, clock));
  }
}

std::vector<Finding> look(const DoctorArguments& options, const devices::Box& box) {
  const auto uses = uses_of(options);
  asio::io_context context;
  const devices::SteadyClock clock(context.get_executor());
  transport::TcpNetwork network(context.get_executor());
  auto findings = check_box(box);
  findings.push_back(check_service(devices::look_at_service(options.root)));
  const auto settings = settings_of(options);
  if (settings) findings.push_back(settings->finding);
  findings.push_back(check_port(uses.listen, [&network](const transport::Endpoint& at) {
    static_cast<void>(network.listen(at));
  }));
  findings.push_back(
      check_clock(options.clock.value_or(unix_seconds()), clock_is_kept(options.root)));
  look_at_files(uses, settings.value_or(Settings{}), ServiceView(options.root), clock, findings);
  return findings;
}

JsonObject object_of(const Finding& finding) {
  JsonObject object;
  object.add("what", finding.what)
      .add("verdict", finding.verdict == Verdict::fine    ? "fine"
                      : finding.verdict == Verdict::hurts ? "hurts"
                                                          : "stops")
      .add("found", finding.found);
  if (!finding.mend.empty()) object.add("mend", finding.mend);
  if (!finding.command.empty()) object.add("command", finding.command);
  for (const auto& [name, value] : finding.figures) {
    const auto whole = static_cast<std::int64_t>(value);  // counts of bytes are no 2.1e+10
    if (static_cast<double>(whole) == value) {
      object.add(name, whole);
    } else {
      object.add(name, value);
    }
  }
  return object;
}

std::vector<std::string_view> named(const std::vector<Finding>& findings, Verdict verdict) {
  std::vector<std::string_view> names;
  for (const auto& finding : findings) {
    if (finding.verdict == verdict) names.emplace_back(finding.what);
  }
  return names;
}

void print(const devices::Box& box, const std::vector<Finding>& findings) {
  std::cout << text_of(box) << '\n';
  for (const auto& finding : findings) std::cout << text_of(finding);
  const auto hurts = named(findings, Verdict::hurts);
  if (!hurts.empty()) {
    std::cout << "\nWould hurt a run: " << listed(hurts, "and") << ".\n";
  } else if (named(findings, Verdict::stops).empty()) {
    std::cout << "\nNothing here would hurt a run.\n";
  }
  std::cout << std::flush;  // before what goes to standard error
}

void examine(const DoctorArguments& options, Ending& ending) {
  std::error_code unknown;
  if (!std::filesystem::is_directory(options.root, unknown)) {
    throw UsageError(ErrorCode::bad_option,
                     "--root " + printable(options.root) + ": give a folder that is there");
  }
  const auto box = devices::look_at_box(options.root);
  const auto findings = look(options, box);
  std::vector<JsonObject> objects;
  objects.reserve(findings.size());
  for (const auto& finding : findings) objects.push_back(object_of(finding));
  ending.run.exit_reason = "done";
  ending.more.add("board", box.board)
      .add("cpu", box.cpu)
      .add("cores", box.cores)
      .add("features", std::span<const std::string>(box.features))
      .add("findings", std::span<const JsonObject>(objects));
  if (!options.json) print(box, findings);
  const auto stops = named(findings, Verdict::stops);
  if (stops.empty()) return;
  throw devices::UserError(
      ErrorCode::box_not_ready,
      "would stop a run here: " + listed(stops, "and") +
          (options.json ? ". The key findings says" : ". The lines above say") +
          std::string(" what is wrong, and what to type"));
}

}  // namespace

void add_doctor_command(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<DoctorArguments>();
  auto* command = program.add_subcommand(
      "doctor", "What of this box would hurt a run, and what to type about it");
  command->footer("Example: annulet doctor --data /srv/annulet/rows.libsvm");
  text_option(*command, options->data,
              {.name = "--data",
               .type = "PATH",
               .about = "This device's own data (default: what /etc/annulet/annulet.toml names)"});
  text_option(
      *command, options->config,
      {.name = "--config",
       .type = "FILE",
       .about = "The device file of the service (default: /etc/annulet/annulet.toml, where it is "
                "there)"});
  text_option(
      *command, options->folder,
      {.name = "--folder",
       .type = "DIR",
       .about = "Where results are to be written (default: the service's folder, where you may "
                "write there, else runs)"});
  text_option(
      *command, options->listen,
      {.name = "--listen", .type = "ADDR:PORT", .about = "Where a run started here would listen"});
  add_json_option(*command, options->json);
  text_option(*command, options->root,
              {.name = "--root",
               .type = "DIR",
               .about = "To try it out: look for the files of kernel and systemd below DIR"});
  constexpr std::int64_t kLastSecond = 253402300799;  // of the year 9999
  auto* clock = command
                    ->add_option("--clock", options->clock,
                                 "To try it out: seconds since 1970 in place of the clock's")
                    ->type_name("SECONDS");
  whole_within(*clock, 0, kLastSecond);
  when_chosen<examine>(*command, options, options->json, exit_code);
}

}  // namespace annulet::runtime
