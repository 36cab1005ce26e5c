/// Lengths of parameters, and whether they are any.
#pragma once

#include "model/types.hpp"

namespace annulet::model {

/// |x|^2, summed in double, in one order on every CPU: 16 chains, element i in chain i mod 16, then
/// the chains and what is left over.
[[nodiscard]] double norm2(ConstParams<float> x);

/// x -= y. Returns norm2(x) of what x is then, while it is at hand. y: as long as x.
double subtract(ConstParams<float> y, Params<float> x);

/// change <- x + factor change. Returns norm2(change) as it was. x: as long as it.
double step_along(ConstParams<float> x, float factor, Params<float> change);

/// Is none of them infinite or NaN?
[[nodiscard]] bool all_finite(ConstParams<float> x);
[[nodiscard]] bool all_finite(ConstParams<double> x);

}  // namespace annulet::model
