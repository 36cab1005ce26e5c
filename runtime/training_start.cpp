/// What all devices agree on before step 0: the features' scale, the model they begin with, f*.
#include <memory>
#include <utility>
#include <vector>

#include "runtime/gather.hpp"
#include "runtime/initial_model.hpp"
#include "runtime/model_hash.hpp"
#include "runtime/ring_scale.hpp"
#include "runtime/training.hpp"

namespace annulet::runtime {

/// The scale of the run file, agreed on and put to use; null where there is none.
asio::awaitable<std::shared_ptr<const model::Scale>> Training::scale() {
  if (in_.config.data.scale == DataScale::none) co_return nullptr;
  if (in_.checkpointing.resume != nullptr) co_return co_await resumed_scale();
  if (!in_.config.model.init.empty()) co_return co_await initial_scale();
  const RingScaleInputs inputs{in_.processor,
                               in_.ring,
                               in_.evaluated,
                               options_.features,
                               [this] { return next_operation(); },
                               [this] { return deadline(); }};
  const auto scale = std::make_shared<const model::Scale>(co_await standard_scale_over(inputs));
  co_await in_.processor.run({}, [&] { in_.use_scale(*scale); });
  co_return scale;
}

/// The scale of the model that the run begins with, put to use.
asio::awaitable<std::shared_ptr<const model::Scale>> Training::initial_scale() {
  auto scale = std::move(in_.init_scale);
  scale.shift.resize(options_.features);
  scale.factor.resize(options_.features);
  scale = co_await share_scale(in_.ring, std::move(scale), next_operation(), deadline());
  check_scale_fits(scale, in_.shard.data->is_sparse());
  co_await in_.processor.run({}, [&] { in_.use_scale(scale); });
  co_return std::make_shared<const model::Scale>(std::move(scale));
}

/// The scale that the run began with, put to use.
asio::awaitable<std::shared_ptr<const model::Scale>> Training::resumed_scale() {
  const auto& scale = in_.checkpointing.head.scale;
  if (scale.factor.size() != options_.features) {
    throw CheckpointError(ErrorCode::checkpoint_does_not_fit,
                          "The checkpoints in " + in_.checkpointing.resume->folder +
                              " have no scale of the features, the run file has data.scale");
  }
  co_await in_.processor.run({}, [&] { in_.use_scale(scale); });
  co_return std::make_shared<const model::Scale>(scale);
}

/// From the start that all agree on to the starter's model.
asio::awaitable<void> Training::begin_with_model() {
  const auto operation = next_operation();
  if (in_.ring.place().rank == 0) {
    if (in_.init.size() != state_.x.size()) {
      throw model::DataError(ErrorCode::model_does_not_fit,
                             "model.init has another number of parameters than this run's model");
    }
    state_.x = std::move(in_.init);
  }
  co_await share_model(in_.ring, state_.x, operation, deadline());
  state_.hash = hash_of(state_.x);
}

/// With run.target_gap all learn f* from the starter, and so see in the same round that it is near.
asio::awaitable<void> Training::agree_on_optimum(std::stop_token stop) {
  if (!in_.config.run.target_gap) co_return;
  std::vector<double> mine{0};
  if (in_.view.rank == 0) mine[0] = co_await in_.find_optimum(stop);
  const auto all = co_await gather(in_.ring, next_operation(), std::move(mine), deadline());
  results_.f_star = all[0][0];
}

}  // namespace annulet::runtime
