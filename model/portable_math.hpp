/// Functions with the same bits on all processors, by + - * / and powers of two alone, which are
/// exact or rounded in one way: the C library's of double differ in the last bit.
#pragma once

namespace annulet::model {

/// Natural logarithm of a finite x > 0. Relative error about 1e-15.
[[nodiscard]] double portable_log(double x);
/// e^x for x <= 0. Relative error about 2e-16 max(1, |x|).
[[nodiscard]] double portable_exp(double x);

}  // namespace annulet::model
