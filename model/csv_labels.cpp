/// The label column of a CSV file: numbers, or words that stand for classes.
#include "model/csv_labels.hpp"

#include <algorithm>

#include "model/dataset.hpp"
#include "model/number_text.hpp"
#include "model/utf8.hpp"

namespace annulet::model {
namespace {

/// ["edible", "poisonous"], as it can be typed into a run file.
std::string list_text(const std::map<std::string, Index, std::less<>>& words) {
  constexpr std::size_t kShown = 32;
  std::vector<std::string> shown;
  for (const auto& [word, index] : words) {
    if (shown.size() < kShown) shown.push_back(word);
  }
  auto text = words_text(shown);
  if (words.size() > kShown) text.insert(text.size() - 1, ", ...");
  return text;
}

}  // namespace

CsvLabels::CsvLabels(const LabelChoice& choice) : choice_(choice) {}

std::string CsvLabels::unknown_word(std::string_view text) const {
  const auto known = choice_.model_features > 0 ? "the classes that the model knows"
                     : choice_.first_look       ? "those of --classes"
                                                : "those in data.classes";
  return "label " + quoted(text) + " is none of " + known;
}

std::string CsvLabels::add(std::string_view text) {
  if (!choice_.classes.empty()) {
    const auto found = std::ranges::find(choice_.classes, text);
    if (found == choice_.classes.end()) return unknown_word(text);
    labels_.push_back(static_cast<float>(found - choice_.classes.begin()));
    return {};
  }
  const auto parsed = parse_number(text);
  if (parsed.flaw == NumberFlaw::out_of_range || parsed.flaw == NumberFlaw::not_finite) {
    return "label " + quoted(text) + flaw_text(parsed.flaw);
  }
  labels_.push_back(parsed.value);
  const bool is_word = parsed.flaw == NumberFlaw::no_number;
  if (is_word && !is_utf8(text)) return "label " + quoted(text) + kNotUtf8;
  has_words_ = has_words_ || is_word;
  return is_word || choice_.first_look ? add_word(text) : "";
}

std::string CsvLabels::add_word(std::string_view text) {
  auto found = words_.find(text);
  if (found == words_.end()) {
    if (words_.size() == kMaxLabels) {
      if (!has_words_) return {};  // numbers, of which there may be many
      return "label " + quoted(text) + " is one of more than " + std::to_string(kMaxLabels) +
             " that are text; these are not classes. " + std::string(choice_.option) +
             " chooses another column";
    }
    found = words_.emplace(text, static_cast<Index>(words_.size())).first;
  }
  if (choice_.first_look) word_of_row_.push_back(found->second);
  return {};
}

std::vector<float> CsvLabels::finish(const std::string& where, std::vector<std::string>& classes) {
  classes = choice_.classes;
  if (has_words_ && choice_.model_features > 0) {
    throw DataError(ErrorCode::model_does_not_fit,
                    where +
                        " are words, but the model was trained on labels that are numbers. Is " +
                        "another column the label? --label names it");
  }
  if (has_words_ && !choice_.first_look) {
    throw DataError(ErrorCode::labels_do_not_fit,
                    where + " are words. Say in the run file which class is which, for all " +
                        "devices alike: data.classes = " + list_text(words_));
  }
  return has_words_ ? number_words(classes) : labels_.take();
}

std::vector<float> CsvLabels::number_words(std::vector<std::string>& classes) {
  std::vector<float> class_of_word(words_.size());
  for (const auto& [word, index] : words_) {
    class_of_word[index] = static_cast<float>(classes.size());
    classes.push_back(word);
  }
  auto labels = labels_.take();
  std::ranges::transform(word_of_row_.take(), labels.begin(),
                         [&](Index word) { return class_of_word[word]; });
  return labels;
}

}  // namespace annulet::model
