/// Functions with the same bits on all processors, by + - * / alone: the C library's of double
/// differ in the last one.
#pragma once

namespace annulet::model {

/// Natural logarithm of x > 0. Relative error about 1e-15.
[[nodiscard]] double portable_log(double x);
/// e^x for x <= 0.
[[nodiscard]] double portable_exp(double x);

}  // namespace annulet::model
