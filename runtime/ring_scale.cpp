/// The scale of the features, agreed on by all devices before step 0.
#include "runtime/ring_scale.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "runtime/gather.hpp"

namespace annulet::runtime {
namespace {

constexpr std::size_t kDoublesAtOnce = (std::size_t{1} << 20U) / 3;  // a double is three floats

/// Features [begin, end) of all devices, by rank, out of what gather brought.
std::vector<model::Moments> parts_of(const std::vector<std::vector<double>>& gathered) {
  std::vector<model::Moments> parts;
  for (const auto& numbers : gathered) {
    const std::span<const double> all(numbers);
    const auto mean = all.subspan(1, (all.size() - 1) / 2);
    const auto deviation = all.last(mean.size());
    parts.push_back({all[0], {mean.begin(), mean.end()}, {deviation.begin(), deviation.end()}});
  }
  return parts;
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

asio::awaitable<model::Scale> standard_scale_over(RingScaleInputs in) {
  const auto& part = in.evaluated;
  const auto& data = *part.shard.data;
  model::Moments mine;
  const auto rows = std::span(part.shard.rows).subspan(part.begin, part.end - part.begin);
  const devices::Flops cost{6.0 * static_cast<double>(rows.size()) *
                            static_cast<double>(in.features)};
  co_await in.processor.run(cost, [&] { mine = model::moments_of(data, rows, in.features); });
  const std::size_t workers = in.ring.place().size;
  const std::size_t block = std::max<std::size_t>(1, (kDoublesAtOnce / workers - 1) / 2);
  model::Moments all;
  for (std::size_t begin = 0; begin < in.features; begin += block) {
    const std::size_t size = std::min(block, in.features - begin);
    std::vector<double> numbers{mine.rows};
    for (const auto* values : {&mine.mean, &mine.deviation}) {
      const auto some = std::span(*values).subspan(begin, size);
      numbers.insert(numbers.end(), some.begin(), some.end());
    }
    auto operation = in.next_operation();
    const auto gathered = co_await gather(in.ring, operation, std::move(numbers), in.deadline());
    const auto together = model::pooled(parts_of(gathered));
    append(all.mean, together.mean);
    append(all.deviation, together.deviation);
  }
  co_return model::standard_scale(all, data.is_sparse());
}

}  // namespace annulet::runtime
