/// The page of the reproduction: one HTML file that needs no network.
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/json_writer.hpp"
#include "runtime/page.hpp"
#include "runtime/reproduction.hpp"

// The bytes of the files that annulet_embed() of cmake/Embed.cmake put into this library.
extern "C" {
extern const char annulet_reproduction_html_begin[], annulet_reproduction_html_end[];
extern const char annulet_reproduction_css_begin[], annulet_reproduction_css_end[];
extern const unsigned char annulet_reproduction_script_begin[], annulet_reproduction_script_end[];
extern const char annulet_report_css_begin[], annulet_report_css_end[];
extern const unsigned char annulet_chart_library_begin[], annulet_chart_library_end[];
extern const char annulet_unpack_js_begin[], annulet_unpack_js_end[];
}

namespace annulet::runtime {
namespace {

std::string data_of(const Reproduction& found, const std::string& about) {
  JsonObject head;
  head.add("about", about).add("table", found.table_csv);
  std::vector<JsonObject> keys;
  for (const auto& [figure, words] : found.key_figures) {
    keys.emplace_back().add("figure", figure).add("words", words);
  }
  head.add("keys", std::span<const JsonObject>(keys));
  std::string figures;
  for (const auto& figure : found.figures) {
    if (!figures.empty()) figures += ',';
    figures += json_of(figure);
  }
  return embeddable("{\"head\":" + head.text() + ",\"figures\":[" + figures + "]}");
}

}  // namespace

std::string reproduction_page(const Reproduction& found, const std::string& about) {
  const auto data = data_of(found, about);
  const auto library = packed_text({annulet_chart_library_begin, annulet_chart_library_end});
  const auto script =
      packed_text({annulet_reproduction_script_begin, annulet_reproduction_script_end});
  const std::array<std::pair<std::string_view, std::string_view>, 6> parts = {{
      {"{{style}}", {annulet_report_css_begin, annulet_report_css_end}},
      {"{{more style}}", {annulet_reproduction_css_begin, annulet_reproduction_css_end}},
      {"{{data}}", data},
      {"{{chart library}}", library},
      {"{{scripts}}", script},
      {"{{unpack}}", {annulet_unpack_js_begin, annulet_unpack_js_end}},
  }};
  return fill({annulet_reproduction_html_begin, annulet_reproduction_html_end}, parts);
}

}  // namespace annulet::runtime
