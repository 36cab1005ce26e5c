/// What the sensors of the examples have measured: made up, the same on every device.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <annulet/model/random.hpp>
#include <annulet/runtime/data_source.hpp>

namespace consumer {

/// 600 rows of 4 numbers a and b = a.(1, -2, 3, 0.5) + noise; every tenth sensor is broken and says
/// 50 whatever it sees. A run file names a data set; here it is the same whatever the name.
class Readings final : public annulet::runtime::DataSource {
 public:
  std::shared_ptr<const annulet::model::Dataset> load(
      const annulet::model::DataPath& /*path*/) override {
    const std::vector<double> truth = {1, -2, 3, 0.5};
    annulet::model::Random random(7);
    std::vector<float> values, labels;
    for (int row = 0; row < 600; ++row) {
      double label = 0.1 * random.normal();
      for (const double weight : truth) {
        values.push_back(static_cast<float>(random.normal()));
        label += weight * static_cast<double>(values.back());
      }
      labels.push_back(row % 10 == 9 ? 50.0F : static_cast<float>(label));
    }
    return std::make_shared<const annulet::model::Dataset>(
        annulet::model::Dataset::dense(std::move(values), std::move(labels), truth.size()));
  }
};

}  // namespace consumer
