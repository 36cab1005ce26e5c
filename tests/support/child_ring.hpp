/// A ring of real processes on this machine: one starts a run, the others join it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/child_program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::tests {

/// Steps that no run takes within a test: it ends by what the test does to it.
inline constexpr const char* kEndless = "1000000000";

/// Writes files for a test.
class WorkFolder {
 public:
  WorkFolder() {
    std::string rows;  // 60 rows of two labels; row i has three of twelve features
    for (int i = 0; i < 60; ++i) {
      rows += (i * i + i / 3) % 3 == 0 ? "+1" : "-1";
      for (int j = i % 3 + 1; j <= 12; j += 4) {
        rows += " " + std::to_string(j) + ":" + std::to_string((7 * i + 3 * j) % 8 + 1);
      }
      rows += "\n";
    }
    write("rows.libsvm", rows);
  }

  /// A run file on those rows; `more` is appended: further keys and sections.
  [[nodiscard]] std::string run_file(const std::string& steps, const std::string& more = {}) const {
    return write("run.toml", "run.steps = " + steps +
                                 "\nmodel = {kind = \"logistic\", l2 = \"1/n\"}\n"
                                 "data.train = \"rows.libsvm\"\ntrain.lr.value = 0.01\n" +
                                 more + "\n");
  }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_.path() / name, std::ios::binary) << text;
    return at(name);
  }
  [[nodiscard]] std::string at(const std::string& name) const {
    return (folder_.path() / name).string();
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    return read_all(folder_.path() / name);
  }

 private:
  TemporaryFolder folder_;
};

inline constexpr const char* kOneStep = "schedule = {kind = \"fixed\", h = 1}\n";

/// `device-0` starts, the others join; results of device-k are in the folder `out-k`.
class ChildRing {
 public:
  ChildRing(WorkFolder& folder, std::size_t devices, const std::string& run_file,
            std::vector<std::string> more = {})
      : folder_(folder) {
    std::vector<std::string> words{
        "run",    run_file,   "--devices", std::to_string(devices), "--listen", "127.0.0.1:0",
        "--name", "device-0", "--out",     folder.at("out-0")};
    words.insert(words.end(), more.begin(), more.end());
    children_.push_back(std::make_unique<ChildProgram>(words));
    if (devices > 1) port_ = children_[0]->wait_for_port();
  }

  /// Starts the next joiner.
  ChildProgram& join(const std::vector<std::string>& more = {}) {
    const std::string k = std::to_string(children_.size());
    std::vector<std::string> words{"join",  "127.0.0.1:" + port_,  "--name", "device-" + k,
                                   "--out", folder_.at("out-" + k)};
    words.insert(words.end(), more.begin(), more.end());
    return *children_.emplace_back(std::make_unique<ChildProgram>(words));
  }

  /// The device of that rank.
  [[nodiscard]] ChildProgram& operator[](std::size_t rank) { return *children_.at(rank); }
  [[nodiscard]] std::size_t size() const noexcept { return children_.size(); }
  [[nodiscard]] const std::string& port() const noexcept { return port_; }

 private:
  WorkFolder& folder_;
  std::string port_;
  std::vector<std::unique_ptr<ChildProgram>> children_;
};

}  // namespace annulet::tests
