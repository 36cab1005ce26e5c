/// Draws rows.
#include "runtime/made_rows.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include "model/random.hpp"

namespace annulet::runtime {
namespace {

constexpr std::uint64_t kSeed = 1;

MadeRows sparse_rows() {
  constexpr std::size_t kRows = 20'000, kColumns = 300, kSet = 12, kStride = kColumns / kSet;
  model::Random random(kSeed);
  std::vector<std::size_t> offset{0};
  std::vector<model::Index> index;
  std::vector<float> label;
  index.reserve(kRows * kSet);
  for (std::size_t row = 0; row < kRows; ++row) {
    for (std::size_t k = 0; k < kSet; ++k) {
      index.push_back(static_cast<model::Index>(k * kStride + random.below(kStride)));
    }
    offset.push_back(index.size());
    label.push_back(random.below(2) == 0 ? -1.0F : 1.0F);
  }
  std::vector<float> value(index.size(), 1.0F);
  return {model::Dataset::sparse(std::move(offset), std::move(index), std::move(value),
                                 std::move(label), kColumns),
          "rows made here: 20,000 of 300 features, 12 of them set, 2 classes"};
}

MadeRows pictures() {
  constexpr std::size_t kRows = 10'000, kPixels = std::size_t{28} * 28, kClasses = 10;
  model::Random random(kSeed);
  std::vector<std::uint8_t> bytes(kRows * kPixels);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.bits() >> 56U);
  std::vector<float> label(kRows);
  for (std::size_t row = 0; row < kRows; ++row) label[row] = static_cast<float>(row % kClasses);
  return {model::Dataset::images(std::move(bytes), std::move(label), kPixels),
          "pictures made here: 10,000 of 784 bytes, 10 classes"};
}

MadeRows numbers() {
  constexpr std::size_t kRows = 20'000, kColumns = 16;
  model::Random random(kSeed);
  std::vector<float> values(kRows * kColumns), label(kRows);
  for (auto& value : values) value = static_cast<float>(random.normal());
  for (auto& value : label) value = static_cast<float>(random.normal());
  return {model::Dataset::dense(std::move(values), std::move(label), kColumns),
          "rows made here: 20,000 of 16 numbers"};
}

}  // namespace

MadeRows make_rows(model::LabelUse use) {
  switch (use) {
    case model::LabelUse::binary:
      return sparse_rows();
    case model::LabelUse::classes:
      return pictures();
    case model::LabelUse::values:
    case model::LabelUse::none:
      break;
  }
  return numbers();
}

}  // namespace annulet::runtime
