/// Reads safetensors files: a header that is checked before anything is believed, then numbers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/dataset.hpp"

namespace annulet::runtime {

/// A model file is damaged, or is none, or does not go with what it is used for. what() is one line
/// that begins with the file's path; exit code 4.
class ModelFileError : public model::DataError {
 public:
  using DataError::DataError;
  explicit ModelFileError(const std::string& sentence)
      : DataError(ErrorCode::bad_model_file, sentence) {}
};

/// One array of numbers in the file: bytes [begin, end) after the header.
struct Tensor {
  std::string dtype;  // "F32"
  std::vector<std::uint64_t> shape;
  std::uint64_t begin = 0, end = 0;

  bool operator==(const Tensor&) const = default;
};

struct SafetensorsHeader {
  std::map<std::string, std::string> metadata;  // "__metadata__"
  std::map<std::string, Tensor> tensors;

  bool operator==(const SafetensorsHeader&) const = default;
};

/// From the header's JSON. Throws ModelFileError, without a path: "its header ...". Nothing but
/// what the format allows is accepted: no key twice, no nesting below a tensor's lists.
[[nodiscard]] SafetensorsHeader parse_safetensors_header(std::string_view json);

/// An open file whose header holds: its tensors lie within the file, side by side and without gaps.
class SafetensorsFile {
 public:
  /// Of ours, 1,024 labels and as many names of devices fit in. Bounds memory.
  static constexpr std::uint64_t kMaxHeader = std::uint64_t{1} << 20;
  static constexpr std::uint64_t kMaxNumbers = std::uint64_t{1} << 28;  // in one tensor

  /// Throws ModelFileError.
  explicit SafetensorsFile(std::filesystem::path path);

  [[nodiscard]] const SafetensorsHeader& header() const noexcept { return header_; }
  /// The numbers of a tensor of one dimension, F32; empty where the file has no such tensor. Throws
  /// ModelFileError where it is something else, or a number is not finite.
  [[nodiscard]] std::vector<float> numbers(const std::string& name) const;

  /// Throws ModelFileError: the path, and what is wrong with the file.
  [[noreturn]] void fail(const std::string& what) const;

 private:
  void read_header();
  void check_layout() const;

  std::filesystem::path path_;
  std::uint64_t size_ = 0;   // of the file
  std::uint64_t begin_ = 0;  // of the numbers
  SafetensorsHeader header_;
};

}  // namespace annulet::runtime
