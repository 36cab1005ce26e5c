/// What there is to say of checkpoints while a run goes on.
#include "runtime/checkpoint_news.hpp"

#include <utility>

namespace annulet::runtime {

std::string CheckpointNews::hear(const Checkpointed& event) {
  newest_ = event.newest;
  const bool fails = !event.problem.empty();
  const bool changes = fails != std::exchange(is_missing_, fails);
  if (!changes) return {};
  const auto round = std::to_string(event.round);
  if (!fails) return "checkpoints are written again: that of round " + round + " is there";
  const auto there_is = newest_ > 0
                            ? "the newest checkpoint here is of round " + std::to_string(newest_)
                            : std::string("there is no checkpoint here yet");
  return "no checkpoint of round " + round + ": " + event.problem + ". The run goes on; " +
         there_is + ". Free some space.";
}

}  // namespace annulet::runtime
