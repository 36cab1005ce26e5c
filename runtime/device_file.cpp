/// From settings to a DeviceFile.
#include "runtime/device_file.hpp"

#include <array>
#include <variant>

#include "runtime/endpoint_text.hpp"
#include "runtime/run_config.hpp"
#include "runtime/run_file_data.hpp"
#include "runtime/run_file_reader.hpp"
#include "runtime/run_file_settings.hpp"
#include "runtime/short_file.hpp"
#include "transport/messages.hpp"

namespace annulet::runtime {
namespace {

constexpr auto kDeviceSections = std::to_array<std::string_view>({"device"});
constexpr auto kDeviceKeys = std::to_array<std::string_view>(
    {"device.starter", "device.data", "device.name", "device.token", "device.folder"});

constexpr std::string_view kStarterExample = R"(starter = "192.168.1.20:7077")";

/// Where the device listens that starts runs: not filled in is as wrong as missing.
transport::Endpoint read_starter(const RunFileReader& reader) {
  constexpr std::string_view kMustBe =
      R"(the ADDR:PORT of the device that types annulet run, such as "192.168.1.20:7077")";
  reader.require("device.starter", kStarterExample);
  const auto starter = parse_endpoint(reader.text("device.starter", kMustBe).value_or(""));
  if (!starter || starter->port == 0) RunFileReader::fail(*reader.find("device.starter"), kMustBe);
  return *starter;
}

std::string read_name(const RunFileReader& reader) {
  const auto must_be = "1 to " + std::to_string(transport::kMaxName) + " bytes in quotes";
  const auto name = reader.text("device.name", must_be);
  if (name && (name->empty() || name->size() > transport::kMaxName)) {
    RunFileReader::fail(*reader.find("device.name"), must_be);
  }
  return name.value_or("");
}

/// What is wrong with it is said without showing it: messages go to logs that many may read.
std::string read_token(const RunFileReader& reader) {
  const auto* setting = reader.find("device.token");
  if (setting == nullptr) return {};
  const auto* token = std::get_if<std::string>(&setting->value);
  if (token == nullptr || token->empty() || token->size() > transport::kMaxName) {
    throw ConfigError(ErrorCode::bad_value,
                      setting->where + ": device.token is no word of 1 to " +
                          std::to_string(transport::kMaxName) +
                          " bytes in quotes: give the one of annulet run --token, or leave it out");
  }
  return *token;
}

}  // namespace

DeviceFile read_device_file(const std::filesystem::path& file) {
  const auto text = read_settings_file(
      file, is_closed_to_us(file)
                ? "give it to the user that this runs as, such as sudo chown annulet FILE "
                  "(docs/service.md)"
                : "write " + std::string(kStarterExample) +
                      " below a line [device] in it, or name another file with --config");
  return parse_device_file(text, file.string(), std::filesystem::absolute(file).parent_path());
}

DeviceFile parse_device_file(std::string_view text, std::string_view name,
                             const std::filesystem::path& folder) {
  const RunFileReader reader(
      read_settings(text, name), std::string(name),
      {.file = "a device file", .sections = kDeviceSections, .keys = kDeviceKeys});
  DeviceFile device;
  device.starter = read_starter(reader);
  device.data = read_path(reader, "device.data", folder, "the path of a file or folder");
  device.name = read_name(reader);
  device.token = read_token(reader);
  constexpr std::string_view kFolder = "the path of a folder";
  const auto results = reader.text("device.folder", kFolder);
  if (!results) return device;
  if (results->empty() || results->find('\0') != std::string::npos) {
    RunFileReader::fail(*reader.find("device.folder"), kFolder);
  }
  device.folder = *results;
  return device;
}

}  // namespace annulet::runtime
