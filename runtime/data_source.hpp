/// Where a device's data comes from: its disk, or in a simulation one reading shared by all.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/dataset.hpp"
#include "model/read_dataset.hpp"

namespace annulet::runtime {

/// Where Debian's package dataset-fashion-mnist puts its files.
inline constexpr const char* kFashionMnist = "/usr/share/datasets/fashion-mnist";

/// Where the data of a run come from.
class DataSource {
 public:
  virtual ~DataSource() = default;
  /// Called where the device computes (its compute thread; the simulator's only one), once for each
  /// set of the run file that the device reads. Not null. Throws model::DataError.
  [[nodiscard]] virtual std::shared_ptr<const model::Dataset> load(const model::DataPath& path) = 0;
  /// What is needed to choose rows of a set that load() would give: its outline, or all of it.
  [[nodiscard]] virtual std::shared_ptr<const model::Dataset> outline(const model::DataPath& path);
  /// Those rows, ascending, of a set whose outline that is. Throws model::DataError.
  [[nodiscard]] virtual std::shared_ptr<const model::Dataset> rows(
      const model::DataPath& path, const model::Dataset& outline,
      std::span<const model::Index> rows);
  /// The rows of a set that load() gave, as a scale has them.
  [[nodiscard]] virtual std::shared_ptr<const model::Dataset> scaled(
      const std::shared_ptr<const model::Dataset>& data, const model::Scale& scale);
};

/// Reads from disk, each time anew. A device that is to have a share of a set never holds the rest:
/// the set is read twice.
class DiskData final : public DataSource {
 public:
  [[nodiscard]] std::shared_ptr<const model::Dataset> load(const model::DataPath& path) override;
  [[nodiscard]] std::shared_ptr<const model::Dataset> outline(const model::DataPath& path) override;
};

/// Reads each set once: many simulated devices share it.
class SharedData final : public DataSource {
 public:
  [[nodiscard]] std::shared_ptr<const model::Dataset> load(const model::DataPath& path) override;
  /// One copy for all devices, whose scales are the same.
  [[nodiscard]] std::shared_ptr<const model::Dataset> scaled(
      const std::shared_ptr<const model::Dataset>& data, const model::Scale& scale) override;
  /// A set that is not on disk: what tests make.
  void put(const model::DataPath& path, model::Dataset data);

 private:
  struct ScaledSet {
    std::shared_ptr<const model::Dataset> from;
    model::Scale scale;
    std::shared_ptr<const model::Dataset> data;
  };

  std::map<std::string, std::shared_ptr<const model::Dataset>> loaded_;
  std::vector<ScaledSet> scaled_;
};

/// Has this folder, if it is one, the pictures and the labels of that set, plain or packed?
[[nodiscard]] bool has_idx_pair(const std::filesystem::path& folder, const std::string& set);

/// What --data names: a text file, or a folder with an IDX pair under its usual names
/// (train-images-idx3-ubyte and train-labels-idx1-ubyte, plain, .gz or .xz). Throws
/// model::DataError when the folder holds none.
[[nodiscard]] model::DataPath data_path(const std::filesystem::path& named,
                                        const std::string& set = "train");

}  // namespace annulet::runtime
