/// Matrix products that threads share.
#pragma once

#include <cstddef>
#include <type_traits>

#include "model/team.hpp"

namespace annulet::model {

/// Numbers that lie row by row: (rows, columns), a row every `stride` numbers.
template <class Scalar>
struct Grid {
  Scalar* first;
  std::ptrdiff_t rows, columns, stride;

  // NOLINTNEXTLINE(google-explicit-constructor): what may be written may be read
  operator Grid<const Scalar>() const requires(!std::is_const_v<Scalar>) {
    return {first, rows, columns, stride};
  }
};

/// Which of the two factors is to be turned: rows for columns.
enum class Turned { neither, left, right };

/// out += left right. Where that is long, each thread of the team adds a part of the rows, or of
/// the columns where there are more. For float and double. O(rows x inner x columns).
template <class Scalar>
void add_product(Team* team, Turned turned, Grid<const Scalar> left, Grid<const Scalar> right,
                 Grid<Scalar> out);

}  // namespace annulet::model
