/// Cuts a stream of bytes into lines, without holding more than one of them.
#include "model/line_reader.hpp"

#include <utility>

#include "model/dataset.hpp"

namespace annulet::model {
namespace {

std::string_view without_cr(std::string_view line) {
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

}  // namespace

LineReader::LineReader(std::unique_ptr<ByteSource> source, std::string name)
    : source_(std::move(source)), name_(std::move(name)) {
  refill();
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";  // which some editors write
  if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
}

void LineReader::refill() {
  const auto chunk = source_->next();
  rest_ = {chunk.data(), chunk.size()};
}

void LineReader::append(std::string_view part) {
  if (carry_.size() + part.size() > kMaxLine) {
    throw DataError(ErrorCode::bad_row,
                    name_ + ", line " + std::to_string(number_) +
                        ": longer than 1 MiB; a row of data is one line of text");
  }
  carry_.append(part);
}

std::optional<std::string_view> LineReader::next() {
  carry_.clear();
  ++number_;
  for (;;) {
    if (rest_.empty()) {
      refill();
    }
    if (rest_.empty()) {
      return carry_.empty() ? std::nullopt : std::optional(without_cr(carry_));
    }
    const auto end = rest_.find('\n');
    const auto part = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (end != std::string_view::npos && carry_.empty()) {
      return without_cr(part);
    }
    append(part);
    if (end != std::string_view::npos) {
      return without_cr(carry_);
    }
  }
}

}  // namespace annulet::model
