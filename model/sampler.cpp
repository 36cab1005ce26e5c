/// Which rows of its shard a device puts in the next mini-batch.
#include "model/sampler.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace annulet::model {

Sampler::Sampler(Sampling sampling, std::size_t shard_size, std::size_t batch, std::uint64_t seed)
    : sampling_(sampling),
      size_(shard_size),
      batch_(batch),
      random_(seed),
      batches_(kBatchesKept * batch),
      committed_random_(random_) {
  if (sampling == Sampling::shuffle) {
    order_.resize(shard_size);
    std::iota(order_.begin(), order_.end(), Index{0});
    random_.shuffle(order_);
    committed_order_ = order_;  // so that next() need not allocate
  }
  commit();
}

std::span<const Index> Sampler::next() {
  const auto batch = std::span(batches_).subspan(drawn_, batch_);
  drawn_ = drawn_ + batch_ == batches_.size() ? 0 : drawn_ + batch_;
  if (sampling_ == Sampling::replacement) {
    for (auto& position : batch) position = static_cast<Index>(random_.below(size_));
    return batch;
  }
  for (auto& position : batch) {
    if (cursor_ == size_) {
      cursor_ = 0;
      if (!std::exchange(order_changed_, true)) committed_order_ = order_;
      random_.shuffle(order_);
    }
    position = sampling_ == Sampling::shuffle ? order_[cursor_] : static_cast<Index>(cursor_);
    ++cursor_;
  }
  return batch;
}

void Sampler::commit() {
  committed_random_ = random_;
  committed_cursor_ = cursor_;
  order_changed_ = false;
}

void Sampler::save_committed(SamplerState& state) const {
  state.random = committed_random_.state();
  state.cursor = committed_cursor_;
  state.order = order_changed_ ? committed_order_ : order_;
}

bool Sampler::restore(const SamplerState& state) {
  if (state.cursor > size_ || state.order.size() != order_.size()) return false;
  std::vector<bool> seen(order_.size());
  for (const Index position : state.order) {
    if (position >= size_ || seen[position]) return false;
    seen[position] = true;
  }
  random_.restore(state.random);
  cursor_ = static_cast<std::size_t>(state.cursor);
  order_ = state.order;
  commit();
  return true;
}

}  // namespace annulet::model
