/// Names of columns: do those of two files agree?
#include "runtime/columns.hpp"

#include <algorithm>
#include <array>

#include "runtime/json_writer.hpp"
#include "runtime/text.hpp"
#include "transport/checksum.hpp"

namespace annulet::runtime {
namespace {

constexpr std::size_t kShown = 40;  // of a name, in messages

}  // namespace

std::uint64_t columns_digest(const model::DataOrigin& origin) {
  if (origin.columns.empty()) return 0;
  transport::RunningChecksum sum;
  sum.restart(0);
  const auto add = [&sum](const std::string& name) {
    const std::array<std::uint64_t, 1> size{name.size()};  // else "ab", "c" were "a", "bc"
    sum.add(std::as_bytes(std::span(size)));
    sum.add(std::as_bytes(std::span(name)));
  };
  std::ranges::for_each(origin.columns, add);
  add(origin.label_name);
  return std::max<std::uint64_t>(1, sum.value());
}

std::string columns_differ(const model::DataOrigin& origin, std::span<const std::string> expected,
                           const std::string& known) {
  const auto& names = origin.columns;
  for (std::size_t j = 0; j < std::min(names.size(), expected.size()); ++j) {
    // As a model file has them: it is JSON.
    if (json_string(names[j]) == json_string(expected[j])) continue;
    const bool behind_label = origin.label_place && *origin.label_place <= j;
    return "column " + std::to_string(j + 1 + (behind_label ? 1 : 0)) + " is \"" +
           printable(names[j], kShown) + "\", the " + known + " \"" +
           printable(expected[j], kShown) + "\" there";
  }
  return {};
}

}  // namespace annulet::runtime
