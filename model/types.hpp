/// Words that all of model/ shares: parameters, gradients, steps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace annulet::model {

/// A number of local SGD steps, or the index t of one (0-based).
using Step = std::int64_t;

/// The model's parameters x: (d). The product computes in float, tests also in double.
template <class Scalar>
using Params = std::span<Scalar>;
template <class Scalar>
using ConstParams = std::span<const Scalar>;

/// An index of a row, a feature or a class.
using Index = std::uint32_t;

}  // namespace annulet::model
