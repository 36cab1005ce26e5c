/// The catalogue: what is in it, what can be added, and that d is told as it is made.
#include "model/catalogue.hpp"

#include <stdexcept>
#include <utility>

#include <boost/test/unit_test.hpp>

#include "tests/model/samples.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(catalogue)

namespace {

using model::Catalogue;
using model::CatalogueEntry;
using model::LabelUse;
using model::ObjectiveOptions;

CatalogueEntry named(std::string name) {
  CatalogueEntry entry = Catalogue::builtin().at("quadratic");
  entry.name = std::move(name);
  return entry;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_comes_with_annulet_is_in_it) {
  const std::vector<std::string_view> expected{"logistic", "linear", "softmax", "mlp", "quadratic"};
  BOOST_TEST(Catalogue::builtin().names() == expected);
  BOOST_TEST((Catalogue::builtin().at("logistic").labels == LabelUse::binary));
  BOOST_TEST((Catalogue::builtin().at("softmax").labels == LabelUse::classes));
  BOOST_TEST((Catalogue::builtin().at("quadratic").labels == LabelUse::none));
  BOOST_TEST(Catalogue::builtin().find("Logistic") == nullptr);
  BOOST_CHECK_THROW(static_cast<void>(Catalogue::builtin().at("")), std::invalid_argument);
}

// Admission of data asks for d by arithmetic alone, before anything is allocated.
BOOST_AUTO_TEST_CASE(the_dimension_told_is_the_dimension_made) {
  for (const auto name : Catalogue::builtin().names()) {
    const auto& entry = Catalogue::builtin().at(name);
    for (const bool bias : {false, true}) {
      if (bias && !entry.no_bias.empty()) continue;
      const ObjectiveOptions options{
          .kind = std::string(name), .features = 5, .classes = 3, .bias = bias};
      const auto d = model::dimension(options);
      BOOST_TEST(model::make_objective<float>(options)->dimension() == d, name);
      BOOST_TEST(model::make_objective<double>(options)->dimension() == d, name);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_entry_of_ones_own_is_found_and_made) {
  Catalogue mine = Catalogue::builtin();
  mine.add(named("mine"));
  BOOST_TEST(mine.names().back() == "mine");
  const ObjectiveOptions options{.kind = "mine", .features = 4};
  BOOST_TEST(model::make_objective<float>(options, mine)->dimension() == 4U);
  BOOST_TEST(Catalogue::builtin().find("mine") == nullptr);
}

BOOST_AUTO_TEST_CASE(an_entry_needs_a_name_of_its_own_and_a_factory) {
  Catalogue mine = Catalogue::builtin();
  BOOST_CHECK_THROW(mine.add(named("softmax")), std::invalid_argument);
  BOOST_CHECK_THROW(mine.add(named("")), std::invalid_argument);
  BOOST_CHECK_THROW(mine.add({.name = "empty"}), std::invalid_argument);
  BOOST_TEST(mine.names() == Catalogue::builtin().names());
}

BOOST_AUTO_TEST_CASE(an_entry_may_do_without_double) {
  Catalogue mine;
  auto entry = named("float only");
  entry.make_double = nullptr;
  mine.add(entry);
  const ObjectiveOptions options{.kind = "float only", .features = 4};
  BOOST_TEST(model::make_objective<float>(options, mine)->dimension() == 4U);
  BOOST_CHECK_THROW(static_cast<void>(model::make_objective<double>(options, mine)),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
