/// Writes a trained model as a safetensors file, which Python and PyTorch read as it is.
#include "runtime/model_file.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "runtime/durable_file.hpp"
#include "runtime/json_writer.hpp"

namespace annulet::runtime {
namespace {

static_assert(std::endian::native == std::endian::little, "the numbers are written as they lie");
static_assert(sizeof(float) == 4);

constexpr std::size_t kAlignment = 8;

std::string header(std::size_t dimension, const ModelMetadata& metadata) {
  JsonObject about;
  for (const auto& [key, value] : metadata) about.add(key, value);
  const std::array<std::uint64_t, 1> shape = {dimension};
  const std::array<std::uint64_t, 2> offsets = {0, dimension * sizeof(float)};
  JsonObject tensor;
  tensor.add("dtype", "F32").add("shape", shape).add("data_offsets", offsets);
  auto text = JsonObject().add("__metadata__", about).add("x", tensor).text();
  // Spaces at the end are what the format asks for.
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  return text;
}

}  // namespace

void write_model_file(const std::filesystem::path& path, std::span<const float> x,
                      const ModelMetadata& metadata) {
  const auto text = header(x.size(), metadata);
  const std::array<std::uint64_t, 1> length = {text.size()};
  const std::array<std::span<const std::byte>, 3> pieces = {
      std::as_bytes(std::span(length)), std::as_bytes(std::span(text)), std::as_bytes(x)};
  write_durably(path, pieces);
}

}  // namespace annulet::runtime
