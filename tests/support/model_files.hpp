/// Model files that tests write, whole and damaged.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/local_sgd.hpp"
#include "runtime/model_file_reader.hpp"
#include "runtime/model_hash.hpp"
#include "runtime/text.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::tests {

/// A logistic model of two features with bias, and what its file says of it.
inline const std::vector<float> kX = {1.0F, -2.5F, 0.5F};
[[nodiscard]] inline runtime::ModelMetadata logistic_metadata() {
  return {{"run", "17"},
          {"objective", "logistic"},
          {"features", "2"},
          {"bias", "true"},
          {"classes", "2"},
          {"labels", "[-1,1]"},
          {"step", "24"},
          {"round", "6"},
          {"members", R"(["pi-1","pi-2"])"},
          {"seed", "1"},
          {"schedule", "one-shot"},
          {"model_hash", runtime::hash_text(runtime::hash_of(kX))}};
}

[[nodiscard]] inline std::string bytes_of_length(std::uint64_t length) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(length >> 8 * i & 0xFF);
  return bytes;
}

/// A file of that header and of `floats` zeros.
[[nodiscard]] inline std::string file_of(const std::string& json, std::size_t floats) {
  return bytes_of_length(json.size()) + json + std::string(4 * floats, '\0');
}

/// A logistic model of two features without bias: `more` metadata, and these tensors.
[[nodiscard]] inline std::string header(const std::string& more, const std::string& tensors) {
  return R"({"__metadata__":{"objective":"logistic","features":"2","bias":"false","classes":"2",)"
         R"("labels":"[0,1]")" +
         more + "}," + tensors + "}";
}
inline const std::string kTensor = R"("x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";

/// A model file in a folder of its own.
class ModelFiles {
 public:
  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "model.safetensors"; }
  [[nodiscard]] std::filesystem::path write(const std::string& bytes) const {
    std::filesystem::remove(path());
    std::ofstream(path(), std::ios::binary) << bytes;
    return path();
  }
  /// What reading those bytes is refused with, without the path and the advice; "" when it is not.
  [[nodiscard]] std::string complaint(const std::string& bytes) const {
    return complaint_of(write(bytes));
  }
  [[nodiscard]] static std::string complaint_of(const std::filesystem::path& file) {
    try {
      static_cast<void>(runtime::read_model_file(file));
    } catch (const runtime::ModelFileError& error) {
      const std::string line = error.what();
      const std::string begin = file.string() + ": ";
      BOOST_TEST(line.starts_with(begin));
      BOOST_TEST(line.find('\n') == line.npos);
      const std::string end = "; name another model file, or copy it again";
      BOOST_TEST_REQUIRE(line.ends_with(end));
      return line.substr(begin.size(), line.size() - begin.size() - end.size());
    }
    return {};
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace annulet::tests
