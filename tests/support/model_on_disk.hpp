/// A model file for runs to begin with, in a folder of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runtime/model_file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::tests {

/// What a run would write of a logistic model of kSparseFile.
[[nodiscard]] inline runtime::ModelMetadata logistic_of_twelve() {
  return {{"objective", "logistic"}, {"features", "12"},   {"bias", "false"},
          {"classes", "2"},          {"labels", "[-1,1]"}, {"step", "12"}};
}

class ModelOnDisk {
 public:
  explicit ModelOnDisk(const std::vector<float>& x,
                       const runtime::ModelMetadata& metadata = logistic_of_twelve(),
                       const model::Scale& scale = {}) {
    runtime::write_model_file(path(), x, metadata, scale);
  }
  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "m.safetensors"; }
  [[nodiscard]] std::string setting() const { return "model.init=\"" + path().string() + "\""; }

 private:
  TemporaryFolder folder_;
};

[[nodiscard]] inline std::vector<std::string> with(std::vector<std::string> settings,
                                                   const std::vector<std::string>& more) {
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

}  // namespace annulet::tests
