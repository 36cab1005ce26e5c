/// Multinomial logistic regression: dense rows by two matrix products, sparse rows by loops.
#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include "model/convex_losses.hpp"
#include "model/eigen_blocks.hpp"
#include "model/matrix_product.hpp"
#include "model/objectives.hpp"
#include "model/rows.hpp"
#include "model/softmax_loss.hpp"
#include "model/team_work.hpp"

namespace annulet::model {
namespace {

/// p classes, q = features (+1) columns, B rows in a batch. x: row-major (p, q).
template <class Scalar>
class Softmax final : public Objective<Scalar> {
 public:
  explicit Softmax(const ObjectiveOptions& options)
      : features_(options.features),
        columns_(options.features + (options.bias ? 1 : 0)),
        classes_(options.classes),
        l2_(static_cast<Scalar>(options.l2)) {
    fix_block_sizes();
  }

  std::size_t dimension() const noexcept override { return classes_ * columns_; }
  double curvature_factor() const noexcept override { return 0.5; }
  double step_flops(std::size_t batch) const noexcept override {
    return 4.0 * static_cast<double>((batch + 1) * dimension());
  }

  void share_with(Team* team) noexcept override { team_ = team; }

  double gradient(ConstParams<Scalar> x, const Batch& batch, Params<Scalar> g) const override {
    find_scores(x, batch);
    const auto size = static_cast<Scalar>(batch.positions.size());
    double sum = 0;
    for (std::size_t i = 0; i < batch.positions.size(); ++i) {
      const auto scores = row_scores(i);
      const auto target = target_of(batch, i);
      sum += static_cast<double>(to_probabilities(scores, target));
      scores[target] -= Scalar(1);
      for (auto& slope : scores) {
        slope /= size;
      }
    }
    multiply_back(batch, g);
    add_scaled<Scalar>(l2_, x, g);
    return sum / static_cast<double>(batch.positions.size());
  }

  Evaluation evaluate(ConstParams<Scalar> x, const Shard& shard, std::size_t begin,
                      std::size_t end) const override {
    Evaluation sums;
    for_blocks(begin, end, [&](std::span<const Index> positions) {
      const Batch batch{shard, positions};
      find_scores(x, batch);
      for (std::size_t i = 0; i < positions.size(); ++i) {
        const auto scores = row_scores(i);
        const auto best = std::max_element(scores.begin(), scores.end()) - scores.begin();
        const auto target = target_of(batch, i);
        sums.correct += static_cast<std::size_t>(best) == target ? 1 : 0;
        sums.loss += static_cast<double>(to_probabilities(scores, target));
        sums.rows += 1;
      }
    });
    return sums;
  }

  std::size_t outputs() const noexcept override { return classes_; }
  void predict(ConstParams<Scalar> x, const Shard& shard, std::size_t begin, std::size_t end,
               std::span<double> out) const override {
    auto next = out.begin();
    for_blocks(begin, end, [&](std::span<const Index> positions) {
      find_scores(x, {shard, positions});
      next = std::copy(scores_.begin(), scores_.end(), next);
    });
  }

 private:
  template <class Number>
  static Grid<Number> grid(Number* first, std::size_t rows, std::size_t columns) {
    const auto width = static_cast<std::ptrdiff_t>(columns);
    return {first, static_cast<std::ptrdiff_t>(rows), width, width};
  }
  std::span<Scalar> row_scores(std::size_t i) const {
    return std::span(scores_).subspan(i * classes_, classes_);
  }
  /// Calls `use` with the positions [begin, end), some at a time.
  template <class Use>
  static void for_blocks(std::size_t begin, std::size_t end, Use use) {
    constexpr std::size_t kBlock = 256;
    std::vector<Index> positions;
    for (; begin < end; begin += positions.size()) {
      positions.resize(std::min(kBlock, end - begin));
      std::iota(positions.begin(), positions.end(), static_cast<Index>(begin));
      use(positions);
    }
  }
  static std::size_t target_of(const Batch& batch, std::size_t i) {
    return static_cast<std::size_t>(batch.shard.targets[batch.positions[i]]);
  }

  /// scores_ (B, p) = A X', A the batch's rows, which for dense data stay in rows_ (B, q).
  void find_scores(ConstParams<Scalar> x, const Batch& batch) const {
    const auto& data = *batch.shard.data;
    check_columns(data, features_);
    const auto size = batch.positions.size();
    scores_.resize(size * classes_);
    if (data.is_sparse()) {
      for (std::size_t i = 0; i < size; ++i) {
        find_sparse_scores(x, data.sparse_row(batch.shard.rows[batch.positions[i]]), row_scores(i));
      }
      return;
    }
    rows_.resize(size * columns_);
    share(team_, size, rows_.size(), [&](std::size_t i, std::size_t last) {
      for (; i < last; ++i) {
        const auto row = std::span(rows_).subspan(i * columns_, columns_);
        data.copy_row(batch.shard.rows[batch.positions[i]], row);
        if (columns_ > features_) {
          row.back() = Scalar(1);
        }
      }
    });
    std::ranges::fill(scores_, Scalar(0));
    add_product<Scalar>(team_, Turned::right, grid<const Scalar>(rows_.data(), size, columns_),
                        grid<const Scalar>(x.data(), classes_, columns_),
                        grid<Scalar>(scores_.data(), size, classes_));
  }

  void find_sparse_scores(ConstParams<Scalar> x, const SparseRow& row,
                          std::span<Scalar> out) const {
    for (std::size_t c = 0; c < classes_; ++c) {
      const auto x_c = x.subspan(c * columns_, columns_);
      out[c] = dot(row, x_c) + (columns_ > features_ ? x_c.back() : Scalar(0));
    }
  }

  /// g (p, q) = S' A, S the slopes that took the place of the scores.
  void multiply_back(const Batch& batch, Params<Scalar> g) const {
    const auto& data = *batch.shard.data;
    const auto size = batch.positions.size();
    std::ranges::fill(g, Scalar(0));
    if (!data.is_sparse()) {
      add_product<Scalar>(team_, Turned::left, grid<const Scalar>(scores_.data(), size, classes_),
                          grid<const Scalar>(rows_.data(), size, columns_),
                          grid<Scalar>(g.data(), classes_, columns_));
      return;
    }
    for (std::size_t i = 0; i < size; ++i) {
      const auto row = data.sparse_row(batch.shard.rows[batch.positions[i]]);
      const auto slopes = row_scores(i);
      for (std::size_t c = 0; c < classes_; ++c) {
        const auto g_c = g.subspan(c * columns_, columns_);
        add_scaled(slopes[c], row, g_c);
        if (columns_ > features_) {
          g_c.back() += slopes[c];
        }
      }
    }
  }

  std::size_t features_;
  std::size_t columns_;
  std::size_t classes_;
  Scalar l2_;
  Team* team_ = nullptr;
  mutable std::vector<Scalar> rows_;
  mutable std::vector<Scalar> scores_;
};

}  // namespace

CatalogueEntry softmax_entry() {
  return {.name = "softmax",
          .labels = LabelUse::classes,
          .dimension =
              [](const ObjectiveOptions& options) {
                return std::uint64_t{options.classes} * (options.features + (options.bias ? 1 : 0));
              },
          .make_float = make<Softmax, float>,
          .make_problem = convex_softmax};
}

std::unique_ptr<Objective<double>> softmax_in_double(const ObjectiveOptions& options) {
  return make<Softmax, double>(options);
}

}  // namespace annulet::model
