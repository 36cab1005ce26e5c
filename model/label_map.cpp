/// From raw labels (-1/+1, 1/2, 0..9 ...) to what objectives count with, the same map on all
/// devices.
#include "model/label_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "model/decimal.hpp"
#include "model/number_text.hpp"

namespace annulet::model {
namespace {

using Labels = std::set<float>;

constexpr std::array<std::array<float, 2>, 3> kBinaryPairs = {{{-1, 1}, {0, 1}, {1, 2}}};

std::string text(const Labels& labels) {
  return "{" + labels_text(std::vector<float>(labels.begin(), labels.end())) + "}";
}

Labels unite(Labels a, std::span<const float> b) {
  a.insert(b.begin(), b.end());
  return a;
}

bool fits_binary(const Labels& labels) {
  return std::any_of(kBinaryPairs.begin(), kBinaryPairs.end(), [&](const auto& pair) {
    return std::all_of(labels.begin(), labels.end(),
                       [&](float label) { return label == pair[0] || label == pair[1]; });
  });
}

bool fits_classes(const Labels& labels) {
  const bool whole = std::all_of(labels.begin(), labels.end(),
                                 [](float label) { return std::nearbyint(label) == label; });
  const bool plus_minus = std::all_of(labels.begin(), labels.end(),
                                      [](float label) { return label == -1 || label == 1; });
  return whole && (plus_minus || *labels.begin() >= 0);
}

/// Who is to blame for a union that does not fit: one device, or else two.
template <class Fits>
std::string blame(std::span<const std::vector<float>> sets, std::span<const std::string> names,
                  const std::string& wanted, Fits fits) {
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (const auto mine = unite({}, sets[i]); !fits(mine)) {
      return "the labels of " + names[i] + " are " + text(mine) + ", but " + wanted;
    }
  }
  Labels all;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!fits(unite(unite({}, sets[i]), sets[j]))) {
        return "the labels of " + names[j] + " are " + text(unite({}, sets[j])) + ", those of " +
               names[i] + " " + text(unite({}, sets[i])) + ": they do not fit together; " + wanted;
      }
    }
    all = unite(std::move(all), sets[i]);
  }
  return "the labels of all devices together are " + text(all) + ", but " + wanted;
}

Labels union_of(std::span<const std::vector<float>> sets) {
  Labels all;
  for (const auto& set : sets) all = unite(std::move(all), set);
  return all;
}

}  // namespace

std::string label_text(float label) { return shortest_decimal(label); }

std::string labels_text(std::span<const float> labels) {
  constexpr std::size_t kShown = 12;
  std::string out;
  for (const float label : labels.first(std::min(kShown, labels.size()))) {
    out += (out.empty() ? "" : ", ") + label_text(label);
  }
  return out + (labels.size() > kShown ? ", ..." : "");
}

LabelMap::LabelMap(std::vector<float> raw) : raw_(std::move(raw)) {
  for (float& label : raw_) label += 0.0F;  // a program's own data may have a -0
}

float LabelMap::target(float raw) const {
  const auto found = std::find(raw_.begin(), raw_.end(), raw);
  if (found == raw_.end()) {
    throw DataError(ErrorCode::labels_do_not_fit, "label " + label_text(raw) +
                                                      " is none of the training data's labels " +
                                                      text(Labels(raw_.begin(), raw_.end())));
  }
  return static_cast<float>(found - raw_.begin());
}

std::string label_conflict(LabelUse use, std::span<const std::vector<float>> sets,
                           std::span<const std::string> names) {
  const Labels all = union_of(sets);
  if (use == LabelUse::binary && !fits_binary(all)) {
    return blame(sets, names, "two classes are labelled -1/+1, 0/1 or 1/2", fits_binary);
  }
  if (use == LabelUse::classes && !fits_classes(all)) {
    return blame(sets, names, "classes are labelled -1/+1, or by whole numbers from 0 on",
                 fits_classes);
  }
  return {};
}

LabelMap make_label_map(LabelUse use, std::span<const std::vector<float>> sets,
                        std::span<const std::string> names) {
  if (!names_classes(use)) return LabelMap();
  if (auto conflict = label_conflict(use, sets, names); !conflict.empty()) {
    throw DataError(ErrorCode::labels_do_not_fit, conflict);
  }
  const Labels all = union_of(sets);
  if (all.size() < 2) {
    throw DataError(ErrorCode::labels_do_not_fit,
                    "all labels of all devices are " + text(all) +
                        ": there is nothing to tell apart; use data with two labels or more");
  }
  if (all.size() > kMaxLabels) {
    throw DataError(
        ErrorCode::labels_do_not_fit,
        "all devices together have more than " + std::to_string(kMaxLabels) +
            " different labels; these are not classes. Is the label column the right one?");
  }
  return LabelMap({all.begin(), all.end()});
}

}  // namespace annulet::model
