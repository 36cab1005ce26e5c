/// Reads a model file and checks that what it says of its model can be true.
#include "runtime/model_file_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "runtime/json_words.hpp"
#include "runtime/local_sgd.hpp"
#include "runtime/model_hash.hpp"
#include "runtime/run_file_names.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

/// "[-1,1]": as runs write lists; at most `most` numbers.
template <class Number>
std::optional<std::vector<Number>> parse_list(std::string_view text, std::size_t most) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::vector<Number> numbers;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto number = parse<Number>(text.substr(0, comma));
    const bool ends_in_comma = comma == text.size() - 1;
    if (!number || ends_in_comma || numbers.size() == most) return std::nullopt;
    numbers.push_back(*number);
    text.remove_prefix(comma == text.npos ? text.size() : comma + 1);
  }
  return numbers;
}

/// The metadata, key by key.
class Reading {
 public:
  Reading(const std::filesystem::path& path, const model::Catalogue& catalogue)
      : file_(path), metadata_(file_.header().metadata), catalogue_(catalogue) {}

  SavedModel model() const {
    SavedModel model;
    model.metadata = metadata_;
    model.x = file_.numbers("x");
    if (model.x.empty()) file_.fail("holds no model: there is no tensor x with numbers in it");
    model.kind = required("objective");
    if (catalogue_.find(model.kind) == nullptr) {
      file_.fail("is a model of the objective " + printable(model.kind) +
                 ", which this annulet does not know; it knows " +
                 listed(catalogue_.names(), "and"));
    }
    model.options.kind = model.kind;
    model.options.bias = flag("bias");
    model.options.features = size("features", model.x.size());
    if (catalogue_.at(model.kind).layered) read_layers(model);
    read_labels(model);
    read_names(model);
    if (metadata_.contains("step"))
      model.step = static_cast<model::Step>(whole("step", kMostSteps));
    check_size(model);
    read_scale(model);
    check_hashes(model);
    return model;
  }

 private:
  static constexpr std::uint64_t kMostSteps = 1'000'000'000'000;  // run.steps

