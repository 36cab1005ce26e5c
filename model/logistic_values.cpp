/// Four scores a row at once, then their losses block by block.
#include "model/logistic_values.hpp"

#include <algorithm>
#include <stdexcept>

#include <Eigen/Core>

#include "model/lengths.hpp"

namespace annulet::model {
namespace {

constexpr std::size_t kBlock = 512;  // rows
constexpr Eigen::Index kWide = LogisticValues::kModels;

using Four = Eigen::Array<float, kWide, 1>;
using Block = Eigen::Array<float, kWide, Eigen::Dynamic>;

}  // namespace

LogisticValues::LogisticValues(const Shard& rows, double l2)
    : rows_(rows), l2_(l2), margins_(kBlock * kModels) {
  if (!rows.data->is_sparse()) throw std::invalid_argument("LogisticValues needs sparse rows");
}

void LogisticValues::find(std::span<const std::vector<float>> models, std::span<double> values) {
  const std::size_t d = models.front().size();
  packed_.assign(d * kModels, 0);
  for (std::size_t m = 0; m < models.size(); ++m) {
    for (std::size_t j = 0; j < d; ++j) packed_[j * kModels + m] = models[m][j];
  }
  Eigen::Array<double, kWide, 1> sum = Eigen::Array<double, kWide, 1>::Zero();
  for (std::size_t begin = 0; begin < rows_.size(); begin += kBlock) {
    const std::size_t size = std::min(kBlock, rows_.size() - begin);
    for (std::size_t i = 0; i < size; ++i) {
      const auto row = rows_.data->sparse_row(rows_.rows[begin + i]);
      Four score = Four::Zero();
      for (std::size_t k = 0; k < row.index.size(); ++k) {
        score += row.value[k] * Eigen::Map<const Four>(packed_.data() + row.index[k] * kModels);
      }
      const float sign = rows_.targets[begin + i] > 0.5F ? 1.0F : -1.0F;
      Eigen::Map<Four>(margins_.data() + i * kModels) = sign * score;
    }
    const Eigen::Map<const Block> margin(margins_.data(), kWide, static_cast<Eigen::Index>(size));
    // log(1 + exp(-m)), of a number that is never above 1.
    const Block loss = (-margin).max(0.0F) + (-margin.abs()).exp().log1p();
    sum += loss.cast<double>().rowwise().sum();
  }
  for (std::size_t m = 0; m < models.size(); ++m) {
    values[m] = sum[static_cast<Eigen::Index>(m)] / static_cast<double>(rows_.size()) +
                l2_ / 2 * norm2(models[m]);
  }
}

}  // namespace annulet::model
