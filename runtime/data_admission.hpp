/// Does a device's data fit the others', and what do all agree on?
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/catalogue.hpp"
#include "model/dataset.hpp"
#include "runtime/run_config.hpp"
#include "transport/admission.hpp"

namespace annulet::runtime {

/// The rules: dense data of one width with the same names, no index beyond data.features, labels of
/// one map. The model's size follows: at most kMaxParameters.
class DataAdmission final : public transport::Admission {
 public:
  /// The catalogue must outlive this. labels: of the model that the run begins with, which then are
  /// the label map; none: the data decide.
  explicit DataAdmission(RunConfig config,
                         const model::Catalogue& catalogue = model::Catalogue::builtin(),
                         std::vector<float> labels = {})
      : config_(std::move(config)), catalogue_(catalogue), labels_(std::move(labels)) {}
  [[nodiscard]] std::optional<transport::Cause> refusal(
      std::span<const transport::Candidate> accepted,
      const transport::Candidate& newcomer) const override;
  /// features = data.features, else the largest; rows = n: the run file's rows once, and every
  /// device's own. Throws model::DataError.
  [[nodiscard]] transport::Agreement agree(
      std::span<const transport::Candidate> all) const override;
  /// What a view says that cannot be true of a ring with this device's data in it, as a sentence,
  /// or "": then the starter is broken, or none.
  [[nodiscard]] std::string contradiction(const transport::View& view,
                                          const transport::Survey& mine) const;

 private:
  [[nodiscard]] std::optional<transport::Cause> own_refusal(
      const transport::Candidate& newcomer) const;
  [[nodiscard]] std::optional<transport::Cause> model_refusal(
      const transport::Candidate& newcomer) const;
  [[nodiscard]] std::optional<transport::Cause> label_refusal(
      std::span<const transport::Candidate> accepted, const transport::Candidate& newcomer) const;
  [[nodiscard]] std::optional<transport::Cause> size_refusal(
      std::span<const transport::Candidate> accepted, const transport::Candidate& newcomer) const;
  /// Whether a model of those features and that many labels has 1 to kMaxParameters parameters.
  [[nodiscard]] bool has_model_size(std::uint64_t features, std::size_t labels) const;
  [[nodiscard]] model::LabelUse label_use() const;

  RunConfig config_;
  const model::Catalogue& catalogue_;
  std::vector<float> labels_;
};

inline constexpr std::uint64_t kMaxParameters = std::uint64_t{1} << 28;

}  // namespace annulet::runtime
