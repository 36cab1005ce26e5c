/// The names of the cells of the reproduction, which is how its figures find them.
#pragma once

#include <string>

#include "runtime/reproduction.hpp"

namespace annulet::runtime {

/// H = 0 stands for H = T, one average at the end.
inline constexpr model::Step kOneShot = 0;

[[nodiscard]] std::string h_text(model::Step h);
/// Local SGD: B = 4.
[[nodiscard]] std::string cell_name(std::size_t devices, model::Step h, double eps);
/// H = 1 with batches of 4 * factor.
[[nodiscard]] std::string batch_name(std::size_t devices, model::Step factor);
[[nodiscard]] std::string doubling_name(double alpha);
/// At the paper's own step size.
[[nodiscard]] std::string own_step_name(model::Step h);

}  // namespace annulet::runtime
