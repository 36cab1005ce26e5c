/// The rows of rounds.csv, and which rounds get one.
#include "runtime/rounds_csv.hpp"

#include <limits>
#include <string_view>

#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

constexpr std::int64_t kAllUpTo = 10'000;

/// By RFC 4180: in quotes where it holds a comma, a quote or a line end.
std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string field = "\"";
  for (const char c : text) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + '"';
}

}  // namespace

std::string rounds_csv_header() {
  return "round,step,h,loss,drift,delta_norm2,seconds,compute_s,wait_s,average_s,model_bytes,"
         "sent_bytes,baseline_bytes,model_hash,reason\n";
}

std::string rounds_csv_row(const RoundDone& event) {
  std::string row;
  const auto add = [&row](const std::string& field) { row += field + ','; };
  add(std::to_string(event.round));
  add(std::to_string(event.step));
  add(std::to_string(event.h));
  for (const double value : {event.loss, event.drift, event.delta_norm2, event.seconds,
                             event.compute_s, event.wait_s, event.average_s}) {
    add(shortest_text(value));
  }
  add(std::to_string(event.model_bytes));
  add(std::to_string(event.sent_bytes));
  add(std::to_string(event.baseline_bytes));
  add(hash_text(event.model_hash));
  return row + csv_field(event.reason) + '\n';
}

bool keeps_round(std::int64_t round) {
  std::int64_t stride = 1;
  auto up_to = kAllUpTo;
  while (round > up_to && up_to <= std::numeric_limits<std::int64_t>::max() / 10) {
    stride *= 10;
    up_to *= 10;
  }
  return round % stride == 0;
}

}  // namespace annulet::runtime
