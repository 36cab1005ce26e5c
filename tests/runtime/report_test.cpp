/// The page of plots: whole, offline, and deaf to what is in the data.
#include "runtime/report.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <cereal/external/base64.hpp>

#include "model/byte_source.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(report)

namespace {

using tests::read_all;
using tests::TemporaryFolder;

void write(const std::filesystem::path& file, std::string_view text) {
  std::ofstream(file, std::ios::binary) << text;
}

/// A run's folder with a row and an event.
std::filesystem::path make_run(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  write(folder / "rounds.csv", "round,step\n1,1\n");
  write(folder / "log.jsonl",
        "{\"ev\":\"start\",\"devices\":[\"pi-1\"]}\n{\"ev\":\"round\",\"round\":1}\n");
  write(folder / "config.toml", "[run]\nsteps = 1\n");
  return folder;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

bool holds(std::string_view text, std::string_view part) { return count(text, part) > 0; }

/// What stands between the tags of the data.
std::string data_of(const std::string& page) {
  constexpr std::string_view kBegin = R"(<script type="application/json" id="runs">)";
  const auto from = page.find(kBegin) + kBegin.size();
  return page.substr(from, page.find("</script>", from) - from);
}

/// The scripts that lie in the page in gzip and base64, as a browser unpacks them.
std::string scripts_of(const std::string& page) {
  constexpr std::string_view kBegin = R"(class="packed">)";
  const TemporaryFolder temporary;
  std::string scripts;
  for (auto at = page.find(kBegin); at != std::string::npos; at = page.find(kBegin, at + 1)) {
    const auto from = at + kBegin.size();
    const auto packed = page.substr(from, page.find('<', from) - from);
    write(temporary.path() / "script.gz", cereal::base64::decode(packed));
    const auto bytes = model::open_bytes(temporary.path() / "script.gz");
    for (auto some = bytes->next(); !some.empty(); some = bytes->next()) {
      scripts.append(some.begin(), some.end());
    }
  }
  return scripts;
}

}  // namespace

BOOST_AUTO_TEST_CASE(page_has_all_its_parts_and_asks_for_nothing) {
  const auto page = make_report({});
  BOOST_TEST(page.starts_with("<!doctype html>"));
  const auto scripts = scripts_of(page);
  for (const auto* part : {"Chart.js v3", "function readRuns", "function drawCurves",
                           "function ringDrawing", "function fillTiles", "function fillAblation"}) {
    BOOST_TEST(holds(scripts, part), part);
  }
  BOOST_TEST(!holds(page, "{{"));
  BOOST_TEST(holds(scripts, "without evaluations"));  // the clock of a run stands still meanwhile
  BOOST_TEST(!holds(scripts, "mostly evaluation"));
  BOOST_TEST(holds(page, "default-src 'none'"));
  for (const auto* request : {" src=", "<link rel=\"stylesheet\"", "@import", "url(", "fetch("}) {
    BOOST_TEST(!holds(page + scripts, request), request);
  }
  BOOST_TEST(page.size() <= 150'000U);
  BOOST_TEST(data_of(page) == "[]");
}

BOOST_AUTO_TEST_CASE(data_is_the_text_of_the_files) {
  const TemporaryFolder temporary;
  const auto run = read_run_folder(make_run(temporary.path() / "doubling"));
  BOOST_TEST(run.name == "doubling");
  const std::array runs = {run};
  BOOST_TEST(data_of(make_report(runs)) == R"([{"name":"doubling","rounds":"round,step\n1,1\n",)"
                                           R"("log":"{\"ev\":\"start\",\"devices\":[\"pi-1\"]}\n",)"
                                           R"("config":"[run]\nsteps = 1\n"}])");
}

BOOST_AUTO_TEST_CASE(an_ablation_is_beside_the_data_and_as_harmless) {
  const std::array ablation = {JsonObject().add("name", "</script>without").add("rounds", 3)};
  const auto page = make_report({}, ablation);
  BOOST_TEST(
      holds(page, R"(id="variants">[{"name":"\u003c/script>without","rounds":3}]</script>)"));
  BOOST_TEST(holds(make_report({}), R"(id="variants">[]</script>)"));
}

BOOST_AUTO_TEST_CASE(names_cannot_break_out_of_the_data) {
  const auto clean = make_report({});
  const std::string evil = "</script><script>alert(1)</script><!--<script>{{scripts}}";
  const std::array runs = {RunFolder{evil, evil, evil, evil}};
  const auto page = make_report(runs);
  BOOST_TEST(count(page, "</script") == count(clean, "</script"));
  BOOST_TEST(count(page, "<script") == count(clean, "<script"));
  BOOST_TEST(count(page, "<!--") == count(clean, "<!--"));
  BOOST_TEST(count(data_of(page), R"(\u003c/script>\u003cscript>alert(1))") == 4U);
  // What looks like a place of the template is data, too.
  BOOST_TEST(count(page, ">H4sI") == 2U);
  BOOST_TEST(count(page, "{{scripts}}") == 4U);
}

BOOST_AUTO_TEST_CASE(embedded_scripts_do_not_write_markup_from_data) {
  const auto page = make_report({});
  const auto scripts = scripts_of(page);
  const auto ours = scripts.substr(scripts.find("/// Reads the text of the runs"));
  for (const auto* way : {"innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval("}) {
    BOOST_TEST(!holds(ours, way), way);
  }
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_named) {
  const TemporaryFolder temporary;
  for (const std::string name : {"rounds.csv", "log.jsonl", "config.toml"}) {
    const auto folder = make_run(temporary.path() / "run");
    std::filesystem::remove(folder / name);
    BOOST_CHECK_EXCEPTION(
        static_cast<void>(read_run_folder(folder)), ReportError, [&](const ReportError& error) {
          return holds(error.what(), (folder / name).string() + ": No such file or directory");
        });
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_none_of_ours_is_named) {
  const TemporaryFolder temporary;
  for (const std::string name : {"rounds.csv", "log.jsonl"}) {
    const auto folder = make_run(temporary.path() / "run");
    for (const std::string_view text : {"", "\x7F\x45LF junk"}) {
      write(folder / name, text);
      BOOST_CHECK_EXCEPTION(
          static_cast<void>(read_run_folder(folder)), ReportError, [&](const ReportError& error) {
            return holds(error.what(), (folder / name).string() + " is no file of a run");
          });
    }
  }
}

BOOST_AUTO_TEST_CASE(a_file_too_large_for_a_page_is_refused_before_it_is_read) {
  const TemporaryFolder temporary;
  const auto folder = make_run(temporary.path() / "run");
  std::filesystem::resize_file(folder / "rounds.csv", 65'000'000);  // sparse
  BOOST_CHECK_EXCEPTION(
      static_cast<void>(read_run_folder(folder)), ReportError,
      [](const ReportError& error) { return holds(error.what(), "65 MB, more than the 64 MB"); });
}

BOOST_AUTO_TEST_CASE(several_runs_make_one_page) {
  const TemporaryFolder temporary;
  const std::array folders = {make_run(temporary.path() / "a"),
                              make_run(temporary.path() / "b" / "")};
  const auto file = temporary.path() / "both.html";
  write_report(folders, file);
  const auto data = data_of(read_all(file));
  BOOST_TEST(holds(data, R"("name":"a")"));
  BOOST_TEST(holds(data, R"("name":"b")"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
