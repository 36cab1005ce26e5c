/// What each device needs, and what for.
#include <string>

#include "runtime/commands/plan_text.hpp"
#include "runtime/text.hpp"
#include "runtime/text_table.hpp"

namespace annulet::runtime {
namespace {

std::string bytes(std::uint64_t count) { return bytes_text(static_cast<double>(count)); }

}  // namespace

std::string memory_lines(const NamedPlan& named) {
  const std::string margin(13, ' ');  // the words before all lines of a plan take as much
  TextTable table;
  for (const auto& part : named.memory) {
    table.add({margin + std::string(part.what), bytes(part.bytes)});
  }
  table.add({margin + "the rows", bytes(named.need.data)});
  table.add({margin + "the program", bytes(kProgramBytes)});
  if (named.starter > 0) table.add({margin + "the starter's other rows", bytes(named.starter)});
  auto text = "memory       " + bytes(named.need.all()) + " on each device:\n" + table.text();
  const auto limit = named.config.run.max_memory;
  if (!limit) return text;
  const bool fits = named.need.all() + named.starter <= *limit;
  return text + margin + "run.max_memory is " + bytes(*limit) +
         (fits ? "\n" : ": such a run ends before it begins (AN303)\n");
}

void add_memory(JsonObject& object, const NamedPlan& named) {
  JsonObject parts;
  for (const auto& part : named.memory) parts.add(part.key, part.bytes);
  object.add("memory_bytes", named.need.all())
      .add("model_memory_bytes", named.need.model)
      .add("data_memory_bytes", named.need.data)
      .add("program_memory_bytes", kProgramBytes)
      .add("starter_memory_bytes", named.starter)
      .add("max_memory_bytes", named.config.run.max_memory)
      .add("vectors", parts);
}

}  // namespace annulet::runtime
