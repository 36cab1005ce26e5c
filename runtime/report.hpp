/// The page of plots: one HTML file that needs no network, of one run or of several compared.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "devices/error_code.hpp"
#include "runtime/json_writer.hpp"

namespace annulet::runtime {

/// The folder given is not the folder of a run. what() is one line that says which file is missing.
class ReportError : public devices::UserError {
 public:
  explicit ReportError(const std::string& sentence)
      : UserError(devices::ErrorCode::no_run_folder, sentence) {}
};

/// What a page shows of one run: the text of its files. The page's own script reads them, nothing
/// here does.
struct RunFolder {
  std::string name;  // what the page calls the run
  std::string rounds_csv;
  std::string log_jsonl;  // without the lines of rounds, which rounds_csv has
  std::string config_toml;
};

/// Reads rounds.csv, log.jsonl and config.toml of a run; its name is the folder's. Throws
/// ReportError when one of them is missing or larger than 64 MB.
[[nodiscard]] RunFolder read_run_folder(const std::filesystem::path& folder);

/// The page: template, style, chart library, script and data in one text. Ratios on it are against
/// the first run. Text from the runs cannot break out of the page's data. ablation: what
/// ablation_objects() gives, for a table of what each option contributed; empty: no such table.
[[nodiscard]] std::string make_report(std::span<const RunFolder> runs,
                                      std::span<const JsonObject> ablation = {});

/// read_run_folder and make_report into `file`. Throws ReportError, or FileError when the file
/// cannot be written.
void write_report(std::span<const std::filesystem::path> folders, const std::filesystem::path& file,
                  std::span<const JsonObject> ablation = {});

}  // namespace annulet::runtime
