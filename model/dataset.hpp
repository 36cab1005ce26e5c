/// A data set as it was read: rows of features with raw labels, sparse or dense. Read-only once
/// made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "devices/error_code.hpp"
#include "model/types.hpp"

namespace annulet::model {

/// Something is wrong with data. what() names file, line and column where there are any.
class DataError : public devices::UserError {
 public:
  using UserError::UserError;
  explicit DataError(const std::string& sentence) : UserError(ErrorCode::data, sentence) {}
};

/// One sparse row: 0-based strictly increasing feature indices and their values, same length.
struct SparseRow {
  std::span<const Index> index;
  std::span<const float> value;
};

/// Where sparse rows lie, for loops that ask for millions of them. Valid as long as its set.
struct SparseRows {
  const std::size_t* offset;
  const Index* index;
  const float* value;
  std::size_t entries;  // of all rows

  [[nodiscard]] SparseRow operator[](std::size_t row) const {
    const auto begin = offset[row], size = offset[row + 1] - begin;
    return {{index + begin, size}, {value + begin, size}};
  }
};

enum class DataFormat { libsvm, csv, fann, idx };

/// "LIBSVM", "CSV", "FANN", "IDX".
[[nodiscard]] std::string format_name(DataFormat format);

/// What a file says beside its numbers.
struct DataOrigin {
  DataFormat format = DataFormat::libsvm;
  std::string label{};       // what was taken for it, where there is a choice: "column 5 \"price\""
  std::string label_name{};  // its column's name, where the file has names
  // Columns before the label's, where it is one among others; none where it has no such place.
  std::optional<std::size_t> label_place{};
  std::vector<std::string> columns{};  // names of the features; none where the file has none
  std::vector<std::string> classes{};  // classes[i]: the word that became label i; none for numbers
  char separator = 0;                  // CSV: , ; or a tab
  std::size_t image_height = 0;        // IDX
  std::size_t outputs = 0;             // FANN: of a row
  // FANN: nobody chose one of several outputs, which are no classes, and the first was taken.
  bool label_is_open = false;
  // FANN, for who looks at one file alone: (n * outputs), row by row.
  std::shared_ptr<const std::vector<float>> all_outputs{};
};

/// How rows are used: (row - shift) * factor, element by element. shift, factor: (p).
struct Scale {
  std::vector<float> shift, factor;
  bool operator==(const Scale&) const = default;
};

/// n rows x p features. Sparse rows are held as CSR (float32 values, 32-bit indices); dense rows
/// row by row, either as float32 or, for images, as bytes that count as byte/255. Copies share the
/// rows. What makes one throws std::invalid_argument where the sizes do not go together; a row
/// costs O(1) to find.
class Dataset {
 public:
  /// offset: (n+1), offset[0] = 0, never decreasing; index, value: (offset[n]); label: (n).
  /// `features` is the number of columns used: the largest 1-based index seen, or 0. The indices of
  /// each row increase strictly and are below it: unchecked.
  static Dataset sparse(std::vector<std::size_t> offset, std::vector<Index> index,
                        std::vector<float> value, std::vector<float> label, std::size_t features);
  /// bytes: (n * features), label: (n).
  static Dataset images(std::vector<std::uint8_t> bytes, std::vector<float> label,
                        std::size_t features);
  /// values: (n * features), label: (n).
  static Dataset dense(std::vector<float> values, std::vector<float> label, std::size_t features);

  /// What is to be known of rows before one chooses among them: labels, not the rows themselves,
  /// which must not be asked for.
  static Dataset outline(std::vector<float> label, std::size_t features, bool sparse);

  [[nodiscard]] std::size_t rows() const noexcept { return label_->size(); }
  [[nodiscard]] bool is_outline() const noexcept { return is_outline_; }
  [[nodiscard]] std::size_t features() const noexcept { return features_; }
  [[nodiscard]] bool is_sparse() const noexcept { return offset_ != nullptr; }
  /// Raw, as in the file. row: below rows(), unchecked here and below.
  [[nodiscard]] float label(std::size_t row) const { return (*label_)[row]; }
  [[nodiscard]] std::span<const float> labels() const noexcept { return *label_; }
  /// What its rows and labels take in memory.
  [[nodiscard]] std::uint64_t bytes() const noexcept;
  /// What those of its rows would take alone.
  [[nodiscard]] std::uint64_t bytes(std::span<const Index> rows) const;
  [[nodiscard]] const DataOrigin& origin() const noexcept { return origin_; }
  /// For readers.
  void set_origin(DataOrigin origin) { origin_ = std::move(origin); }

  /// The same rows as a scale has them; shift, factor: (p'), p' >= features(). Sparse rows are only
  /// multiplied: their values are a copy, all else is shared with this set, dense rows too, which
  /// are scaled whenever one is read. Not for a set that is scaled already.
  [[nodiscard]] Dataset scaled(Scale scale) const;

  /// Only for sparse sets, as is the next.
  [[nodiscard]] SparseRows sparse_rows() const noexcept {
    return {offset_->data(), index_->data(), value_->data(), value_->size()};
  }
  [[nodiscard]] SparseRow sparse_row(std::size_t row) const { return sparse_rows()[row]; }
  /// Works for both kinds, for float and double. out: (p'), p' >= features(); columns past
  /// features() become 0. O(p').
  template <class Scalar>
  void copy_row(std::size_t row, std::span<Scalar> out) const;

 private:
  Dataset() = default;

  template <class T>
  using Shared = std::shared_ptr<const std::vector<T>>;

  std::size_t features_ = 0;
  bool is_outline_ = false;
  Shared<float> label_;
  Shared<std::size_t> offset_;  // sparse only
  Shared<Index> index_;
  Shared<float> value_;  // sparse values, or dense float rows
  Shared<std::uint8_t> byte_;
  std::shared_ptr<const Scale> scale_;  // of dense rows
  DataOrigin origin_;
};

/// What a device tells the others about its data before the run; never the data itself.
struct DataSurvey {
  std::size_t rows = 0;
  std::size_t features = 0;
  bool sparse = true;
  std::vector<float> labels;  // distinct raw labels, ascending, at most kMaxLabels
};
inline constexpr std::size_t kMaxLabels = 1024;

/// O(n log labels). Without labels for objectives that have no use for classes. Throws DataError
/// when there are more than kMaxLabels distinct labels.
[[nodiscard]] DataSurvey survey(const Dataset& data, bool with_labels = true);

}  // namespace annulet::model
