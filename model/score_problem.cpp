/// Convex objectives of linear scores: two products with the rows for each gradient or Hessian.
#include <algorithm>
#include <vector>

#include <Eigen/Core>

#include "model/convex_problem.hpp"
#include "model/rows.hpp"

namespace annulet::model {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Map = Eigen::Map<Matrix>;
using ConstMap = Eigen::Map<const Matrix>;

/// k scores a row, q = features (+1) columns, n rows, taken in blocks of b.
class ScoreProblem final : public ConvexProblem {
 public:
  ScoreProblem(const ObjectiveOptions& options, const Shard& shard,
               std::unique_ptr<ScoredLoss> loss)
      : shard_(shard),
        loss_(std::move(loss)),
        features_(options.features),
        columns_(options.features + (options.bias ? 1 : 0)),
        scores_(loss_->scores()),
        l2_(options.l2),
        state_(shard.size() * scores_),
        block_(kBlock * scores_) {
    check_columns(*shard.data, features_);
    if (!shard.data->is_sparse()) rows_.resize(kBlock * columns_);
  }

  std::size_t dimension() const noexcept override { return scores_ * columns_; }
  bool has_minimum() const noexcept override { return l2_ > 0 || loss_->has_minimum(); }

  double move_to(ConstParams<double> x, Params<double> g) override {
    std::fill(g.begin(), g.end(), 0);
    double sum = 0;
    for_each_block([&](Rows rows) {
      const auto state = state_of(rows);
      find_scores(x, rows, state);
      double block = 0;  // sums of like size: less rounding
      for (std::size_t i = 0; i < rows.size(); ++i) {
        block += loss_->at(part(state, i), shard_.targets[rows.begin + i], part(block_, i));
      }
      sum += block;
      add_back(rows, g, Power::first);
    });
    finish(x, g);
    double norm2 = 0;
    for (const double value : x) norm2 += value * value;
    return sum / size() + l2_ / 2 * norm2;
  }

  void multiply(ConstParams<double> v, Params<double> out) override {
    std::fill(out.begin(), out.end(), 0);
    for_each_block([&](Rows rows) {
      const auto state = state_of(rows);
      find_scores(v, rows, block_);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        loss_->curve(part(state, i), part(block_, i));
      }
      add_back(rows, out, Power::first);
    });
    finish(v, out);
  }

  void diagonal(Params<double> out) override {
    std::fill(out.begin(), out.end(), 0);
    for_each_block([&](Rows rows) {
      const auto state = state_of(rows);
      load(rows);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        loss_->diagonal(part(state, i), part(block_, i));
      }
      add_back(rows, out, Power::second);
    });
    const std::vector<double> ones(out.size(), 1);
    finish(ones, out);
  }

 private:
  static constexpr std::size_t kBlock = 256;  // of 784 doubles: 1.6 MB

  /// Rows [begin, end) of the shard.
  struct Rows {
    std::size_t begin, end;
    [[nodiscard]] std::size_t size() const { return end - begin; }
  };
  /// Of the entries of A that numbers are multiplied back with.
  enum class Power { first, second };

  template <class Work>
  void for_each_block(Work work) const {
    for (std::size_t begin = 0; begin < shard_.size(); begin += kBlock) {
      work(Rows{begin, std::min(shard_.size(), begin + kBlock)});
    }
  }

  [[nodiscard]] double size() const { return static_cast<double>(shard_.size()); }
  std::span<double> state_of(Rows rows) {
    return std::span(state_).subspan(rows.begin * scores_, rows.size() * scores_);
  }
  [[nodiscard]] std::span<double> part(std::span<double> numbers, std::size_t i) const {
    return numbers.subspan(i * scores_, scores_);
  }
  [[nodiscard]] bool has_bias() const { return columns_ > features_; }
  static Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }
  [[nodiscard]] Map block_of(Rows rows) {
    return {block_.data(), index(rows.size()), index(scores_)};
  }
  [[nodiscard]] Map rows_of(Rows rows) {
    return {rows_.data(), index(rows.size()), index(columns_)};
  }

  /// From a sum over the rows to the mean, and the penalty's part.
  void finish(ConstParams<double> v, Params<double> out) const {
    for (std::size_t j = 0; j < out.size(); ++j) out[j] = out[j] / size() + l2_ * v[j];
  }

  /// Dense rows into rows_ (b, q).
  void load(Rows rows) {
    const auto& data = *shard_.data;
    if (data.is_sparse()) return;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto row = std::span(rows_).subspan(i * columns_, columns_);
      data.copy_row(shard_.rows[rows.begin + i], row);
      if (has_bias()) row.back() = 1;
    }
  }

  /// out (b, k) = A X'. Dense rows stay in rows_.
  void find_scores(ConstParams<double> x, Rows rows, std::span<double> out) {
    load(rows);
    const auto& data = *shard_.data;
    if (!data.is_sparse()) {
      const ConstMap matrix(x.data(), index(scores_), index(columns_));
      Map(out.data(), index(rows.size()), index(scores_)).noalias() =
          rows_of(rows) * matrix.transpose();
      return;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto row = data.sparse_row(shard_.rows[rows.begin + i]);
      for (std::size_t c = 0; c < scores_; ++c) {
        const auto x_c = x.subspan(c * columns_, columns_);
        out[i * scores_ + c] = dot(row, x_c) + (has_bias() ? x_c.back() : 0);
      }
    }
  }

  static void add_squares(double factor, const SparseRow& row, Params<double> out) {
    for (std::size_t e = 0; e < row.index.size(); ++e) {
      const auto a = static_cast<double>(row.value[e]);
      out[row.index[e]] += factor * a * a;
    }
  }

  /// out (k, q) += N' A, N = block_ (b, k), or N' (A squared entry by entry).
  void add_back(Rows rows, Params<double> out, Power power) {
    const auto& data = *shard_.data;
    if (!data.is_sparse()) {
      Map matrix(out.data(), index(scores_), index(columns_));
      if (power == Power::second) rows_of(rows) = rows_of(rows).cwiseAbs2();
      matrix.noalias() += block_of(rows).transpose() * rows_of(rows);
      return;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto row = data.sparse_row(shard_.rows[rows.begin + i]);
      for (std::size_t c = 0; c < scores_; ++c) {
        const double factor = block_[i * scores_ + c];
        const auto out_c = out.subspan(c * columns_, columns_);
        if (power == Power::first) {
          add_scaled(factor, row, out_c);
        } else {
          add_squares(factor, row, out_c);
        }
        out_c.back() += has_bias() ? factor : 0;
      }
    }
  }

  const Shard& shard_;
  std::unique_ptr<ScoredLoss> loss_;
  std::size_t features_;
  std::size_t columns_;
  std::size_t scores_;
  double l2_;
  std::vector<double> state_;  // (n, k): what `at` left of the scores
  std::vector<double> block_;  // (b, k): numbers on their way back
  std::vector<double> rows_;   // (b, q): dense data only
};

}  // namespace

std::unique_ptr<ConvexProblem> make_score_problem(const ObjectiveOptions& options,
                                                  const Shard& shard,
                                                  std::unique_ptr<ScoredLoss> loss) {
  return std::make_unique<ScoreProblem>(options, shard, std::move(loss));
}

}  // namespace annulet::model
