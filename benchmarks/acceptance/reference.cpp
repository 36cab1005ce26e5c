/// What an independent simulator in float64 found: mean T of five seeds, B = 4, eps = 0.005.
#include "benchmarks/acceptance/claims.hpp"

namespace annulet::benchmarks {

std::vector<TableEntry> reference_table() {
  // A row a line.
  // clang-format off
  return {
      {1, "1", 16344, 1256, "c0.03125", "W=1 H=1"},
      {4, "1", 4083, 289, "c0.125", "W=4 H=1"},
      {4, "4", 4235, 325, "c0.125", "W=4 H=4"},
      {4, "16", 4598, 437, "c0.125", "W=4 H=16"},
      {4, "64", 6182, 497, "c0.125", "W=4 H=64"},
      {4, "T", 10177, 867, "c0.0625", "W=4 H=T"},
      {8, "1", 1779, 258, "d0.125", "W=8 H=1"},
      {8, "4", 2828, 305, "c0.25", "W=8 H=4"},
      {8, "16", 3258, 259, "c0.125", "W=8 H=16"},
      {8, "64", 4058, 419, "c0.125", "W=8 H=64"},
      {8, "T", 6903, 294, "c0.0625", "W=8 H=T"},
      {16, "1", 821, 102, "d0.125", "W=16 H=1"},
      {16, "4", 1697, 195, "d0.125", "W=16 H=4"},
      {16, "16", 2365, 219, "d0.125", "W=16 H=16"},
      {16, "64", 2957, 178, "d0.125", "W=16 H=64"},
      {16, "T", 5503, 604, "c0.0625", "W=16 H=T"},
  };
  // clang-format on
}

}  // namespace annulet::benchmarks