  [[noreturn]] void fail(const std::string& key, const std::string& must_be) const {
    file_.fail("is damaged, or no model of annulet's: its " + key + " is \"" +
               printable(metadata_.at(key)) + "\", but must be " + must_be);
  }
  const std::string& required(const std::string& key) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) {
      file_.fail("does not say its " + key + ": it is damaged, or no model of annulet's");
    }
    return found->second;
  }
  bool flag(const std::string& key) const {
    const auto& text = required(key);
    if (text != "true" && text != "false") fail(key, "true or false");
    return text == "true";
  }
  std::uint64_t whole(const std::string& key, std::uint64_t most) const {
    const auto number = parse<std::uint64_t>(required(key));
    if (!number || *number > most) fail(key, "a whole number of at most " + std::to_string(most));
    return *number;
  }
  /// Of what there is at least one parameter each.
  std::size_t size(const std::string& key, std::size_t most) const {
    const auto number = whole(key, most);
    if (number == 0) fail(key, "at least 1");
    return static_cast<std::size_t>(number);
  }

  template <class Enum>
  Enum word(const std::string& key, std::span<const std::string_view> words) const {
    const auto found = std::ranges::find(words, required(key));
    if (found == words.end()) fail(key, listed(words, "or"));
    return static_cast<Enum>(found - words.begin());
  }

  void read_layers(SavedModel& model) const {
    constexpr std::size_t kMostLayers = 16;
    const auto widths = parse_list<std::size_t>(required("layers"), kMostLayers);
    const auto fits = [&](std::size_t width) { return width > 0 && width <= model.x.size(); };
    if (!widths || widths->empty() || !std::ranges::all_of(*widths, fits)) {
      fail("layers", "a list of the widths of its hidden layers, such as [64,32]");
    }
    model.options.layers = *widths;
    model.options.activation = word<model::Activation>("activation", kActivationNames);
    model.options.loss = word<model::Loss>("loss", kLossNames);
  }

  void read_labels(SavedModel& model) const {
    const auto use = model::label_use(model.options, catalogue_);
    if (!model::names_classes(use)) return;
    const auto labels = parse_list<float>(required("labels"), model::kMaxLabels);
    constexpr const char* kLabels = "a list of the labels of its classes, such as [-1,1]";
    if (!labels) fail("labels", kLabels);
    const std::vector<std::vector<float>> sets{*labels};
    const std::vector<std::string> names{"the file"};
    // No run writes -0.
    const bool numbers = std::ranges::all_of(
        *labels, [](float v) { return std::isfinite(v) && !(v == 0 && std::signbit(v)); });
    const bool ascending = std::ranges::is_sorted(*labels, std::ranges::less_equal());
    if (!numbers || !ascending || labels->size() < 2 ||
        !model::label_conflict(use, sets, names).empty()) {
      fail("labels", kLabels);
    }
    if (whole("classes", model::kMaxLabels) != labels->size()) {
      fail("classes", std::to_string(labels->size()) + ", as it has so many labels");
    }
    model.labels = model::LabelMap(*labels);
    model.options.classes = labels->size();
  }

  /// Whether each label is the place of a word, and no word stands twice.
  static bool name_all(const std::vector<std::string>& words, std::span<const float> labels) {
    const std::set<std::string_view> distinct(words.begin(), words.end());
    const auto is_place = [&](float label) {
      return label >= 0 && label < static_cast<float>(words.size()) && std::floor(label) == label;
    };
    return words.size() <= model::kMaxLabels && distinct.size() == words.size() &&
           std::ranges::all_of(labels, is_place);
  }

  void read_names(SavedModel& model) const {
    if (metadata_.contains("columns")) {
      const auto names = parse_words(metadata_.at("columns"));
      if (!names || names->size() != model.options.features) {
        fail("columns", "a list of the names of its " + std::to_string(model.options.features) +
                            " features, such as [\"a\",\"b\"]");
      }
      model.columns = *names;
    }
    if (!metadata_.contains("class_words")) return;
    const auto words = parse_words(metadata_.at("class_words"));
    if (!words || !name_all(*words, model.labels.raw())) {
      fail("class_words", "a list of the words of its classes, such as [\"no\",\"yes\"]");
    }
    model.words = *words;
  }

  void check_size(const SavedModel& model) const {
    // Neither can overflow: each is at most the number of parameters that are in the file.
    const auto needed = model::dimension(model.options, catalogue_);
    if (needed == model.x.size()) return;
    file_.fail("is damaged: " + model.kind + " with " + std::to_string(model.options.features) +
               " features" + (model.options.bias ? " and bias" : "") +
               (model.labels.classes() > 0
                    ? ", " + std::to_string(model.labels.classes()) + " classes,"
                    : "") +
               " has " + std::to_string(needed) + " parameters, the file " +
               std::to_string(model.x.size()));
  }

  void read_scale(SavedModel& model) const {
    model.shift = file_.numbers("scale.shift");
    model.factor = file_.numbers("scale.factor");
    if (model.shift.empty() && model.factor.empty()) return;
    const auto features = model.options.features;
    if (model.shift.size() == features && model.factor.size() == features) {
      if (std::ranges::all_of(model.factor, [](float factor) { return factor > 0; })) return;
      file_.fail("is damaged: scale.factor has a number that is not above 0");
    }
    file_.fail("is damaged: its scale has " + std::to_string(model.shift.size()) + " shifts and " +
               std::to_string(model.factor.size()) + " factors for " + std::to_string(features) +
               " features");
  }

  /// Files that others wrote may be without.
  void check_hashes(const SavedModel& model) const {
    check_hash("model_hash", "its numbers have", hash_of(model.x));
    check_hash("checksum", "what it says has",
               model_checksum(metadata_, model.x, {model.shift, model.factor}));
  }
  void check_hash(const std::string& key, const std::string& what, std::uint64_t hash) const {
    const auto written = metadata_.find(key);
    if (written == metadata_.end() || written->second == hash_text(hash)) return;
    file_.fail("is damaged: " + what + " the hash " + hash_text(hash) + ", the file says " +
               printable(written->second) + ". Take another copy");
  }

  SafetensorsFile file_;
  const ModelMetadata& metadata_;
  const model::Catalogue& catalogue_;
};

}  // namespace

std::string class_name(const SavedModel& model, float label) {
  // In CSV data with words, labels are their places.
  const bool is_place = label >= 0 && label < static_cast<float>(model.words.size()) &&
                        std::nearbyint(label) == label;
  return is_place ? model.words[static_cast<std::size_t>(label)] : model::label_text(label);
}

SavedModel read_model_file(const std::filesystem::path& path, const model::Catalogue& catalogue) {
  return Reading(path, catalogue).model();
}

}  // namespace annulet::runtime
