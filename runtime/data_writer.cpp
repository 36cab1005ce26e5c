/// Writes rows of a data set into a file that reads back as the same rows.
#include "runtime/data_writer.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/number_text.hpp"
#include "runtime/results_folder.hpp"
#include "runtime/whole_file.hpp"

namespace annulet::runtime {
namespace {

using model::DataFormat;
using model::Dataset;

constexpr std::size_t kWrittenAtOnce = 64 * 1024;

/// A file that is written in large pieces.
class Pieces {
 public:
  explicit Pieces(const std::filesystem::path& path) : file_(path) {}

  void add(std::string_view text) {
    waiting_ += text;
    if (waiting_.size() >= kWrittenAtOnce) flush();
  }
  void commit() {
    flush();
    file_.commit();
  }

 private:
  void flush() {
    file_.write(waiting_);
    waiting_.clear();
  }

  WholeFile file_;
  std::string waiting_;
};

/// One line: the features' texts in their order, the label's where the file had it, else last.
std::string csv_line(std::vector<std::string> fields, const std::string& label,
                     std::optional<std::size_t> place) {
  const auto at = std::min(place.value_or(fields.size()), fields.size());
  fields.insert(fields.begin() + static_cast<std::ptrdiff_t>(at), label);
  std::string line;
  for (const auto& field : fields) line += (line.empty() ? "" : ",") + field;
  return line + "\n";
}

void write_csv(const std::filesystem::path& path, const Dataset& data,
               std::span<const model::Index> rows) {
  Pieces file(path);
  const auto& origin = data.origin();
  std::vector<std::string> fields(data.features());
  if (!origin.columns.empty()) {
    std::ranges::transform(origin.columns, fields.begin(), csv_field);
    file.add(csv_line(fields, csv_field(origin.label_name), origin.label_place));
  }
  std::vector<float> values(data.features());
  for (const auto row : rows) {
    data.copy_row(row, std::span(values));
    std::ranges::transform(values, fields.begin(), model::number_text);
    const float label = data.label(row);
    file.add(csv_line(fields,
                      origin.classes.empty()
                          ? model::number_text(label)
                          : csv_field(origin.classes[static_cast<std::size_t>(label)]),
                      origin.label_place));
  }
  file.commit();
}

void write_libsvm(const std::filesystem::path& path, const Dataset& data,
                  std::span<const model::Index> rows) {
  Pieces file(path);
  for (const auto row : rows) {
    auto line = model::number_text(data.label(row));
    const auto entries = data.sparse_row(row);
    for (std::size_t k = 0; k < entries.index.size(); ++k) {
      line += " " + std::to_string(std::uint64_t{entries.index[k]} + 1) + ":" +
              model::number_text(entries.value[k]);
    }
    file.add(line + "\n");
  }
  file.commit();
}

std::string big_endian(std::size_t number) {
  std::string out;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    out += static_cast<char>((number >> shift) & 0xffU);
  }
  return out;
}

void write_idx(const std::filesystem::path& folder, const Dataset& data,
               std::span<const model::Index> rows) {
  constexpr std::string_view kImages("\0\0\x08\x03", 4), kLabels("\0\0\x08\x01", 4);
  make_folder(folder);
  const std::size_t height = data.origin().image_height;
  Pieces images(folder / "train-images-idx3-ubyte");
  images.add(std::string(kImages) + big_endian(rows.size()) + big_endian(height) +
             big_endian(data.features() / height));
  Pieces labels(folder / "train-labels-idx1-ubyte");
  labels.add(std::string(kLabels) + big_endian(rows.size()));
  std::vector<float> values(data.features());
  for (const auto row : rows) {
    data.copy_row(row, std::span(values));
    std::string bytes;
    for (const float value : values) bytes += static_cast<char>(std::lround(value * 255));
    images.add(bytes);
    labels.add(std::string(1, static_cast<char>(std::lround(data.label(row)))));
  }
  images.commit();
  labels.commit();
}

bool is_idx(const Dataset& data) { return data.origin().format == DataFormat::idx; }

}  // namespace

std::string csv_field(const std::string& text) {
  const bool plain = !text.empty() && text.find_first_of(",;\t\"\r\n ") == std::string::npos;
  if (plain) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string data_suffix(const Dataset& data) {
  if (data.is_sparse()) return ".libsvm";
  return is_idx(data) ? "" : ".csv";
}

void write_data(const std::filesystem::path& path, const Dataset& data,
                std::span<const model::Index> rows) {
  if (data.is_sparse()) return write_libsvm(path, data, rows);
  if (is_idx(data)) return write_idx(path, data, rows);
  write_csv(path, data, rows);
}

}  // namespace annulet::runtime
