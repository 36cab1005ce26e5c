/// Fully connected networks: a batch at a time by matrix products; sparse rows enter by loops.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <Eigen/Core>

#include "model/activation.hpp"
#include "model/eigen_blocks.hpp"
#include "model/matrix_product.hpp"
#include "model/mlp_layers.hpp"
#include "model/objectives.hpp"
#include "model/random.hpp"
#include "model/rows.hpp"
#include "model/softmax_loss.hpp"
#include "model/team_work.hpp"

namespace annulet::model {
namespace {

/// Work space for one block of rows holds about this many numbers, whatever the batch.
constexpr std::size_t kWorkNumbers = std::size_t{1} << 20U;

std::size_t rows_at_once(const std::vector<Layer>& layers) {
  std::size_t numbers = layers.front().inputs;
  for (const auto& layer : layers) numbers += 2 * layer.outputs;
  return std::max<std::size_t>(1, kWorkNumbers / numbers);
}

/// L layers; layer l maps (rows, inputs) to (rows, outputs): Z = A W + b, then the activation, but
/// for the last one. The names are those of backpropagation: delta is the loss's slope by Z.
template <class Scalar>
class Mlp final : public Objective<Scalar> {
 public:
  explicit Mlp(const ObjectiveOptions& options)
      : layers_(layers_of(options)),
        activation_(options.activation),
        loss_(options.loss),
        l2_(static_cast<Scalar>(options.l2)),
        rows_at_once_(rows_at_once(layers_)),
        values_(layers_.size() + 1),
        slopes_(layers_.size() + 1) {
    fix_block_sizes();
  }

  std::size_t dimension() const noexcept override { return layers_.back().end(); }
  double curvature_factor() const noexcept override { return -1; }
  double step_flops(std::size_t batch) const noexcept override {
    return (6.0 * static_cast<double>(batch) + 4.0) * static_cast<double>(dimension());
  }

  /// Glorot and Bengio 2010, (16): weights uniform in +-sqrt(6 / (inputs + outputs)), biases 0.
  void start(Random& random, Params<Scalar> x) const override {
    std::fill(x.begin(), x.end(), Scalar(0));
    for (const auto& layer : layers_) {
      const double reach = std::sqrt(6.0 / static_cast<double>(layer.inputs + layer.outputs));
      for (auto& weight : x.subspan(layer.at, layer.inputs * layer.outputs)) {
        weight = static_cast<Scalar>(reach * (2 * random.uniform() - 1));
      }
    }
  }

  void share_with(Team* team) noexcept override { team_ = team; }

  double gradient(ConstParams<Scalar> x, const Batch& batch, Params<Scalar> g) const override {
    const auto size = static_cast<Scalar>(batch.positions.size());
    set_scaled(team_, l2_, x, g);  // to which the rows' parts are added
    double sum = 0;
    for (std::size_t begin = 0; begin < batch.positions.size(); begin += rows_at_once_) {
      const auto rows = std::min(rows_at_once_, batch.positions.size() - begin);
      const Batch block{batch.shard, batch.positions.subspan(begin, rows)};
      forward(x, block);
      sum += find_slopes(block, size);
      slopes_.back().swap(values_.back());
      backward(x, block, g);
      slopes_.back().swap(values_.back());  // each keeps its memory for the next block
    }
    return sum / static_cast<double>(batch.positions.size());
  }

  Evaluation evaluate(ConstParams<Scalar> x, const Shard& shard, std::size_t begin,
                      std::size_t end) const override {
    Evaluation sums;
    for_blocks(x, shard, begin, end, [&](const Batch& block) {
      sums.correct += correct(block);
      sums.loss += find_slopes(block, Scalar(1));
      sums.rows += static_cast<double>(block.positions.size());
    });
    return sums;
  }

  std::size_t outputs() const noexcept override { return layers_.back().outputs; }
  void predict(ConstParams<Scalar> x, const Shard& shard, std::size_t begin, std::size_t end,
               std::span<double> out) const override {
    auto to = out.begin();
    for_blocks(x, shard, begin, end, [&](const Batch&) {
      to = std::transform(values_.back().begin(), values_.back().end(), to,
                          [](Scalar value) { return static_cast<double>(value); });
    });
  }

