/// Which rows of its shard a device puts in the next mini-batch.
#include "model/sampler.hpp"

#include <numeric>

namespace annulet::model {

Sampler::Sampler(Sampling sampling, std::size_t shard_size, std::size_t batch, std::uint64_t seed)
    : sampling_(sampling), size_(shard_size), random_(seed), batch_(batch) {
  if (sampling == Sampling::shuffle) {
    order_.resize(shard_size);
    std::iota(order_.begin(), order_.end(), Index{0});
    random_.shuffle(order_);
  }
}

std::span<const Index> Sampler::next() {
  for (auto& position : batch_) {
    if (sampling_ == Sampling::replacement) {
      position = static_cast<Index>(random_.below(size_));
      continue;
    }
    if (cursor_ == size_) {
      cursor_ = 0;
      random_.shuffle(order_);
    }
    position = sampling_ == Sampling::shuffle ? order_[cursor_] : static_cast<Index>(cursor_);
    ++cursor_;
  }
  return batch_;
}

}  // namespace annulet::model
