/// Figures as JSON and CSV.
#include "runtime/figure.hpp"

#include "runtime/json_writer.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

JsonObject object_of(const Axis& axis) {
  JsonObject object;
  object.add("title", axis.title);
  const bool two = axis.scale == Axis::Scale::log2;
  object.add("scale", two ? "log2" : axis.scale == Axis::Scale::log10 ? "log10" : "linear");
  return object;
}

JsonObject object_of(const Line& line) {
  std::vector<JsonObject> points;
  for (const auto& point : line.points) {
    auto& object = points.emplace_back();
    object.add("x", point.x).add("y", point.y).add("low", point.low).add("high", point.high);
    object.add("note", point.note);
  }
  JsonObject object;
  object.add("name", line.name).add("dashed", line.dashed).add("labelled", line.labelled);
  object.add("look", line.look);
  object.add("points", std::span<const JsonObject>(points));
  return object;
}

/// Names here hold no quotes, but commas.
std::string quoted(const std::string& text) { return '"' + text + '"'; }

std::string if_known(const std::optional<double>& value) {
  return value ? shortest_text(*value) : std::string();
}

}  // namespace

std::string json_of(const Figure& figure) {
  std::vector<JsonObject> lines;
  for (const auto& line : figure.lines) lines.push_back(object_of(line));
  JsonObject object;
  object.add("id", figure.id).add("title", figure.title).add("reading", figure.reading);
  object.add("x", object_of(figure.x)).add("y", object_of(figure.y));
  object.add("lines", std::span<const JsonObject>(lines));
  return object.text();
}

std::string csv_of(std::span<const Figure> figures) {
  std::string csv = "figure,line,x,y,low,high,note\n";
  for (const auto& figure : figures) {
    for (const auto& line : figure.lines) {
      for (const auto& point : line.points) {
        csv += figure.id + ',' + quoted(line.name) + ',' + shortest_text(point.x) + ',' +
               shortest_text(point.y) + ',' + if_known(point.low) + ',' + if_known(point.high) +
               ',' + quoted(point.note) + '\n';
      }
    }
  }
  return csv;
}

}  // namespace annulet::runtime
