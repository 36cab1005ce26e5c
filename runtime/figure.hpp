/// A plot as values: what is drawn, and what is written as CSV.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace annulet::runtime {

struct Point {
  double x = 0, y = 0;
  std::optional<double> low{}, high{};  // the spread of y
  std::string note{};                   // what else is known of it: "c0.125"
};

struct Line {
  std::string name;
  std::vector<Point> points{};
  bool dashed = false;    // a bound, an ideal, or the other way of two
  bool labelled = false;  // the notes stand beside the points, up to the first comma
  // Lines of the same look have the same colour and marker; none: one that no other line has.
  std::optional<std::size_t> look{};
};

struct Axis {
  std::string title;
  enum class Scale { linear, log2, log10 } scale = Scale::linear;
};

struct Figure {
  std::string id;  // "speed-up"
  std::string title;
  std::string reading;  // what is to be seen, in a sentence or two
  Axis x, y;
  std::vector<Line> lines;
};

/// A JSON object for the page's script.
[[nodiscard]] std::string json_of(const Figure& figure);
/// figure,line,x,y,low,high,note: a row for each point of all figures, with a header.
[[nodiscard]] std::string csv_of(std::span<const Figure> figures);

}  // namespace annulet::runtime
