/// Loading and cutting a device's data.
#include "runtime/local_data.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "model/partition.hpp"
#include "model/random.hpp"
#include "runtime/columns.hpp"
#include "transport/membership.hpp"

namespace annulet::runtime {
namespace {

constexpr std::uint64_t kPartitionSeed = 2;

/// Which share of the run file's data a device has: places count only among those that share it.
struct Share {
  std::size_t index = 0, count = 0;
};

Share share_of(const transport::View& view) {
  Share share;
  for (std::size_t r = 0; r < view.members.size(); ++r) {
    if (r == view.rank) share.index = share.count;
    if (!view.members[r].own_data) ++share.count;
  }
  return share;
}

}  // namespace

std::uint64_t partition_seed(std::uint64_t run_seed) {
  return model::derive_seed(run_seed, 0, kPartitionSeed);
}

void LocalData::load(DataSource& source, const RunConfig& config, const model::DataPath* own,
                     Wanted wanted) {
  own_ = own != nullptr;
  model::DataPath path = own_ ? *own : config.data.train;
  path.label = config.data.train.label;
  if (path.empty()) {
    throw model::DataError(
        ErrorCode::no_data,
        "The run file names no training data: bring this device's own with --data PATH");
  }
  source_ = &source;
  path_ = path;
  is_share_ = !own_ && !wanted.whole && config.data.partition.kind != model::PartitionKind::all;
  train_ = is_share_ ? source.outline(path) : source.load(path);
  label_number_ = path.label.number;
  if (!wanted.test || config.data.test.empty()) return;
  test_ = source.load(config.data.test);
  if (counts_outputs(*test_) == counts_outputs(*train_)) return;
  const auto format = [this](const model::Dataset& data) {
    return counts_outputs(data) ? "FANN text, where it is an output" : "CSV, where it is a column";
  };
  throw model::DataError(ErrorCode::test_data_do_not_fit,
                         "data.label is " + std::to_string(label_number_) + ", and data.test, " +
                             config.data.test.text() + ", is " + format(*test_) +
                             "; the training data are " + format(*train_) +
                             ": give both in one format.");
}

/// data.label is the number of an output, not of a column.
bool LocalData::counts_outputs(const model::Dataset& data) const {
  return label_number_ > 0 && data.origin().format == model::DataFormat::fann;
}

transport::Survey LocalData::survey(model::LabelUse use) const {
  auto found = model::survey(*train_, model::names_classes(use));
  return {found.rows,
          found.features,
          found.sparse,
          own_,
          columns_digest(train_->origin()),
          std::move(found.labels),
          counts_outputs(*train_)};
}

std::uint64_t LocalData::bytes() const {
  const auto of = [](const model::Shard& shard) {
    return std::uint64_t{shard.rows.size()} * sizeof(model::Index) +
           std::uint64_t{shard.targets.size()} * sizeof(float);
  };
  return (is_share_ ? train_->bytes(shard_.rows) : train_->bytes()) + (test_ ? test_->bytes() : 0) +
         of(shard_) + of(test_shard_);
}

void LocalData::cut(const RunConfig& config, const transport::View& view, model::LabelUse use,
                    const std::string& name) {
  const model::LabelMap map(view.labels);
  const std::uint64_t n = train_->rows();
  const Share share = share_of(view);
  const bool has_all = own_ || config.data.partition.kind == model::PartitionKind::all;
  const model::Partition everything{model::PartitionKind::all, 0};
  const auto seed = partition_seed(config.run.seed);
  auto rows = model::partition_rows(has_all ? everything : config.data.partition, *train_,
                                    share.index, std::max<std::size_t>(1, share.count), seed);
  shard_ = model::make_shard(train_, std::move(rows), use, map);
  if (shard_.size() == 0) {
    throw transport::RendezvousError(
        ErrorCode::too_few_rows, "No rows are left for " + name + ": " + std::to_string(n) +
                                     " rows were cut among " + std::to_string(share.count) +
                                     " devices. Use fewer devices or data.partition = \"all\".");
  }
  keep_own_rows();
  const bool slice = has_all && !own_;
  // Rows of 32 bits times devices: more than 32 bits on small machines, too.
  const auto part = [&](std::uint64_t index) {
    return static_cast<std::size_t>(n * index / share.count);
  };
  evaluated_begin_ = slice ? part(share.index) : 0;
  evaluated_end_ = slice ? part(share.index + 1) : shard_.size();
  if (test_) cut_test(config, view, use);
}

/// Of what was only outlined so far. Positions in the shard stay: the same mini-batches are drawn.
void LocalData::keep_own_rows() {
  if (!train_->is_outline()) return;
  auto own = shard_.rows;
  std::ranges::sort(own);
  train_ = shard_.data = source_->rows(path_, *train_, own);
  for (auto& row : shard_.rows) {
    row = static_cast<model::Index>(std::ranges::lower_bound(own, row) - own.begin());
  }
}

void LocalData::use_scale(DataSource& source, const model::Scale& scale) {
  train_ = shard_.data = source.scaled(train_, scale);
  if (test_) test_ = test_shard_.data = source.scaled(test_, scale);
}

model::Shard LocalData::whole(const transport::View& view, model::LabelUse use) const {
  std::vector<model::Index> all(train_->rows());
  std::iota(all.begin(), all.end(), model::Index{0});
  return model::make_shard(train_, std::move(all), use, model::LabelMap(view.labels));
}

void LocalData::cut_test(const RunConfig& config, const transport::View& view,
                         model::LabelUse use) {
  const std::string where = "data.test, " + config.data.test.text() + ": ";
  if (test_->features() > view.features) {
    throw model::DataError(ErrorCode::test_data_do_not_fit,
                           where + std::to_string(test_->features()) + " features, more than the " +
                               std::to_string(view.features) +
                               " of the training data; data.features sets how many there are.");
  }
  if (const auto differs = columns_differ(test_->origin(), origin().columns, "training data have");
      !differs.empty()) {
    throw model::DataError(ErrorCode::test_data_do_not_fit,
                           where + differs + ": give both the same columns in the same order.");
  }
  const auto labels = model::survey(*test_, model::names_classes(use)).labels;
  for (const float label : labels) {
    if (std::ranges::count(view.labels, label) > 0) continue;
    throw model::DataError(
        ErrorCode::test_data_do_not_fit,
        where + "label " + model::label_text(label) + " is none of the training data's labels.");
  }
  std::vector<model::Index> all(test_->rows());
  std::iota(all.begin(), all.end(), model::Index{0});
  test_shard_ = model::make_shard(test_, std::move(all), use, model::LabelMap(view.labels));
}

}  // namespace annulet::runtime
