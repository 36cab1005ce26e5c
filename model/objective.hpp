/// What is minimised: f(x; batch) = mean of loss(x; sample) + l2/2 |x|^2.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "model/random.hpp"
#include "model/score_loss.hpp"
#include "model/shard.hpp"
#include "model/team.hpp"
#include "model/types.hpp"

namespace annulet::model {

/// Sums over the rows of a shard, so that devices can add theirs up. All but loss need labels.
struct Evaluation {
  double loss = 0;     // sum of losses, without l2, accumulated in double
  double correct = 0;  // rows whose class was guessed right; binary: score > 0 counts as positive
  double rows = 0;
};

/// Const and stateless apart from scratch memory: one objective belongs to one device.
template <class Scalar>
class Objective {
 public:
  virtual ~Objective() = default;

  [[nodiscard]] virtual std::size_t dimension() const noexcept = 0;
  /// Floating point operations of one step on `batch` rows, counted as dense: for virtual time
  /// only.
  [[nodiscard]] virtual double step_flops(std::size_t batch) const noexcept = 0;
  /// L <= this * lambda_max(A'A)/n + l2, A the rows of the data (with the bias column, if any):
  /// 1/4 for logistic, 1/2 for softmax, ... 0 where the curvature does not depend on the rows,
  /// negative where there is no such L: not convex.
  [[nodiscard]] virtual double curvature_factor() const noexcept = 0;

  [[nodiscard]] virtual ScoreLoss score_loss() const noexcept { return ScoreLoss::none; }

  /// Threads that may share the work of gradient(), evaluate() and predict(), for who has much of
  /// it; null: none. The same bits for the same number of threads. It outlives the objective.
  virtual void share_with(Team* /*team*/) noexcept {}

  /// Where a run begins: x (d), drawn from `random`, the same on all devices. Zeros, where the
  /// objective has no other wish.
  virtual void start(Random& /*random*/, Params<Scalar> x) const {
    std::fill(x.begin(), x.end(), Scalar(0));
  }

  /// Writes grad f(x; batch), l2 included, to g and returns the mean loss of the batch, l2 not
  /// included (|x|^2 is not free on sparse rows, and no step needs it). x, g: (d). Throws DataError
  /// when the data have more columns than the model, as the two below do.
  virtual double gradient(ConstParams<Scalar> x, const Batch& batch, Params<Scalar> g) const = 0;

  /// Sums over rows [begin, end) of the shard.
  [[nodiscard]] virtual Evaluation evaluate(ConstParams<Scalar> x, const Shard& shard,
                                            std::size_t begin, std::size_t end) const = 0;

  /// How many numbers predict() says of a row. Classes: a score each, the first of the highest
  /// wins; or of two classes 1, a score, above 0 for class 1. Values: 1, the value. 0: the
  /// objective predicts nothing.
  [[nodiscard]] virtual std::size_t outputs() const noexcept { return 0; }
  /// What the model says of rows [begin, end) of the shard, whose targets it does not ask for. out:
  /// row-major (end - begin, outputs()).
  virtual void predict(ConstParams<Scalar> /*x*/, const Shard& /*shard*/, std::size_t /*begin*/,
                       std::size_t /*end*/, std::span<double> /*out*/) const {}
};

/// Of a network's hidden layers.
enum class Activation { tanh, relu };
/// Of a network's outputs: one for each class, or one value.
enum class Loss { softmax, squared };

/// What an entry of the catalogue makes an objective of.
struct ObjectiveOptions {
  std::string kind = "logistic";  // the name of an entry of the catalogue
  std::size_t features = 0;
  std::size_t classes = 2;  // softmax
  double l2 = 0;            // lambda >= 0
  bool bias = false;        // one constant feature more, regularised like the others; not quadratic
  // What layered entries of the catalogue take:
  std::vector<std::size_t> layers{};  // widths of the hidden layers, from the features on
  Activation activation = Activation::tanh;
  Loss loss = Loss::softmax;
};

/// Appends the one number a row that the two below compare with targets: what predict() said, or of
/// two scores how far the second is above the first. said: row-major (n, outputs). Of more outputs
/// there is no such number, and nothing is appended.
void append_scores(std::span<const double> said, std::size_t outputs, std::vector<double>& scores);

/// Area under the ROC curve of scores against targets 0/1, ties counted half; NaN where one class
/// is missing. O(n log n).
[[nodiscard]] double area_under_curve(std::span<const double> scores,
                                      std::span<const float> targets);

/// R2 of predictions against targets: 1 - (sum of squared errors) / (sum of squares about the
/// targets' mean); NaN where all targets are equal. Both: (n).
[[nodiscard]] double r2(std::span<const double> predictions, std::span<const float> targets);

/// out += A' A v over rows [begin, end) of the shard (with the bias column when v has one entry
/// more than `features`); v, out: (features (+1)). For power iteration. Accumulates in double.
void add_gram_product(const Shard& shard, std::size_t begin, std::size_t end, std::size_t features,
                      std::span<const double> v, std::span<double> out);

}  // namespace annulet::model
