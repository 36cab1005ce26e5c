/// Writes a trained model as a safetensors file, which Python and PyTorch read as it is.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace annulet::runtime {

/// Text about the model that travels in its file: objective, labels, run id, step and so on.
using ModelMetadata = std::map<std::string, std::string>;

/// Writes x: (d) as the one tensor "x", F32, shape [d]. The header is padded to a multiple of eight
/// bytes, so that readers may map the numbers. The file is there whole or not at all.
/// Throws FileError, "cannot write PATH: why".
/// Format: 8 bytes length of the header (little-endian), header (JSON), numbers (little-endian).
void write_model_file(const std::filesystem::path& path, std::span<const float> x,
                      const ModelMetadata& metadata);

}  // namespace annulet::runtime
