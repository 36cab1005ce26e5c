/// What was found, in columns that fit a terminal.
#include <algorithm>
#include <cstddef>
#include <string_view>

#include "runtime/doctor.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

constexpr std::size_t kMarkColumn = 7, kWordColumn = 13;
constexpr std::size_t kIndent = kMarkColumn + kWordColumn, kWidth = 80;

std::string padded(std::string_view word, std::size_t width) {
  return std::string(word) + std::string(width - std::min(width, word.size()), ' ');
}

/// Broken between words where a line would become too long; all lines but the first are indented.
std::string wrapped(std::string_view text) {
  std::string lines;
  std::size_t column = kIndent;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    const bool begins = column == kIndent;
    if (!begins && column + 1 + word.size() > kWidth) {
      lines += '\n' + std::string(kIndent, ' ');
      column = kIndent;
    } else if (!begins) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word.size();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines + '\n';
}

std::string marked_line(std::string_view mark, std::string_view word, std::string_view text) {
  return padded(mark, kMarkColumn) + padded(word, kWordColumn) + wrapped(text);
}

}  // namespace

std::string text_of(const Finding& finding) {
  using enum Finding::Verdict;
  const auto* mark = finding.verdict == fine ? "ok" : finding.verdict == hurts ? "hurts" : "STOPS";
  auto text = marked_line(mark, finding.what, finding.found);
  if (!finding.mend.empty()) text += std::string(kIndent, ' ') + wrapped(finding.mend);
  if (!finding.command.empty()) text += std::string(kIndent + 2, ' ') + finding.command + '\n';
  return text;
}

std::string text_of(const devices::Box& box) {
  auto cpu = counted_text(box.cores, "core");
  if (!box.cpu.empty()) cpu += ", " + printable(box.cpu);
  for (std::size_t i = 0; i < box.features.size(); ++i) {
    cpu += (i == 0 ? ": " : " ") + printable(box.features[i]);
  }
  return marked_line("", "board",
                     box.board.empty() ? "not told by the kernel" : printable(box.board)) +
         marked_line("", "cpu", cpu);
}

}  // namespace annulet::runtime
