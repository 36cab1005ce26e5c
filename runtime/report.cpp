/// The page of plots: one HTML file that needs no network, of one run or of several compared.
#include "runtime/report.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "runtime/json_writer.hpp"
#include "runtime/page.hpp"
#include "runtime/whole_file.hpp"

// The bytes of the files that annulet_embed() of cmake/Embed.cmake put into this library.
extern "C" {
extern const char annulet_report_html_begin[], annulet_report_html_end[];
extern const char annulet_report_css_begin[], annulet_report_css_end[];
extern const unsigned char annulet_report_scripts_begin[], annulet_report_scripts_end[];
extern const unsigned char annulet_chart_library_begin[], annulet_chart_library_end[];
extern const char annulet_unpack_js_begin[], annulet_unpack_js_end[];
}

namespace annulet::runtime {
namespace {

constexpr std::uintmax_t kLargestFile = 64 * 1000 * 1000;

std::string read_part(const std::filesystem::path& file) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(file, failed);
  if (failed) {
    throw ReportError("cannot read " + file.string() + ": " + failed.message() +
                      ". A report needs a run's folder with rounds.csv, log.jsonl and config.toml, "
                      "such as runs/ID.");
  }
  if (size > kLargestFile) {
    throw ReportError(file.string() + " has " + std::to_string(size / 1'000'000) +
                      " MB, more than the 64 MB a page can show: this is no file of a run.");
  }
  std::string text(static_cast<std::size_t>(size), '\0');
  std::ifstream stream(file, std::ios::binary);
  if (!stream.read(text.data(), static_cast<std::streamsize>(text.size()))) {
    throw ReportError("cannot read " + file.string() + ": it changed or is not readable.");
  }
  return text;
}

/// A file of a run begins as ours do; anything else would make an empty page.
void require_start(std::string_view text, std::string_view start,
                   const std::filesystem::path& file) {
  if (text.starts_with(start)) return;
  throw ReportError(file.string() + " is no file of a run: it does not begin with " +
                    std::string(start) + ". A report needs a run's folder, such as runs/ID.");
}

/// The page takes rounds from the CSV. A quote within a string is escaped in JSON, so that this
/// text can only be the member of an event.
std::string without_rounds(std::string_view log) {
  constexpr std::string_view kRound = R"("ev":"round")";
  std::string kept;
  while (!log.empty()) {
    const auto line = log.substr(0, std::min(log.find('\n'), log.size() - 1) + 1);
    if (line.find(kRound) == std::string_view::npos) kept += line;
    log.remove_prefix(line.size());
  }
  return kept;
}

std::string list_of(std::span<const JsonObject> objects) {
  std::string list = "[";
  for (const auto& object : objects) {
    if (list.size() > 1) list += ',';
    list += object.text();
  }
  return embeddable(list + "]");
}

std::string data_of(std::span<const RunFolder> runs) {
  std::vector<JsonObject> objects;
  for (const auto& run : runs) {
    JsonObject object;
    object.add("name", run.name).add("rounds", run.rounds_csv).add("log", run.log_jsonl);
    object.add("config", run.config_toml);
    objects.push_back(object);
  }
  return list_of(objects);
}

}  // namespace

RunFolder read_run_folder(const std::filesystem::path& folder) {
  RunFolder run;
  run.rounds_csv = read_part(folder / "rounds.csv");
  require_start(run.rounds_csv, "round,", folder / "rounds.csv");
  const std::string log = read_part(folder / "log.jsonl");
  require_start(log, "{\"", folder / "log.jsonl");
  run.log_jsonl = without_rounds(log);
  run.config_toml = read_part(folder / "config.toml");
  const auto path = folder.has_filename() ? folder : folder.parent_path();
  run.name = path.filename().string();
  return run;
}

std::string make_report(std::span<const RunFolder> runs, std::span<const JsonObject> ablation) {
  const auto data = data_of(runs);
  const auto variants = list_of(ablation);
  const auto library = packed_text({annulet_chart_library_begin, annulet_chart_library_end});
  const auto scripts = packed_text({annulet_report_scripts_begin, annulet_report_scripts_end});
  const std::array<std::pair<std::string_view, std::string_view>, 6> parts = {{
      {"{{style}}", {annulet_report_css_begin, annulet_report_css_end}},
      {"{{data}}", data},
      {"{{ablation}}", variants},
      {"{{chart library}}", library},
      {"{{scripts}}", scripts},
      {"{{unpack}}", {annulet_unpack_js_begin, annulet_unpack_js_end}},
  }};
  return fill({annulet_report_html_begin, annulet_report_html_end}, parts);
}

void write_report(std::span<const std::filesystem::path> folders, const std::filesystem::path& file,
                  std::span<const JsonObject> ablation) {
  std::vector<RunFolder> runs;
  for (const auto& folder : folders) runs.push_back(read_run_folder(folder));
  WholeFile page(file);
  page.write(make_report(runs, ablation));
  page.commit();
}

}  // namespace annulet::runtime
