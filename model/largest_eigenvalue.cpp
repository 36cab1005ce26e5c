/// The Lanczos process for A'A, never forming A'A.
#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include <Eigen/Eigenvalues>

#include "model/optimum.hpp"
#include "model/random.hpp"

namespace annulet::model {
namespace {

constexpr double kResidual = 1e-10;
constexpr std::size_t kMostLinks = 1000, kBetweenLooks = 10;
constexpr std::uint64_t kStartSeed = 1;  // any: but every call gives the same

using Vector = Eigen::VectorXd;

Vector start_vector(std::size_t columns) {
  Random random(kStartSeed);
  Vector v(static_cast<Eigen::Index>(columns));
  for (double& value : v) value = random.uniform() - 0.5;
  return v / v.norm();
}

Vector product(const GramMatrix& gram, const Vector& v, const std::stop_token& stop) {
  constexpr std::size_t kBlock = 4096;  // so that it ends soon when told to
  Vector out = Vector::Zero(v.size());
  for (std::size_t begin = 0; begin < gram.shard.size() && !stop.stop_requested();
       begin += kBlock) {
    const std::size_t end = std::min(gram.shard.size(), begin + kBlock);
    add_gram_product(gram.shard, begin, end, gram.features,
                     std::span(v.data(), static_cast<std::size_t>(v.size())),
                     std::span(out.data(), static_cast<std::size_t>(out.size())));
  }
  return out;
}

/// The tridiagonal matrix that the process builds, entry by entry.
struct Tridiagonal {
  std::vector<double> diagonal, beside;  // beside: one more than T has, the link to what follows

  /// The largest eigenvalue of T, and how far its vector is from being one of A'A.
  [[nodiscard]] std::pair<double, double> largest() const {
    const auto size = static_cast<Eigen::Index>(diagonal.size());
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
    solver.computeFromTridiagonal(Eigen::Map<const Vector>(diagonal.data(), size),
                                  Eigen::Map<const Vector>(beside.data(), size - 1));
    const double last = solver.eigenvectors()(size - 1, size - 1);
    return {solver.eigenvalues()(size - 1), std::abs(beside.back() * last)};
  }
};

}  // namespace

// Vectors are not made orthogonal again: rounding then repeats eigenvalues that have been found,
// but spoils neither the largest nor its residual (Parlett 1998, 13.3).
double largest_eigenvalue(const GramMatrix& gram, const std::stop_token& stop) {
  if (gram.columns == 0) return 0;
  Tridiagonal T;
  Vector v = start_vector(gram.columns), before = Vector::Zero(v.size());
  double link = 0, value = 0;
  for (std::size_t k = 1; k <= kMostLinks && !stop.stop_requested(); ++k) {
    Vector u = product(gram, v, stop) - link * before;
    T.diagonal.push_back(u.dot(v));
    u -= T.diagonal.back() * v;
    link = u.norm();
    T.beside.push_back(link);
    if (k % kBetweenLooks == 0 || k == gram.columns || link == 0 || k == kMostLinks) {
      double residual = 0;
      std::tie(value, residual) = T.largest();
      if (link == 0 || residual <= kResidual * value) break;
    }
    before = std::exchange(v, u / link);
  }
  return value;
}

}  // namespace annulet::model
