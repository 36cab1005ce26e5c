/// The label column of a CSV file: numbers, or words that stand for classes.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/growing.hpp"
#include "model/label_choice.hpp"
#include "model/types.hpp"

namespace annulet::model {

class CsvLabels {
 public:
  explicit CsvLabels(const LabelChoice& choice);

  /// One row's label. Returns what is wrong with it, or "".
  [[nodiscard]] std::string add(std::string_view text);
  /// The row whose label was added last is not kept.
  void forget_last() { labels_.pop_back(); }
  /// The labels of all rows, and the words of the classes where labels are words. Throws DataError,
  /// beginning with `where`, for words that nothing says the classes of: devices number the words
  /// in their own files as they like, so that is for the run file to say.
  [[nodiscard]] std::vector<float> finish(const std::string& where,
                                          std::vector<std::string>& classes);

 private:
  [[nodiscard]] std::string unknown_word(std::string_view text) const;
  std::string add_word(std::string_view text);
  [[nodiscard]] std::vector<float> number_words(std::vector<std::string>& classes);

  const LabelChoice& choice_;
  Growing<float> labels_;
  // Without choice_.classes: all words met, numbers too while they may turn out to be words.
  std::map<std::string, Index, std::less<>> words_;
  Growing<Index> word_of_row_;
  bool has_words_ = false;
};

}  // namespace annulet::model
