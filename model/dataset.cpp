/// A data set as it was read: rows of features with raw labels, sparse or dense. Read-only once
/// made.
#include "model/dataset.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace annulet::model {
namespace {

/// byte / 255. For float without a division, which small processors are slow at, nor a table, of
/// which no vector code can be made: 1/255 = 257/65536 (1 + 2^-16 + 2^-32 + ...), and the first
/// product is exact.
template <class Scalar>
constexpr Scalar value_of(std::uint8_t byte) {
  if constexpr (std::is_same_v<Scalar, double>) return static_cast<double>(byte) / 255;
  const auto most = static_cast<Scalar>(byte) * (Scalar(257) / Scalar(65536));
  return most + most * Scalar(0x1.0001p-16);
}

constexpr bool is_exact() {
  for (int byte = 0; byte < 256; ++byte) {
    const auto quotient = static_cast<float>(byte) / 255.0F;
    if (value_of<float>(static_cast<std::uint8_t>(byte)) != quotient) return false;
  }
  return true;
}
static_assert(is_exact());

void check_sizes(bool go_together) {
  if (!go_together) throw std::invalid_argument("Dataset: the sizes do not go together");
}

template <class T>
std::shared_ptr<const std::vector<T>> shared(std::vector<T> values) {
  return std::make_shared<const std::vector<T>>(std::move(values));
}

template <class Scalar>
void rescale(const Scale& scale, std::span<Scalar> row) {
  for (std::size_t j = 0; j < row.size(); ++j) {
    row[j] = (row[j] - static_cast<Scalar>(scale.shift[j])) * static_cast<Scalar>(scale.factor[j]);
  }
}

}  // namespace

std::string format_name(DataFormat format) {
  switch (format) {
    case DataFormat::csv:
      return "CSV";
    case DataFormat::fann:
      return "FANN";
    case DataFormat::idx:
      return "IDX";
    case DataFormat::libsvm:
      break;
  }
  return "LIBSVM";
}

Dataset Dataset::sparse(std::vector<std::size_t> offset, std::vector<Index> index,
                        std::vector<float> value, std::vector<float> label, std::size_t features) {
  check_sizes(offset.size() == label.size() + 1 && offset.front() == 0 &&
              offset.back() == index.size() && index.size() == value.size());
  Dataset out;
  out.features_ = features;
  out.label_ = shared(std::move(label));
  out.offset_ = shared(std::move(offset));
  out.index_ = shared(std::move(index));
  out.value_ = shared(std::move(value));
  return out;
}

Dataset Dataset::images(std::vector<std::uint8_t> bytes, std::vector<float> label,
                        std::size_t features) {
  check_sizes(bytes.size() == label.size() * features);
  Dataset out;
  out.features_ = features;
  out.label_ = shared(std::move(label));
  out.byte_ = shared(std::move(bytes));
  return out;
}

Dataset Dataset::dense(std::vector<float> values, std::vector<float> label, std::size_t features) {
  check_sizes(values.size() == label.size() * features);
  Dataset out;
  out.features_ = features;
  out.label_ = shared(std::move(label));
  out.value_ = shared(std::move(values));
  return out;
}

Dataset Dataset::outline(std::vector<float> label, std::size_t features, bool sparse) {
  Dataset out;
  out.features_ = features;
  out.is_outline_ = true;
  out.label_ = shared(std::move(label));
  if (sparse) out.offset_ = shared(std::vector<std::size_t>());
  return out;
}

Dataset Dataset::scaled(Scale scale) const {
  check_sizes(scale.shift.size() == scale.factor.size() && scale.factor.size() >= features_);
  Dataset out = *this;
  if (!is_sparse()) {
    out.scale_ = std::make_shared<const Scale>(std::move(scale));
    return out;
  }
  auto values = *value_;
  for (std::size_t k = 0; k < values.size(); ++k) values[k] *= scale.factor[(*index_)[k]];
  out.value_ = shared(std::move(values));
  return out;
}

std::uint64_t Dataset::bytes() const noexcept {
  const auto of = [](const auto& part) {
    return part ? std::uint64_t{part->size()} * sizeof((*part)[0]) : 0;
  };
  return of(label_) + of(offset_) + of(index_) + of(value_) + of(byte_);
}

std::uint64_t Dataset::bytes(std::span<const Index> rows) const {
  const std::uint64_t n = rows.size();
  if (!is_sparse()) {
    const std::uint64_t element = byte_ != nullptr ? sizeof(std::uint8_t) : sizeof(float);
    return n * (features_ * element + sizeof(float));
  }
  std::uint64_t entries = 0;
  for (const Index row : rows) entries += sparse_row(row).index.size();
  return n * sizeof(float) + (n + 1) * sizeof(std::size_t) +
         entries * (sizeof(Index) + sizeof(float));
}

template <class Scalar>
void Dataset::copy_row(std::size_t row, std::span<Scalar> out) const {
  if (is_sparse()) {
    std::fill(out.begin(), out.end(), Scalar(0));
    const auto entries = sparse_row(row);
    for (std::size_t k = 0; k < entries.index.size(); ++k) {
      out[entries.index[k]] = static_cast<Scalar>(entries.value[k]);
    }
    return;
  }
  const auto begin = row * features_;
  const auto rest = out.subspan(features_);
  std::fill(rest.begin(), rest.end(), Scalar(0));
  if (byte_ == nullptr) {
    const auto values = std::span(*value_).subspan(begin, features_);
    std::ranges::transform(values, out.begin(), [](float v) { return static_cast<Scalar>(v); });
  } else {
    const auto bytes = std::span(*byte_).subspan(begin, features_);
    std::ranges::transform(bytes, out.begin(), value_of<Scalar>);
  }
  if (scale_ != nullptr) rescale(*scale_, out.first(features_));
}

template void Dataset::copy_row<float>(std::size_t, std::span<float>) const;
template void Dataset::copy_row<double>(std::size_t, std::span<double>) const;

DataSurvey survey(const Dataset& data, bool with_labels) {
  std::set<float> labels;
  for (const float label : with_labels ? data.labels() : std::span<const float>()) {
    labels.insert(label);
    if (labels.size() > kMaxLabels) {
      throw DataError(ErrorCode::labels_do_not_fit, "the data have more than " +
                                                        std::to_string(kMaxLabels) +
                                                        " different labels; these are not classes");
    }
  }
  return {.rows = data.rows(),
          .features = data.features(),
          .sparse = data.is_sparse(),
          .labels = {labels.begin(), labels.end()}};
}

}  // namespace annulet::model
