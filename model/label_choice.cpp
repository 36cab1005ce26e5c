/// Which number or word of a row is its label, where a file leaves that open.
#include "model/label_choice.hpp"

namespace annulet::model {
namespace {

/// In double quotes, with what TOML wants escaped.
void append_quoted(std::string& out, std::string_view word) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  out += '"';
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xfU];
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

}  // namespace

std::string words_text(std::span<const std::string> words) {
  std::string out = "[";
  for (const auto& word : words) {
    if (out.size() > 1) out += ", ";
    append_quoted(out, word);
  }
  return out + "]";
}

}  // namespace annulet::model
