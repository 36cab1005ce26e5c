/// How Eigen cuts matrix products into blocks.
#pragma once

namespace annulet::model {

/// Eigen blocks a matrix product by the cache sizes it finds, which decides the order of sums: in
/// the golden build they are fixed. To be called by whoever is about to multiply; cheap.
void fix_block_sizes();

}  // namespace annulet::model
