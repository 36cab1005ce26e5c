/// From raw labels (-1/+1, 1/2, 0..9 ...) to what objectives count with, the same map on all
/// devices.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/dataset.hpp"

namespace annulet::model {

/// What the objective wants of labels: one of two classes, one of several, the label itself as a
/// number (regression), or nothing.
enum class LabelUse { binary, classes, values, none };

/// Whether labels name classes, so that all devices must agree on a label map.
[[nodiscard]] constexpr bool names_classes(LabelUse use) noexcept {
  return use == LabelUse::binary || use == LabelUse::classes;
}

/// A raw label as people write it: "-1", "0.5".
[[nodiscard]] std::string label_text(float label);
/// "-1, 1": of many, the first twelve and "...".
[[nodiscard]] std::string labels_text(std::span<const float> labels);

/// raw[i] is class i; there is no -0 in it. Binary: class 0 is the negative one, class 1 the
/// positive one.
class LabelMap {
 public:
  LabelMap() = default;
  explicit LabelMap(std::vector<float> raw);

  [[nodiscard]] std::size_t classes() const noexcept { return raw_.size(); }
  [[nodiscard]] std::span<const float> raw() const noexcept { return raw_; }
  /// The class of a raw label as a float (0, 1, ...). Throws DataError for a label not in the map.
  [[nodiscard]] float target(float raw) const;

 private:
  std::vector<float> raw_;
};

/// Why the labels of several devices do not fit together, as a sentence, or "": see below. One
/// label alone is no conflict yet: others may bring more.
[[nodiscard]] std::string label_conflict(LabelUse use, std::span<const std::vector<float>> sets,
                                         std::span<const std::string> names);

/// The map of the union of several devices' labels. Binary: the union must lie in {-1,+1}, {0,1}
/// or {1,2} and hold both labels. Classes: whole numbers from 0 on, or -1 and +1; at
/// least two. Values and none: an empty map. Throws DataError with a sentence that names the
/// offending set and, where the sets of two devices do not fit together, both devices (names[i]
/// belongs to sets[i]).
[[nodiscard]] LabelMap make_label_map(LabelUse use, std::span<const std::vector<float>> sets,
                                      std::span<const std::string> names);

}  // namespace annulet::model
