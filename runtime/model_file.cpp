/// Writes a trained model as a safetensors file, which Python and PyTorch read as it is.
#include "runtime/model_file.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/durable_file.hpp"
#include "runtime/json_words.hpp"
#include "runtime/json_writer.hpp"
#include "runtime/text.hpp"
#include "transport/checksum.hpp"

namespace annulet::runtime {
namespace {

static_assert(std::endian::native == std::endian::little, "the numbers are written as they lie");
static_assert(sizeof(float) == 4);

constexpr std::size_t kAlignment = 8;
const std::string kChecksumKey = "checksum";

struct NamedVector {
  const char* name;
  std::span<const float> values;
};

std::string header(std::span<const NamedVector> tensors, const ModelMetadata& metadata) {
  JsonObject about, whole;
  for (const auto& [key, value] : metadata) about.add(key, value);
  whole.add("__metadata__", about);
  std::uint64_t begin = 0;
  for (const auto& tensor : tensors) {
    const std::array<std::uint64_t, 1> shape = {tensor.values.size()};
    const std::array<std::uint64_t, 2> offsets = {begin, begin + tensor.values.size_bytes()};
    JsonObject entry;
    entry.add("dtype", "F32").add("shape", shape).add("data_offsets", offsets);
    whole.add(tensor.name, entry);
    begin = offsets[1];
  }
  auto text = whole.text();
  // Spaces at the end are what the format asks for.
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  return text;
}

}  // namespace

model::LabelChoice label_choice_of(const ModelMetadata& metadata) {
  model::LabelChoice label;
  const auto text = [&](const char* key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string() : found->second;
  };
  label.name = text("label_name");
  const auto number = text("label_number");
  std::from_chars(number.data(), number.data() + number.size(), label.number);
  using enum model::LabelChoice::Counts;
  const auto format = text("label_format");
  label.counts = format == "fann" ? outputs : format == "csv" ? columns : either;
  label.classes = parse_words(text("class_words")).value_or(std::vector<std::string>());
  return label;
}

std::uint64_t model_checksum(const ModelMetadata& metadata, std::span<const float> x,
                             const model::Scale& scale) {
  transport::RunningChecksum sum;
  const auto add = [&sum](const std::string& text) {  // with the zero byte that ends it
    sum.add(std::as_bytes(std::span(text.c_str(), text.size() + 1)));
  };
  for (const auto& [key, value] : metadata) {
    if (key == kChecksumKey) continue;
    add(key);
    add(value);
  }
  for (const auto values : {x, std::span<const float>(scale.shift), std::span(scale.factor)}) {
    sum.add(std::as_bytes(values));
  }
  return sum.value();
}

void write_model_file(const std::filesystem::path& path, std::span<const float> x,
                      const ModelMetadata& metadata, const model::Scale& scale) {
  std::vector<NamedVector> tensors{{"x", x}};
  if (!scale.factor.empty()) {
    tensors.push_back({"scale.shift", scale.shift});
    tensors.push_back({"scale.factor", scale.factor});
  }
  auto about = metadata;
  about[kChecksumKey] = hash_text(model_checksum(metadata, x, scale));
  const auto text = header(tensors, about);
  const std::array<std::uint64_t, 1> length = {text.size()};
  std::vector<std::span<const std::byte>> pieces = {std::as_bytes(std::span(length)),
                                                    std::as_bytes(std::span(text))};
  for (const auto& tensor : tensors) pieces.push_back(std::as_bytes(tensor.values));
  write_durably(path, pieces);
}

}  // namespace annulet::runtime