 private:
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Map = Eigen::Map<Matrix>;
  using ConstMap = Eigen::Map<const Matrix>;
  using RowMap = Eigen::Map<Eigen::Matrix<Scalar, 1, Eigen::Dynamic>>;
  using ConstRowMap = Eigen::Map<const Eigen::Matrix<Scalar, 1, Eigen::Dynamic>>;

  static Eigen::Index index(std::size_t n) { return static_cast<Eigen::Index>(n); }
  static RowMap vector(Params<Scalar> v) { return {v.data(), index(v.size())}; }
  static ConstRowMap vector(ConstParams<Scalar> v) { return {v.data(), index(v.size())}; }
  /// A block's numbers as a matrix: as many rows as it has.
  static Map matrix(std::vector<Scalar>& numbers, std::size_t columns) {
    return {numbers.data(), index(numbers.size() / columns), index(columns)};
  }
  /// The same for products.
  static Grid<Scalar> grid(Map map) { return {map.data(), map.rows(), map.cols(), map.cols()}; }
  static Grid<const Scalar> grid(const ConstMap& map) {
    return {map.data(), map.rows(), map.cols(), map.cols()};
  }
  static ConstMap weights(ConstParams<Scalar> x, const Layer& layer) {
    return {x.data() + layer.at, index(layer.inputs), index(layer.outputs)};
  }
  static Map weights(Params<Scalar> g, const Layer& layer) {
    return {g.data() + layer.at, index(layer.inputs), index(layer.outputs)};
  }
  static ConstRowMap biases(ConstParams<Scalar> x, const Layer& layer) {
    return {x.data() + layer.biases_at(), index(layer.outputs)};
  }

  SparseRow sparse_row(const Batch& block, std::size_t i) const {
    return block.shard.data->sparse_row(block.shard.rows[block.positions[i]]);
  }

  template <class Use>
  void for_blocks(ConstParams<Scalar> x, const Shard& shard, std::size_t begin, std::size_t end,
                  Use use) const {
    std::vector<Index> positions;
    for (; begin < end; begin += positions.size()) {
      positions.resize(std::min({std::size_t{256}, rows_at_once_, end - begin}));
      std::iota(positions.begin(), positions.end(), static_cast<Index>(begin));
      const Batch block{shard, positions};
      forward(x, block);
      use(block);
    }
  }

  /// values_[l] (rows, inputs of layer l), the last one the outputs. Sparse rows leave values_[0]
  /// alone.
  void forward(ConstParams<Scalar> x, const Batch& block) const {
    check_columns(*block.shard.data, layers_.front().inputs);
    const auto rows = block.positions.size();
    const bool sparse = block.shard.data->is_sparse();
    if (!sparse) copy_rows(block);
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const auto& layer = layers_[l];
      values_[l + 1].resize(rows * layer.outputs);
      auto out = matrix(values_[l + 1], layer.outputs);
      if (l == 0 && sparse) {
        multiply_sparse(x, block, out);
      } else {
        out.setZero();
        add_product<Scalar>(team_, Turned::neither, grid(matrix(values_[l], layer.inputs)),
                            grid(weights(x, layer)), grid(out));
      }
      share(team_, rows, values_[l + 1].size(), [&](std::size_t begin, std::size_t end) {
        out.middleRows(index(begin), index(end - begin)).rowwise() += biases(x, layer);
        const auto z = std::span(values_[l + 1]);
        if (l + 1 < layers_.size()) {
          activate(activation_, z.subspan(begin * layer.outputs, (end - begin) * layer.outputs));
        }
      });
    }
  }

  void copy_rows(const Batch& block) const {
    const auto width = layers_.front().inputs;
    values_[0].resize(block.positions.size() * width);
    share(team_, block.positions.size(), values_[0].size(), [&](std::size_t i, std::size_t end) {
      for (; i < end; ++i) {
        block.shard.data->copy_row(block.shard.rows[block.positions[i]],
                                   std::span(values_[0]).subspan(i * width, width));
      }
    });
  }

  void multiply_sparse(ConstParams<Scalar> x, const Batch& block, Map& out) const {
    const auto w = weights(x, layers_.front());
    out.setZero();
    for (std::size_t i = 0; i < block.positions.size(); ++i) {
      const auto row = sparse_row(block, i);
      for (std::size_t k = 0; k < row.index.size(); ++k) {
        out.row(index(i)) += static_cast<Scalar>(row.value[k]) * w.row(index(row.index[k]));
      }
    }
  }

