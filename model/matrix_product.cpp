/// The one place where networks multiply: three kinds of products, whoever adds which part.
#include "model/matrix_product.hpp"

#include <algorithm>
#include <functional>

#include <Eigen/Core>

namespace annulet::model {
namespace {

template <class Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class Scalar>
Eigen::Map<const Matrix<Scalar>, 0, Eigen::OuterStride<>> map(const Grid<const Scalar>& grid) {
  return {grid.first, grid.rows, grid.columns, Eigen::OuterStride<>(grid.stride)};
}

template <class Scalar>
Grid<Scalar> some_rows(Grid<Scalar> grid, std::ptrdiff_t begin, std::ptrdiff_t count) {
  return {grid.first + begin * grid.stride, count, grid.columns, grid.stride};
}
template <class Scalar>
Grid<Scalar> some_columns(Grid<Scalar> grid, std::ptrdiff_t begin, std::ptrdiff_t count) {
  return {grid.first + begin, grid.rows, count, grid.stride};
}

template <class Scalar>
void add_alone(Turned turned, const Grid<const Scalar>& left, const Grid<const Scalar>& right,
               const Grid<Scalar>& out) {
  Eigen::Map<Matrix<Scalar>, 0, Eigen::OuterStride<>> to(out.first, out.rows, out.columns,
                                                         Eigen::OuterStride<>(out.stride));
  switch (turned) {
    case Turned::neither:
      to.noalias() += map(left) * map(right);
      return;
    case Turned::left:
      to.noalias() += map(left).transpose() * map(right);
      return;
    case Turned::right:
      to.noalias() += map(left) * map(right).transpose();
      return;
  }
}

}  // namespace

template <class Scalar>
void add_product(Team* team, Turned turned, Grid<const Scalar> left, Grid<const Scalar> right,
                 Grid<Scalar> out) {
  constexpr std::ptrdiff_t kFew = 100'000;  // multiplications: some microseconds
  constexpr std::ptrdiff_t kTogether = 16;  // rows or columns that Eigen's inner loops take at once
  const std::ptrdiff_t inner = turned == Turned::left ? left.rows : left.columns;
  if (team == nullptr || out.rows * inner * out.columns < kFew) {
    add_alone(turned, left, right, out);
    return;
  }
  const bool by_rows = out.rows > out.columns;
  const std::ptrdiff_t all = std::max(out.rows, out.columns);
  const auto threads = static_cast<std::ptrdiff_t>(team->size());
  const auto width = ((all + threads - 1) / threads + kTogether - 1) / kTogether * kTogether;
  const auto add_part = [&](std::size_t part) {
    const auto begin = std::min(static_cast<std::ptrdiff_t>(part) * width, all);
    const auto count = std::min(width, all - begin);
    if (count == 0) return;
    if (by_rows) {
      const auto mine =
          turned == Turned::left ? some_columns(left, begin, count) : some_rows(left, begin, count);
      add_alone(turned, mine, right, some_rows(out, begin, count));
    } else {
      const auto mine = turned == Turned::right ? some_rows(right, begin, count)
                                                : some_columns(right, begin, count);
      add_alone(turned, left, mine, some_columns(out, begin, count));
    }
  };
  team->run(std::cref(add_part));
}

template void add_product(Team*, Turned, Grid<const float>, Grid<const float>, Grid<float>);
template void add_product(Team*, Turned, Grid<const double>, Grid<const double>, Grid<double>);

}  // namespace annulet::model
