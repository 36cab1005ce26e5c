/// What a data set is like, as a table for people and as JSON.
#include <algorithm>

#include "model/label_map.hpp"
#include "runtime/data_report.hpp"
#include "runtime/run_file_settings.hpp"
#include "runtime/text.hpp"
#include "runtime/text_table.hpp"

namespace annulet::runtime {
namespace {

constexpr std::size_t kMostColumnsShown = 20, kMostClassesShown = 30;

double density(const DataReport& report) {
  const double places = static_cast<double>(report.rows) * static_cast<double>(report.features);
  return places > 0 ? static_cast<double>(report.entries) / places : 0;
}

std::string separator_word(char separator) {
  switch (separator) {
    case '\t':
      return " with tabs";
    case ';':
      return " with semicolons";
    case ',':
      return " with commas";
    default:
      return "";
  }
}

void add_row(TextTable& table, const std::string& name, const DataReport::Values& values) {
  table.add({name, value_text(values.mean), value_text(values.deviation), value_text(values.least),
             value_text(values.most)});
}

std::string class_table(const DataReport& report) {
  TextTable table;
  table.add({"class", "rows", ""});
  for (std::size_t i = 0; i < std::min(kMostClassesShown, report.classes.size()); ++i) {
    const auto& one = report.classes[i];
    const auto name =
        model::label_text(one.label) + (one.word.empty() ? "" : "  " + printable(one.word));
    table.add(
        {name, size_text(one.rows),
         fixed_text(100 * static_cast<double>(one.rows) / static_cast<double>(report.rows), 2) +
             " %"});
  }
  if (report.classes.size() > kMostClassesShown) {
    table.add({"... and " + size_text(report.classes.size() - kMostClassesShown) + " more"});
  }
  return table.text();
}

std::string column_table(const DataReport& report) {
  const auto& names = report.origin.columns;
  TextTable table;
  table.add({"", "mean", "deviation", "least", "most"});
  if (!report.has_classes()) add_row(table, "label", report.labels);
  const auto shown = std::min(kMostColumnsShown, report.columns.size());
  for (std::size_t j = 0; j < shown; ++j) {
    add_row(table, names.empty() ? "feature " + std::to_string(j + 1) : printable(names[j], 32),
            report.columns[j]);
  }
  if (report.features > shown && shown > 0) {
    table.add({"... and " + size_text(report.features - shown) + " more"});
  }
  return table.text();
}

std::string run_file_lines(const DataReport& report, const model::DataPath& path) {
  std::string lines =
      report.kind.empty() ? "" : "  [model]\n  kind = " + toml_string(report.kind) + "\n";
  lines += "  [data]\n  train = " + toml_path(path) + "\n";
  const auto& label = path.label;
  if (!label.name.empty()) lines += "  label = " + toml_string(label.name) + "\n";
  const auto number = report.origin.label_is_open ? 1 : label.number;
  if (number > 0) lines += "  label = " + std::to_string(number) + "\n";
  if (!report.origin.classes.empty()) {
    lines += "  classes = " + model::words_text(report.origin.classes) + "\n";
  }
  if (report.suggests_scale) lines += "  scale = \"standard\"\n";
  return lines;
}

std::string label_line(const DataReport& report) {
  const auto& label = report.origin.label;
  return "label      " + (label.empty() ? "" : printable(label, 80) + ": ") +
         (report.has_classes() ? counted_text(report.classes.size(), "class", "classes")
                               : std::string("values, for regression")) +
         "\n";
}

JsonObject values_object(const DataReport::Values& values) {
  JsonObject object;
  object.add("mean", values.mean)
      .add("deviation", values.deviation)
      .add("least", values.least)
      .add("most", values.most);
  return object;
}

}  // namespace

std::string data_report_text(const DataReport& report, const model::DataPath& path) {
  std::string out = printable(path.text(), 300) + "\n\n";
  out += "format     " + model::format_name(report.origin.format) +
         separator_word(report.origin.separator) + (report.sparse ? ", sparse" : ", dense") + "\n";
  out += "rows       " + size_text(report.rows) + "\n";
  out += "features   " + size_text(report.features) + ", " + percent_text(density(report)) +
         " of the values are not 0\n";
  out += label_line(report);
  if (report.has_classes()) out += "\n" + class_table(report);
  if (!report.columns.empty() || !report.has_classes()) out += "\n" + column_table(report);
  if (!report.oddities.empty()) out += "\nodd\n";
  for (const auto& sentence : report.oddities) out += "  " + printable(sentence, 500) + "\n";
  if (report.features == 0) return out;
  return out + "\nIn a run file:\n" + run_file_lines(report, path);
}

void add_data_report(JsonObject& object, const DataReport& report, const model::DataPath& path) {
  object.add("data", path.text())
      .add("format", model::format_name(report.origin.format))
      .add("sparse", report.sparse)
      .add("rows", report.rows)
      .add("features", report.features)
      .add("density", density(report))
      .add("label", report.origin.label)
      .add("suggests_scale", report.suggests_scale)
      .add("labels", values_object(report.labels));
  if (!report.kind.empty()) object.add("kind", report.kind);
  std::vector<JsonObject> classes, columns;
  for (const auto& one : report.classes) {
    auto& entry = classes.emplace_back().add("label", static_cast<double>(one.label));
    if (!one.word.empty()) entry.add("word", one.word);
    entry.add("rows", one.rows);
  }
  const auto& names = report.origin.columns;
  for (std::size_t j = 0; j < report.columns.size(); ++j) {
    auto entry = JsonObject().add("name", names.empty() ? std::to_string(j + 1) : names[j]);
    columns.push_back(entry.append(values_object(report.columns[j])));
  }
  object.add("classes", std::span<const JsonObject>(classes))
      .add("columns", std::span<const JsonObject>(columns))
      .add("odd", std::span<const std::string>(report.oddities));
}

}  // namespace annulet::runtime