  std::span<Scalar> outputs_of(std::size_t i) const {
    return std::span(values_.back()).subspan(i * outputs(), outputs());
  }

  double correct(const Batch& block) const {
    if (loss_ != Loss::softmax) return 0;
    double count = 0;
    for (std::size_t i = 0; i < block.positions.size(); ++i) {
      const auto scores = outputs_of(i);
      const auto best = std::max_element(scores.begin(), scores.end()) - scores.begin();
      count += static_cast<std::size_t>(best) == target_class(block, i) ? 1 : 0;
    }
    return count;
  }

  static float target(const Batch& block, std::size_t i) {
    return block.shard.targets[block.positions[i]];
  }
  static std::size_t target_class(const Batch& block, std::size_t i) {
    return static_cast<std::size_t>(target(block, i));
  }

  /// The sum of the block's losses; the outputs become the losses' slopes by them, over `size`.
  double find_slopes(const Batch& block, Scalar size) const {
    double sum = 0;
    for (std::size_t i = 0; i < block.positions.size(); ++i) {
      const auto scores = outputs_of(i);
      if (loss_ == Loss::squared) {
        const auto at = squared_loss(scores.front(), target(block, i));
        sum += static_cast<double>(at.loss);
        scores.front() = at.slope / size;
        continue;
      }
      const auto is = target_class(block, i);
      sum += static_cast<double>(to_probabilities(scores, is));
      scores[is] -= Scalar(1);
      for (auto& slope : scores) slope /= size;
    }
    return sum;
  }

  /// Adds the block's part of the gradient to g; values_ are those of forward(), the last of
  /// slopes_ is that of find_slopes().
  void backward(ConstParams<Scalar> x, const Batch& block, Params<Scalar> g) const {
    for (std::size_t l = layers_.size(); l-- > 0;) {
      const auto& layer = layers_[l];
      const auto delta = matrix(slopes_[l + 1], layer.outputs);
      auto g_weights = weights(g, layer);
      vector(g.subspan(layer.biases_at(), layer.outputs)) += delta.colwise().sum();
      if (l == 0 && block.shard.data->is_sparse()) {
        add_sparse_products(block, delta, g_weights);
        return;
      }
      const auto inputs = grid(matrix(values_[l], layer.inputs));
      add_product<Scalar>(team_, Turned::left, inputs, grid(delta), grid(g_weights));
      if (l == 0) return;
      slopes_[l].resize(values_[l].size());
      auto before = matrix(slopes_[l], layer.inputs);
      before.setZero();
      add_product<Scalar>(team_, Turned::right, grid(delta), grid(weights(x, layer)), grid(before));
      share(team_, slopes_[l].size(), slopes_[l].size(), [&](std::size_t begin, std::size_t end) {
        const auto part = [&](auto& of) { return std::span(of).subspan(begin, end - begin); };
        pass_back(activation_, ConstParams<Scalar>(part(values_[l])), part(slopes_[l]));
      });
    }
  }

  void add_sparse_products(const Batch& block, const Map& delta, Map& g_weights) const {
    for (std::size_t i = 0; i < block.positions.size(); ++i) {
      const auto row = sparse_row(block, i);
      for (std::size_t k = 0; k < row.index.size(); ++k) {
        g_weights.row(index(row.index[k])) +=
            static_cast<Scalar>(row.value[k]) * delta.row(index(i));
      }
    }
  }

  std::vector<Layer> layers_;
  Activation activation_;
  Loss loss_;
  Scalar l2_;
  std::size_t rows_at_once_;
  Team* team_ = nullptr;
  mutable std::vector<std::vector<Scalar>> values_, slopes_;  // of one block of rows
};

}  // namespace

CatalogueEntry mlp_entry() {
  return {.name = "mlp",
          .labels = LabelUse::classes,
          .no_bias = "has biases of its own in every layer",
          .layered = true,
          .convex = false,
          .dimension = mlp_dimension,
          .make_float = make<Mlp, float>};
}

std::unique_ptr<Objective<double>> mlp_in_double(const ObjectiveOptions& options) {
  return make<Mlp, double>(options);
}
}  // namespace annulet::model
