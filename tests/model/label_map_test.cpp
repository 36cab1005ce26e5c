/// The label map that all devices agree on.
#include "model/label_map.hpp"

#include <cmath>

#include <boost/test/unit_test.hpp>

#include "tests/model/files.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(label_map)

namespace {

using model::LabelUse;
using Sets = std::vector<std::vector<float>>;

model::LabelMap make(LabelUse use, const Sets& sets) {
  const std::vector<std::string> names{"attic", "barn", "cellar"};
  return model::make_label_map(use, sets, std::span(names).first(sets.size()));
}

std::vector<float> raw(LabelUse use, const Sets& sets) {
  const auto map = make(use, sets);
  return {map.raw().begin(), map.raw().end()};
}

std::string wrong(LabelUse use, const Sets& sets) {
  return complaint([&] { static_cast<void>(make(use, sets)); });
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_lower_of_two_labels_is_the_negative_class) {
  for (const auto& pair : Sets{{-1, 1}, {0, 1}, {1, 2}}) {
    const auto map = make(LabelUse::binary, {pair});
    BOOST_TEST(map.classes() == 2U);
    BOOST_TEST(map.target(pair[0]) == 0.0F);
    BOOST_TEST(map.target(pair[1]) == 1.0F);
  }
}

BOOST_AUTO_TEST_CASE(minus_0_is_0) {
  BOOST_TEST(!std::signbit(make(LabelUse::binary, {{-0.0F, 1}}).raw()[0]));
}

BOOST_AUTO_TEST_CASE(ten_classes_are_numbered_in_order) {
  const auto map = make(LabelUse::classes, {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}});
  BOOST_TEST(map.classes() == 10U);
  BOOST_TEST(map.target(7) == 7.0F);
  BOOST_TEST(make(LabelUse::classes, {{1, 2, 3}}).target(1) == 0.0F);
  BOOST_TEST(make(LabelUse::classes, {{3, 7}}).target(7) == 1.0F);
}

BOOST_AUTO_TEST_CASE(devices_may_hold_one_class_each) {
  BOOST_TEST(raw(LabelUse::binary, {{1}, {-1}}) == (std::vector<float>{-1, 1}));
  BOOST_TEST(raw(LabelUse::binary, {{1}, {}, {2}}) == (std::vector<float>{1, 2}));
  BOOST_TEST(raw(LabelUse::classes, {{5}, {2, 0}}) == (std::vector<float>{0, 2, 5}));
}

BOOST_AUTO_TEST_CASE(sets_that_do_not_fit_together_name_both_devices) {
  const auto message = wrong(LabelUse::binary, {{-1, 1}, {-1, 1}, {0, 1}});
  BOOST_TEST(message ==
             "the labels of attic are {-1, 1}, those of cellar {0, 1}: they do not fit together; "
             "two classes are labelled -1/+1, 0/1 or 1/2");
  BOOST_TEST(holds(wrong(LabelUse::binary, {{1}, {2}, {0}}), "barn are {2}, those of cellar {0}"));
  BOOST_TEST(holds(wrong(LabelUse::classes, {{-1, 1}, {0, 1, 2, 3}}), "attic are {-1, 1}"));
}

BOOST_AUTO_TEST_CASE(a_set_that_fits_nowhere_names_its_device) {
  BOOST_TEST(holds(wrong(LabelUse::binary, {{0, 1}, {0, 1, 2}}), "labels of barn are {0, 1, 2}"));
  BOOST_TEST(holds(wrong(LabelUse::binary, {{3, 4}}), "labels of attic are {3, 4}"));
  BOOST_TEST(holds(wrong(LabelUse::classes, {{0, 1}, {0.5F}}), "labels of barn are {0.5}"));
  BOOST_TEST(holds(wrong(LabelUse::classes, {{-1, 0, 1, 2}}), "labels of attic are {-1, 0, 1, 2}"));
}

BOOST_AUTO_TEST_CASE(one_label_is_nothing_to_learn) {
  BOOST_TEST(holds(wrong(LabelUse::binary, {{1}, {1}}), "nothing to tell apart"));
  BOOST_TEST(holds(wrong(LabelUse::classes, {{4}}), "nothing to tell apart"));
  BOOST_TEST(holds(wrong(LabelUse::binary, {{}}), "nothing to tell apart"));
}

BOOST_AUTO_TEST_CASE(a_negative_class_fits_only_beside_its_positive_twin) {
  BOOST_TEST(raw(LabelUse::classes, {{-1, 1}}) == (std::vector<float>{-1, 1}));
  BOOST_TEST(holds(wrong(LabelUse::classes, {{-1, 1}, {0, 1}}), "do not fit together"));
}

// A joiner may bring one label alone; it conflicts only with labels of another map.
BOOST_AUTO_TEST_CASE(a_conflict_is_told_before_all_labels_are_there) {
  const std::vector<std::vector<float>> fine{{1}, {1}}, mixed{{-1}, {0, 1}};
  const std::vector<std::string> names{"attic", "barn"};
  BOOST_TEST(label_conflict(LabelUse::binary, fine, names) == "");
  BOOST_TEST(label_conflict(LabelUse::none, mixed, names) == "");
  BOOST_TEST(holds(label_conflict(LabelUse::binary, mixed, names), "attic are {-1}"));
  BOOST_TEST(holds(label_conflict(LabelUse::classes, mixed, names), "barn {0, 1}"));
}

BOOST_AUTO_TEST_CASE(objectives_without_labels_take_any) {
  BOOST_TEST(make(LabelUse::none, {{0.5F, 3.25F}, {}}).classes() == 0U);
}

BOOST_AUTO_TEST_CASE(a_label_that_training_never_saw_is_named) {
  const auto map = make(LabelUse::classes, {{0, 1, 2}});
  BOOST_TEST(complaint([&] { static_cast<void>(map.target(3)); }) ==
             "label 3 is none of the training data's labels {0, 1, 2}");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
