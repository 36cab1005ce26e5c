/// The data of this device in one run: as it was read, and as it is used.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "model/shard.hpp"
#include "runtime/data_source.hpp"
#include "runtime/run_config.hpp"
#include "runtime/smoothness.hpp"
#include "transport/messages.hpp"

namespace annulet::runtime {

/// What data.partition draws with, of run.seed.
[[nodiscard]] std::uint64_t partition_seed(std::uint64_t run_seed);

class LocalData {
 public:
  struct Wanted {
    bool test = false;   // the test set, too, which the starter reads
    bool whole = false;  // all rows, also where this device is to have a share of them
  };
  /// Reads --data, or else the run file's set: of one that is to be cut its outline, where the
  /// source has that. Throws model::DataError. May run on any thread, alone. The source must
  /// outlive this.
  void load(DataSource& source, const RunConfig& config, const model::DataPath* own, Wanted wanted);

  /// What the other devices learn of it. Throws model::DataError.
  [[nodiscard]] transport::Survey survey(model::LabelUse use) const;

  /// The training data as they were read; from cut() on this device's rows alone, where the source
  /// gives them alone; from use_scale() on as the scale makes them.
  [[nodiscard]] const model::Dataset& rows() const { return *train_; }

  /// From cut() on what a device keeps in memory for it: its rows, which they are and their
  /// targets, and the test set. In a simulation, whose devices share one reading, what a board
  /// would keep.
  [[nodiscard]] std::uint64_t bytes() const;

  /// What the file of the training data says beside its numbers.
  [[nodiscard]] const model::DataOrigin& origin() const { return train_->origin(); }

  /// Cuts this device's shard out of it, once the ring's members and label map are known: all of
  /// its own data, or its share of the run file's among those that share it. Throws
  /// model::DataError when no row is left. `name` is this device's, for messages.
  void cut(const RunConfig& config, const transport::View& view, model::LabelUse use,
           const std::string& name);

  /// From now on all rows, the test set's too, are what the scale makes of them. Once; where a
  /// shard is cut, after that.
  void use_scale(DataSource& source, const model::Scale& scale);

  [[nodiscard]] const model::Shard& shard() const noexcept { return shard_; }
  /// This device's part of the union of all shards: under `all` every device has every row, so
  /// each evaluates a slice of them.
  [[nodiscard]] ShardPart evaluated() const { return {shard_, evaluated_begin_, evaluated_end_}; }
  /// All rows of what was read as a whole, with the view's labels: of a run whose devices all share
  /// one file the union of their shards. Throws model::DataError.
  [[nodiscard]] model::Shard whole(const transport::View& view, model::LabelUse use) const;
  /// Null where there is none.
  [[nodiscard]] const model::Shard* test() const noexcept { return test_ ? &test_shard_ : nullptr; }

 private:
  [[nodiscard]] bool counts_outputs(const model::Dataset& data) const;
  void keep_own_rows();
  void cut_test(const RunConfig& config, const transport::View& view, model::LabelUse use);

  DataSource* source_ = nullptr;
  model::DataPath path_;
  std::shared_ptr<const model::Dataset> train_, test_;
  bool own_ = false;
  bool is_share_ = false;         // a part of the set is this device's, and no more is wanted
  std::size_t label_number_ = 0;  // data.label
  model::Shard shard_, test_shard_;
  std::size_t evaluated_begin_ = 0, evaluated_end_ = 0;
};

}  // namespace annulet::runtime
