/// What a data set is like: its rows, its labels, its columns, and what is odd about them.
#include "runtime/data_report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <utility>

#include "model/label_map.hpp"
#include "model/number_text.hpp"
#include "runtime/text.hpp"
#include "transport/checksum.hpp"

namespace annulet::runtime {
namespace {

constexpr double kRare = 0.01;              // a class with a smaller part of the rows is rare
constexpr double kFarApart = 100;           // deviations whose quotient is larger want data.scale
constexpr std::size_t kMostColumns = 1000;  // that are reported one by one
constexpr std::size_t kMostNamed = 10;      // columns that a sentence lists
// More labels than this, or fewer rows for each, are rather values than classes.
constexpr std::size_t kMostClasses = 256, kRowsOfClass = 4;

std::string percent(std::uint64_t part, std::uint64_t all) {
  return fixed_text(100 * static_cast<double>(part) / static_cast<double>(all), 2) + " %";
}

class Inspection {
 public:
  explicit Inspection(const model::Dataset& data) : data_(data), bounds_(data.features()) {
    report_.origin = data.origin();
    report_.sparse = data.is_sparse();
    report_.rows = data.rows();
    report_.features = data.features();
  }

  DataReport report() {
    look_at_names();
    look_at_labels();
    look_at_rows();
    if (data_.features() > 0) look_at_columns();
    if (data_.features() == 0)
      note("There is no feature in it, so nothing can be learned from it.");
    return std::move(report_);
  }

 private:
  void note(std::string sentence) { report_.oddities.push_back(std::move(sentence)); }

  /// A row of numbers with one word in it, too, has text above a number.
  void look_at_names() {
    auto names = report_.origin.columns;
    if (names.empty()) return;
    if (!report_.origin.label_name.empty()) names.push_back(report_.origin.label_name);
    const auto numbers = static_cast<std::size_t>(
        std::ranges::count_if(names, [](const auto& name) { return model::is_number(name); }));
    if (2 * numbers <= names.size()) return;
    note("The first line is taken for the names of the columns, though " + size_text(numbers) +
         " of its " + size_text(names.size()) +
         " fields are numbers. If it is a row, mend what is no number in it.");
  }

  void look_at_labels() {
    std::map<float, std::uint64_t> counts;
    double sum = 0;
    for (const float label : data_.labels()) {
      if (counts.size() <= kMostClasses) ++counts[label];
      sum += static_cast<double>(label);
    }
    const auto [least, most] = std::ranges::minmax(data_.labels());
    const double mean = sum / static_cast<double>(report_.rows);
    double squares = 0;
    for (const float label : data_.labels()) {
      squares += (static_cast<double>(label) - mean) * (static_cast<double>(label) - mean);
    }
    report_.labels = {static_cast<double>(least), static_cast<double>(most), mean,
                      std::sqrt(squares / static_cast<double>(report_.rows))};
    if (counts.size() == 1) {
      const auto& words = report_.origin.classes;
      note(
          "All labels are " + (words.empty() ? model::label_text(least) : words.front()) +
          ": there is nothing to learn from this file alone, and which kind of model fits is up to "
          "the other devices' labels.");
    }
    if (report_.origin.label_is_open) {
      note("A row has " + size_text(report_.origin.outputs) +
           " outputs, which are no classes: here the first is taken. --label chooses another one "
           "to look at, and a run has to choose one by data.label.");
    }
    const bool classes = are_classes(counts);
    if (classes) list_classes(counts);
    if (data_.features() > 0) report_.kind = kind_for(counts, classes);
  }

  std::string kind_for(const std::map<float, std::uint64_t>& counts, bool classes) {
    if (!classes) {
      if (counts.size() == 2) note(two_values(counts));
      return "linear";
    }
    if (counts.size() == 1) return "";
    const std::vector<std::vector<float>> sets{distinct(counts)};
    const std::vector<std::string> names{"the file"};
    const bool two =
        counts.size() == 2 && model::label_conflict(model::LabelUse::binary, sets, names).empty();
    return two ? "logistic" : "softmax";
  }

  static std::vector<float> distinct(const std::map<float, std::uint64_t>& counts) {
    std::vector<float> labels(counts.size());
    std::ranges::transform(counts, labels.begin(), [](const auto& count) { return count.first; });
    return labels;
  }

  static std::string two_values(const std::map<float, std::uint64_t>& counts) {
    return "The labels are " + model::label_text(counts.begin()->first) + " and " +
           model::label_text(counts.rbegin()->first) +
           " alone. If they are two classes, call them -1 and 1, 0 and 1, or other whole numbers "
           "from 0 on; as they are they can only be learned as values.";
  }

  bool are_classes(const std::map<float, std::uint64_t>& counts) const {
    if (!report_.origin.classes.empty()) return true;
    const std::vector<std::vector<float>> sets{distinct(counts)};
    const std::vector<std::string> names{"the file"};
    return counts.size() <= kMostClasses &&
           (counts.size() <= 2 || counts.size() * kRowsOfClass <= report_.rows) &&
           model::label_conflict(model::LabelUse::classes, sets, names).empty();
  }

