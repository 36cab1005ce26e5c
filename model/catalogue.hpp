/// The table of objectives: what model.kind may name, and what the product must know of each.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/convex_problem.hpp"
#include "model/objective.hpp"

namespace annulet::model {

template <class Scalar>
using ObjectiveFactory =
    std::function<std::unique_ptr<Objective<Scalar>>(const ObjectiveOptions& options)>;

/// One kind of objective. A program that links the library brings its own by adding an entry.
struct CatalogueEntry {
  std::string name;                  // what model.kind says
  LabelUse labels = LabelUse::none;  // what it wants of labels
  std::string no_bias{};             // why model.bias must be false, such as "has no bias"; or ""
  bool layered = false;  // takes model.layers, activation and loss; loss "squared" wants values
  bool convex = true;    // else there is no one optimum, and no L for the paper's step size
  /// d of what the factories make, by arithmetic alone: asked before anything is allocated, for
  /// features and classes as other devices tell them. Empty: features (+1).
  std::function<std::uint64_t(const ObjectiveOptions& options)> dimension{};
  ObjectiveFactory<float> make_float{};    // what runs compute with
  ObjectiveFactory<double> make_double{};  // may be empty where nobody asks; ours are known by name
  /// The problem of its least value over all rows of a shard that outlives it; empty where f is not
  /// convex, or nobody asks.
  std::function<std::unique_ptr<ConvexProblem>(const ObjectiveOptions& options, const Shard& shard)>
      make_problem{};
};

/// Names are unique. A value: copies are independent.
class Catalogue {
 public:
  /// The objectives that come with annulet.
  [[nodiscard]] static const Catalogue& builtin();

  /// Null where there is none of that name.
  [[nodiscard]] const CatalogueEntry* find(std::string_view name) const noexcept;
  /// Throws std::invalid_argument where there is none of that name.
  [[nodiscard]] const CatalogueEntry& at(std::string_view name) const;
  /// In the order in which they were added.
  [[nodiscard]] std::vector<std::string_view> names() const;
  /// Throws std::invalid_argument where the name is taken or empty, or make_float is empty.
  void add(CatalogueEntry entry);

 private:
  std::vector<CatalogueEntry> entries_;
};

/// The objective that options.kind names. Throws std::invalid_argument where there is none.
template <class Scalar>
[[nodiscard]] std::unique_ptr<Objective<Scalar>> make_objective(
    const ObjectiveOptions& options, const Catalogue& catalogue = Catalogue::builtin());

/// What that objective wants of labels. Throws std::invalid_argument where there is none.
[[nodiscard]] LabelUse label_use(const ObjectiveOptions& options,
                                 const Catalogue& catalogue = Catalogue::builtin());

/// d of that objective. Throws std::invalid_argument where there is none of that name.
[[nodiscard]] std::uint64_t dimension(const ObjectiveOptions& options,
                                      const Catalogue& catalogue = Catalogue::builtin());

}  // namespace annulet::model
