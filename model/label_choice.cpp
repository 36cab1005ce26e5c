/// Which number or word of a row is its label, where a file leaves that open.
#include "model/label_choice.hpp"

#include <algorithm>

#include "model/number_text.hpp"

namespace annulet::model {

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (;;) {
    const auto end = std::min(text.find(','), text.size());
    words.emplace_back(trimmed(text.substr(0, end)));
    if (end == text.size()) return words;
    text.remove_prefix(end + 1);
  }
}

std::string words_text(std::span<const std::string> words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

}  // namespace annulet::model