  void list_classes(const std::map<float, std::uint64_t>& counts) {
    const auto& words = report_.origin.classes;
    for (const auto& [label, rows] : counts) {
      const auto i = static_cast<std::size_t>(label);
      report_.classes.push_back({label, i < words.size() ? words[i] : "", rows});
      if (static_cast<double>(rows) >= kRare * static_cast<double>(report_.rows)) continue;
      note("Class " + (i < words.size() ? words[i] : model::label_text(label)) +
           " is rare: " + counted_text(rows, "row") + ", " + percent(rows, report_.rows) +
           ". Accuracy says little about it.");
    }
  }

  void look_at_rows() {
    std::vector<std::uint64_t> hashes;
    std::uint64_t empty = 0;
    for (std::size_t i = 0; i < data_.rows(); ++i) {
      const auto entries = look_at_row(i);
      hashes.push_back(hash_.value());
      report_.entries += entries;
      empty += entries == 0 ? 1 : 0;
    }
    std::ranges::sort(hashes);
    const auto repeated =
        static_cast<std::uint64_t>(hashes.end() - std::unique(hashes.begin(), hashes.end()));
    if (empty > 0) {
      note(counted_text(empty, "row has", "rows have") + " no value but 0, " +
           percent(empty, report_.rows) + ".");
    }
    if (repeated > 0) {
      note(counted_text(repeated, "row repeats", "rows repeat") + " another one, label and all, " +
           percent(repeated, report_.rows) + ".");
    }
  }

  /// Returns how many values are not 0; leaves the row's hash in hash_.
  std::uint64_t look_at_row(std::size_t i) {
    const std::array<float, 1> label{data_.label(i)};
    hash_.restart(0);
    hash_.add(std::as_bytes(std::span(label)));
    std::span<const float> values;
    if (data_.is_sparse()) {
      const auto row = data_.sparse_row(i);
      hash_.add(std::as_bytes(row.index));
      values = row.value;
    } else {
      row_.resize(data_.features());
      data_.copy_row(i, std::span(row_));
      values = row_;
    }
    hash_.add(std::as_bytes(values));
    for (std::size_t k = 0; k < values.size(); ++k) {
      const std::size_t j = data_.is_sparse() ? data_.sparse_row(i).index[k] : k;
      bounds_[j].add(values[k]);
    }
    return static_cast<std::uint64_t>(
        std::ranges::count_if(values, [](float value) { return value != 0; }));
  }

  void look_at_columns() {
    std::vector<model::Index> all(data_.rows());
    std::iota(all.begin(), all.end(), model::Index{0});
    const auto moments = model::moments_of(data_, all, data_.features());
    std::vector<std::size_t> constant;
    double least = std::numeric_limits<double>::infinity(), most = 0;
    for (std::size_t j = 0; j < data_.features(); ++j) {
      auto& bounds = bounds_[j];
      if (bounds.seen < report_.rows) bounds.add(0);  // the zeros that sparse rows leave out
      if (bounds.least == bounds.most) {
        constant.push_back(j);
        continue;
      }
      least = std::min(least, moments.deviation[j]);
      most = std::max(most, moments.deviation[j]);
    }
    if (!constant.empty()) note(constant_columns(constant));
    if (most > kFarApart * least) {
      report_.suggests_scale = true;
      note("The features' scales are far apart: their deviations go from " + value_text(least) +
           " to " + value_text(most) + ". data.scale = \"standard\" makes all 1.");
    }
    if (data_.features() > kMostColumns) return;
    for (std::size_t j = 0; j < data_.features(); ++j) {
      report_.columns.push_back({static_cast<double>(bounds_[j].least),
                                 static_cast<double>(bounds_[j].most), moments.mean[j],
                                 moments.deviation[j]});
    }
  }

  std::string constant_columns(const std::vector<std::size_t>& columns) const {
    std::string out =
        counted_text(columns.size(), "feature does not vary: ", "features do not vary: ");
    for (std::size_t i = 0; i < std::min(kMostNamed, columns.size()); ++i) {
      const auto& names = report_.origin.columns;
      out += (i == 0 ? "" : ", ") +
             (names.empty() ? std::to_string(columns[i] + 1) : names[columns[i]]);
    }
    return out + (columns.size() > kMostNamed ? ", ..." : "") + ".";
  }

  struct Bounds {
    float least = std::numeric_limits<float>::infinity();
    float most = -std::numeric_limits<float>::infinity();
    std::uint64_t seen = 0;

    void add(float value) {
      least = std::min(least, value);
      most = std::max(most, value);
      ++seen;
    }
  };

  const model::Dataset& data_;
  DataReport report_;
  std::vector<Bounds> bounds_;
  std::vector<float> row_;
  transport::RunningChecksum hash_;
};

}  // namespace

DataReport report_on(const model::Dataset& data) { return Inspection(data).report(); }

}  // namespace annulet::runtime
