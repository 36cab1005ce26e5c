/// --label, as the commands that read data outside a run take it.
#include "runtime/commands/label_option.hpp"

#include <charconv>
#include <system_error>

#include "runtime/commands/ending.hpp"

namespace annulet::runtime {

void choose_label(model::LabelChoice& label, const std::string& text) {
  label.name = text;
  label.number = 0;
  const auto* const end = text.data() + text.size();
  std::size_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc{} || stop != end) return;
  if (number == 0) {
    throw UsageError(ErrorCode::bad_option, "--label 0: columns and outputs are counted from 1");
  }
  label.name.clear();
  label.number = number;
}

}  // namespace annulet::runtime
