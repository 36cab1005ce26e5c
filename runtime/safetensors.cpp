/// Reads safetensors files: a header that is checked before anything is believed, then numbers.
#include "runtime/safetensors.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <span>
#include <system_error>
#include <utility>

#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

static_assert(std::endian::native == std::endian::little, "the numbers are read as they lie");
static_assert(sizeof(float) == 4);

/// Fills `numbers` with what lies from byte `at` on. Are there so many?
template <class Numbers>
bool read_at(std::ifstream& file, std::uint64_t at, Numbers& numbers) {
  const auto bytes = std::as_writable_bytes(std::span(numbers));
  file.seekg(static_cast<std::streamoff>(at));
  file.read(static_cast<char*>(static_cast<void*>(bytes.data())),
            static_cast<std::streamsize>(bytes.size()));
  return file.good();
}

}  // namespace

SafetensorsFile::SafetensorsFile(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code error;
  const auto status = std::filesystem::status(path_, error);
  if (status.type() == std::filesystem::file_type::not_found) fail("there is no such file");
  if (error) fail("cannot be read: " + error.message());
  // A pipe or a device has no size to check lengths against.
  if (!std::filesystem::is_regular_file(status)) {
    fail(std::filesystem::is_directory(status) ? "is a folder"
                                               : "is no ordinary file, which a model must be in");
  }
  size_ = std::filesystem::file_size(path_, error);
  if (error) fail("cannot be read: " + error.message());
  read_header();
  check_layout();
}

void SafetensorsFile::fail(const std::string& what) const {
  throw ModelFileError(path_.string() + ": " + what +
                       "; name another model file, or copy it again");
}

void SafetensorsFile::read_header() {
  std::ifstream file(path_, std::ios::binary);
  if (!file.is_open()) {
    fail("cannot be read: " + std::error_code(errno, std::generic_category()).message());
  }
  std::array<std::uint64_t, 1> length{};
  if (size_ < sizeof length) {
    fail("is cut short: it has " + size_text(size_) +
         " bytes, a model file (safetensors) has more");
  }
  if (!read_at(file, 0, length)) fail("cannot be read to its end");
  if (length[0] > kMaxHeader) {
    fail(
        "is no model file (safetensors), or damaged: by its first bytes its header is longer "
        "than " +
        size_text(kMaxHeader) + " bytes");
  }
  begin_ = sizeof length + length[0];
  if (begin_ > size_) {
    fail("is cut short: its header has " + size_text(length[0]) + " bytes, of which " +
         size_text(size_ - sizeof length) + " are there");
  }
  std::string json(static_cast<std::size_t>(length[0]), '\0');
  if (!read_at(file, sizeof length, json)) fail("cannot be read to its end");
  try {
    header_ = parse_safetensors_header(json);
  } catch (const ModelFileError& error) {
    fail("is no model file (safetensors), or damaged: " + std::string(error.what()));
  }
}

/// The numbers of all tensors follow each other from the header to the end of the file.
void SafetensorsFile::check_layout() const {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
  for (const auto& [name, tensor] : header_.tensors) places.emplace_back(tensor.begin, tensor.end);
  std::ranges::sort(places);
  std::uint64_t end = 0;
  for (const auto& place : places) {
    if (place.first != end) fail("is damaged: its tensors overlap, or leave bytes between them");
    end = place.second;
  }
  const std::uint64_t present = size_ - begin_;
  if (end > present) {
    fail("is cut short: its numbers have " + size_text(end) + " bytes, of which " +
         size_text(present) + " are there");
  }
  if (end < present) {
    fail("is damaged: " + size_text(present - end) + " bytes follow its last number");
  }
}

std::vector<float> SafetensorsFile::numbers(const std::string& name) const {
  const auto found = header_.tensors.find(name);
  if (found == header_.tensors.end()) return {};
  const auto& [dtype, shape, begin, end] = found->second;
  const std::string tensor = "its tensor " + name;
  if (dtype != "F32") fail(tensor + " has numbers of type " + printable(dtype) + ", not F32");
  if (shape.size() != 1) {
    fail(tensor + " has " + std::to_string(shape.size()) + " dimensions instead of one");
  }
  if (shape[0] > kMaxNumbers) {
    fail(tensor + " has more than " + size_text(kMaxNumbers) + " numbers, the most there may be");
  }
  if (end - begin != shape[0] * sizeof(float)) {
    fail(tensor + " has " + size_text(shape[0]) + " numbers, but " + size_text(end - begin) +
         " bytes for them");
  }
  std::vector<float> numbers(static_cast<std::size_t>(shape[0]));
  std::ifstream file(path_, std::ios::binary);
  if (!read_at(file, begin_ + begin, numbers)) fail("cannot be read to its end");
  const auto bad = std::ranges::find_if_not(numbers, [](float v) { return std::isfinite(v); });
  if (bad != numbers.end()) {
    fail("number " + std::to_string(bad - numbers.begin()) + " of " + tensor + " is not finite");
  }
  return numbers;
}

}  // namespace annulet::runtime
