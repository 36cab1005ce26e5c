/// Numbers whose count is only known when the last one has come, without a second copy of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace annulet::model {

/// A vector that doubles its room holds everything twice while it moves. This one grows by pieces
/// of 256 KiB and becomes a vector at the end, in which moment one piece at a time is there twice:
/// where the allocator gives freed pieces back (devices/machine.hpp), readers of files never need
/// more than what they give and a piece of each array.
template <class T>
class Growing {
 public:
  void push_back(T value) {
    if (last_.size() == kPiece) begin_piece();
    last_.push_back(value);
  }

  /// There is one.
  void pop_back() { last_.pop_back(); }

  void append(std::span<const T> values) {
    while (!values.empty()) {
      if (last_.size() == kPiece) begin_piece();
      const auto part = values.first(std::min(values.size(), kPiece - last_.size()));
      last_.insert(last_.end(), part.begin(), part.end());
      values = values.subspan(part.size());
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return full_.size() * kPiece + last_.size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// All of it, in a vector of just that size; then this is empty.
  [[nodiscard]] std::vector<T> take() {
    std::vector<T> all;
    all.reserve(size());
    full_.push_back(std::move(last_));
    for (auto& piece : full_) {
      all.insert(all.end(), piece.begin(), piece.end());
      std::vector<T>().swap(piece);
    }
    full_.clear();
    last_ = {};
    return all;
  }

 private:
  static constexpr std::size_t kPiece = (std::size_t{1} << 18U) / sizeof(T);  // a power of two

  /// The first piece of all grows like any vector: most files are small.
  void begin_piece() {
    full_.push_back(std::move(last_));
    last_ = {};
    last_.reserve(kPiece);
  }

  std::vector<std::vector<T>> full_;
  std::vector<T> last_;
};

}  // namespace annulet::model
