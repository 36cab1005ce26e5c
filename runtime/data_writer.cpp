/// Writes rows of a data set into a file that reads back as the same rows.
#include "runtime/data_writer.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "model/decimal.hpp"
#include "runtime/file_error.hpp"
#include "runtime/made_files.hpp"
#include "runtime/whole_file.hpp"

namespace annulet::runtime {
namespace {

using model::DataFormat;
using model::Dataset;

constexpr std::size_t kWrittenAtOnce = 64 * 1024;

/// A file that is written in large pieces.
class Pieces {
 public:
  Pieces(const std::filesystem::path& path, std::stop_token stop)
      : file_(path, FileThere::is_kept), stop_(std::move(stop)) {}

  void add(std::string_view text) {
    if (stop_.stop_requested()) throw Stopped();
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
  std::stop_token stop_;
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

void write_csv(Pieces& file, const Dataset& data, std::span<const model::Index> rows) {
  const auto& origin = data.origin();
  std::vector<std::string> fields(data.features());
  if (!origin.columns.empty()) {
    std::ranges::transform(origin.columns, fields.begin(), csv_field);
    file.add(csv_line(fields, csv_field(origin.label_name), origin.label_place));
  }
  std::vector<float> values(data.features());
  for (const auto row : rows) {
    data.copy_row(row, std::span(values));
    std::ranges::transform(values, fields.begin(),
                           [](float value) { return model::shortest_decimal(value); });
    const float label = data.label(row);
    file.add(csv_line(fields,
                      origin.classes.empty()
                          ? model::shortest_decimal(label)
                          : csv_field(origin.classes[static_cast<std::size_t>(label)]),
                      origin.label_place));
  }
  file.commit();
}

/// "0.5 1 -3\n"
std::string fann_line(std::span<const float> values) {
  std::string line;
  for (const float value : values)
    line += (line.empty() ? "" : " ") + model::shortest_decimal(value);
  return line + "\n";
}

void write_fann(Pieces& file, const Dataset& data, std::span<const model::Index> rows) {
  const auto width = data.origin().outputs;
  const std::span<const float> outputs(*data.origin().all_outputs);
  file.add(std::to_string(rows.size()) + " " + std::to_string(data.features()) + " " +
           std::to_string(width) + "\n");
  std::vector<float> inputs(data.features());
  for (const auto row : rows) {
    data.copy_row(row, std::span(inputs));
    file.add(fann_line(inputs));
    file.add(fann_line(outputs.subspan(row * width, width)));
  }
  file.commit();
}

void write_libsvm(Pieces& file, const Dataset& data, std::span<const model::Index> rows) {
  for (const auto row : rows) {
    auto line = model::shortest_decimal(data.label(row));
    const auto entries = data.sparse_row(row);
    for (std::size_t k = 0; k < entries.index.size(); ++k) {
      line += " " + std::to_string(std::uint64_t{entries.index[k]} + 1) + ":" +
              model::shortest_decimal(entries.value[k]);
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

void make_folder_that_is_new(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::create_directory(folder, error)) return;
  throw FileError(ErrorCode::cannot_write,
                  error ? error : std::make_error_code(std::errc::file_exists),
                  "cannot write " + folder.string());
}

void write_idx(const std::filesystem::path& folder, const Dataset& data,
               std::span<const model::Index> rows, const std::stop_token& stop) {
  constexpr std::string_view kImages("\0\0\x08\x03", 4), kLabels("\0\0\x08\x01", 4);
  make_folder_that_is_new(folder);
  MadeFiles made;
  made.add(folder);
  const std::size_t height = data.origin().image_height;
  Pieces images(folder / "train-images-idx3-ubyte", stop);
  images.add(std::string(kImages) + big_endian(rows.size()) + big_endian(height) +
             big_endian(data.features() / height));
  Pieces labels(folder / "train-labels-idx1-ubyte", stop);
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
  made.keep();
}

bool is_idx(const Dataset& data) { return data.origin().format == DataFormat::idx; }
bool is_fann(const Dataset& data) { return data.origin().all_outputs != nullptr; }

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
  if (is_idx(data)) return "";
  return is_fann(data) ? ".fann" : ".csv";
}

void write_data(const std::filesystem::path& path, const Dataset& data,
                std::span<const model::Index> rows, const std::stop_token& stop) {
  if (is_idx(data)) return write_idx(path, data, rows, stop);
  Pieces file(path, stop);
  if (data.is_sparse()) return write_libsvm(file, data, rows);
  if (is_fann(data)) return write_fann(file, data, rows);
  write_csv(file, data, rows);
}

}  // namespace annulet::runtime
