/// Which rows of a file a reader keeps.
#pragma once

#include <cstddef>
#include <span>

#include "model/types.hpp"

namespace annulet::model {

/// Asked for one row after the other, from the first on.
class RowChoice {
 public:
  /// Every row.
  RowChoice() = default;
  /// These, ascending; they must outlive this. None: no row, but the labels of all.
  explicit RowChoice(std::span<const Index> rows) : all_(false), rows_(rows) {}

  /// Whether the next row is kept.
  [[nodiscard]] bool takes_next() noexcept {
    const bool taken = all_ || (at_ < rows_.size() && rows_[at_] == next_);
    ++next_;
    if (taken) ++at_;
    return taken;
  }
  /// Only the labels are wanted, to choose rows by.
  [[nodiscard]] bool is_outline() const noexcept { return !all_ && rows_.empty(); }

 private:
  bool all_ = true;
  std::span<const Index> rows_;
  std::size_t next_ = 0, at_ = 0;
};

}  // namespace annulet::model
