/// The table of objectives: one line each.
#include "model/catalogue.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "model/objectives.hpp"

namespace annulet::model {

const Catalogue& Catalogue::builtin() {
  static const Catalogue catalogue = [] {
    Catalogue out;
    out.add(logistic_entry());
    out.add(linear_entry());
    out.add(softmax_entry());
    out.add(mlp_entry());
    out.add(quadratic_entry());
    return out;
  }();
  return catalogue;
}

const CatalogueEntry* Catalogue::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(entries_, name, &CatalogueEntry::name);
  return found == entries_.end() ? nullptr : &*found;
}

const CatalogueEntry& Catalogue::at(std::string_view name) const {
  if (const auto* entry = find(name)) return *entry;
  throw std::invalid_argument("no objective is called \"" + std::string(name) + "\"");
}

std::vector<std::string_view> Catalogue::names() const {
  std::vector<std::string_view> out(entries_.size());
  std::ranges::transform(entries_, out.begin(), &CatalogueEntry::name);
  return out;
}

void Catalogue::add(CatalogueEntry entry) {
  if (entry.name.empty() || find(entry.name) != nullptr || !entry.make_float) {
    throw std::invalid_argument("an objective needs a name of its own and a make_float: \"" +
                                entry.name + "\"");
  }
  entries_.push_back(std::move(entry));
}

template <>
std::unique_ptr<Objective<float>> make_objective<float>(const ObjectiveOptions& options,
                                                        const Catalogue& catalogue) {
  return catalogue.at(options.kind).make_float(options);
}

template <>
std::unique_ptr<Objective<double>> make_objective<double>(const ObjectiveOptions& options,
                                                          const Catalogue& catalogue) {
  const auto& entry = catalogue.at(options.kind);
  if (entry.make_double) return entry.make_double(options);
  if (entry.name == "logistic") return logistic_in_double(options);
  if (entry.name == "linear") return linear_in_double(options);
  if (entry.name == "softmax") return softmax_in_double(options);
  if (entry.name == "mlp") return mlp_in_double(options);
  if (entry.name == "quadratic") return quadratic_in_double(options);
  throw std::invalid_argument(entry.name + " computes in float only");
}

LabelUse label_use(const ObjectiveOptions& options, const Catalogue& catalogue) {
  const auto& entry = catalogue.at(options.kind);
  return entry.layered && options.loss == Loss::squared ? LabelUse::values : entry.labels;
}

std::uint64_t dimension(const ObjectiveOptions& options, const Catalogue& catalogue) {
  const auto& entry = catalogue.at(options.kind);
  if (entry.dimension) return entry.dimension(options);
  return std::uint64_t{options.features} + (options.bias ? 1 : 0);
}

}  // namespace annulet::model
