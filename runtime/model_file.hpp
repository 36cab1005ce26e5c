/// Writes a trained model as a safetensors file, which Python and PyTorch read as it is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "model/dataset.hpp"
#include "model/label_choice.hpp"

namespace annulet::runtime {

/// Text about the model that travels in its file: objective, labels, run id, step and so on.
using ModelMetadata = std::map<std::string, std::string>;

/// How the data that the model was trained on were read, and other data are for it: the keys
/// label_name, label_number, label_format and class_words, all of them optional.
[[nodiscard]] model::LabelChoice label_choice_of(const ModelMetadata& metadata);

/// XXH3-64 of all that a model file says, but for its own key "checksum": of each key and value,
/// each ended by a zero byte, in the order of the keys' bytes, then of the bytes of x, shift and
/// factor.
[[nodiscard]] std::uint64_t model_checksum(const ModelMetadata& metadata, std::span<const float> x,
                                           const model::Scale& scale);

/// Writes x: (d) as the tensor "x", F32, shape [d], and a scale as "scale.shift" and
/// "scale.factor", F32, shape [features], unless it is empty; to the metadata comes "checksum". The
/// header is padded to a multiple of eight bytes, so that readers may map the numbers. The file is
/// there whole or not at all. Throws FileError, "cannot write PATH: why". Format: 8 bytes length of
/// the header (little-endian), header (JSON), numbers (little-endian).
void write_model_file(const std::filesystem::path& path, std::span<const float> x,
                      const ModelMetadata& metadata, const model::Scale& scale = {});

}  // namespace annulet::runtime
