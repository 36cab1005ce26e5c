/// What of the losses is done once for many rows.
#include "model/score_loss.hpp"

#include "model/portable_math.hpp"

namespace annulet::model {

void LogisticSum::settle() {
  sum_ += log_one_plus(std::exchange(beyond_one_, 0.0), portable_log);
  factors_ = 0;
}

double LogisticSum::take() {
  settle();
  return std::exchange(sum_, 0.0);
}

}  // namespace annulet::model
