/// How Eigen cuts matrix products into blocks.
#include "model/eigen_blocks.hpp"

#include <Eigen/Core>

namespace annulet::model {

void fix_block_sizes() {
#ifdef ANNULET_GOLDEN
  static const bool done = [] {
    Eigen::setCpuCacheSizes(32768, 262144, 1048576);
    return true;
  }();
  static_cast<void>(done);
#endif
}

}  // namespace annulet::model
