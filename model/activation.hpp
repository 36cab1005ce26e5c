/// What a network's hidden layers do to their sums, and what that does to slopes.
#pragma once

#include <span>

#include "model/objective.hpp"

namespace annulet::model {

/// z becomes what is activated, in place; for float and double. tanh is made of exp: the library's
/// is not the same on all processors, its expf is. It errs by about one rounding of 1, also near 0.
template <class Scalar>
void activate(Activation activation, std::span<Scalar> z);

/// The slopes by a, what was activated, become those by what it was made of. Both: (n).
template <class Scalar>
void pass_back(Activation activation, std::span<const Scalar> a, std::span<Scalar> slope);

}  // namespace annulet::model
