/// The experiment on a small data set: figures, a table and a page come of it.
#include "runtime/reproduction.hpp"

#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "runtime/reproduction_cells.hpp"
#include "tests/model/samples.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(reproduction)

namespace {

ReproductionScope small_scope() {
  auto scope = quick_scope();
  scope.devices = {1, 2, 4};
  scope.ring = 2;
  scope.h = {1, 4};
  scope.factors = {4};
  scope.targets = {0.02};
  scope.longest = 1024;
  return scope;
}

struct Small {
  PaperProblem problem = make_paper_problem(tests::sparse_sample());
  ReproductionScope scope = small_scope();
  Measurements measured = measure(problem, reproduction_cells(scope), 1, {});
  Reproduction found = reproduce(problem, scope, measured, 1);

  [[nodiscard]] const Figure& figure(const std::string& id) const {
    return *std::ranges::find(found.figures, id, &Figure::id);
  }
};

const Small& small() {
  static const Small made;
  return made;
}

const Line& line_of(const Figure& figure, const std::string& name) {
  const auto found = std::ranges::find(figure.lines, name, &Line::name);
  BOOST_TEST_REQUIRE((found != figure.lines.end()), figure.id << " lacks " << name);
  return *found;
}

/// How far apart the measured lines of that figure are at most, as a ratio.
double apart(const Figure& figure, const std::string& often) {
  const auto& once = line_of(figure, "H = 1").points;
  const auto& other = line_of(figure, often).points;
  double most = 1;
  for (std::size_t i = 0; i < once.size(); ++i) {
    most = std::max({most, once[i].y / other[i].y, other[i].y / once[i].y});
  }
  return most;
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_cell_is_measured_twice) {
  for (const auto& scope : {whole_scope(), quick_scope(), small_scope()}) {
    std::vector<std::string> names;
    for (const auto& cell : reproduction_cells(scope)) names.push_back(cell.name);
    std::ranges::sort(names);
    BOOST_TEST((std::ranges::adjacent_find(names) == names.end()));
    BOOST_TEST((std::ranges::find(scope.devices, scope.ring) != scope.devices.end()));
  }
}

BOOST_AUTO_TEST_CASE(all_seven_figures_are_there) {
  for (const std::string id : {"computed", "computed-eps", "measured-0.02", "strategies",
                               "special-cases", "huge-batch", "bound", "schedules"}) {
    BOOST_TEST(!small().figure(id).lines.empty());
    BOOST_TEST(!small().figure(id).reading.empty());
  }
}

// From T of the table: T_1 / (T (1 + 25/H)).
BOOST_AUTO_TEST_CASE(speed_up_counts_averages) {
  const auto& alone = small().measured.at(cell_name(1, 1, 0.02));
  const auto& many = small().measured.at(cell_name(4, 4, 0.02));
  BOOST_TEST_REQUIRE((alone && many));
  const auto& line = line_of(small().figure("measured-0.02"), "H = 4");
  const double expected = alone->steps().mean / (many->steps().mean * (1 + 25.0 / 4));
  BOOST_TEST(std::abs(line.points.back().y - expected) < 1e-12 * expected);
  BOOST_TEST(line.points.back().x == 4);
  BOOST_TEST(*line.points.back().low <= line.points.back().y);
}

// A batch four times larger is four times the work, at one average a step.
BOOST_AUTO_TEST_CASE(larger_batches_are_more_work) {
  const auto& alone = small().measured.at(cell_name(1, 1, 0.02));
  const auto& large = small().measured.at(batch_name(4, 4));
  BOOST_TEST_REQUIRE((alone && large));
  const auto& line = line_of(small().figure("strategies"), "H = 1, batches of 16");
  const double expected = alone->steps().mean / (large->steps().mean * (4 + 25));
  BOOST_TEST(std::abs(line.points.back().y - expected) < 1e-12 * expected);
}

BOOST_AUTO_TEST_CASE(the_bound_is_above_what_is_measured) {
  const auto& figure = small().figure("bound");
  for (const std::string h : {"H = 1", "H = 4"}) {
    const auto& measured = line_of(figure, h).points;
    const auto& bound = line_of(figure, "bound, " + h).points;
    BOOST_TEST_REQUIRE(measured.size() == 3U);
    for (std::size_t i = 0; i < 3; ++i) {
      BOOST_TEST(measured[i].x == bound[i].x);
      BOOST_TEST(measured[i].y < bound[i].y);
    }
  }
}

BOOST_AUTO_TEST_CASE(lines_are_said_to_coincide_where_they_do) {
  const std::string words = "all measured lines lie on each other";
  const auto& together = small().figure("bound");
  BOOST_TEST(apart(together, "H = 4") <= 1.05);
  BOOST_TEST(together.reading.find(words) != std::string::npos, together.reading);
  auto scope = small_scope();
  scope.h = {1, 512};
  const auto found = reproduce(small().problem, scope, {}, 1);
  const auto& far = *std::ranges::find(found.figures, "bound", &Figure::id);
  BOOST_TEST(apart(far, "H = 512") > 1.05);
  BOOST_TEST(far.reading.find(words) == std::string::npos, far.reading);
}

BOOST_AUTO_TEST_CASE(told_to_stop_it_follows_no_path) {
  std::stop_source stop;
  stop.request_stop();
  const auto found =
      reproduce(small().problem, small().scope, small().measured, 1, stop.get_token());
  const auto bound = std::ranges::find(found.figures, "bound", &Figure::id);
  for (const auto& line : bound->lines) BOOST_TEST(line.points.empty());
}

BOOST_AUTO_TEST_CASE(csv_and_page_hold_every_point_and_cell) {
  const auto& found = small().found;
  std::size_t points = 0;
  for (const auto& figure : found.figures) {
    for (const auto& line : figure.lines) points += line.points.size();
  }
  const auto csv = csv_of(found.figures);
  BOOST_TEST(static_cast<std::size_t>(std::ranges::count(csv, '\n')) == points + 1);
  const auto cells = static_cast<std::size_t>(std::ranges::count(found.table_csv, '\n'));
  BOOST_TEST(cells == reproduction_cells(small().scope).size() + 1);
  const auto page = reproduction_page(found, "a </script> in a name");
  BOOST_TEST(page.find("{{") == std::string::npos);
  BOOST_TEST(page.find("a </script>") == std::string::npos);
  BOOST_TEST(page.find("measured-0.02") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_target_out_of_reach_leaves_gaps_and_no_errors) {
  auto scope = small_scope();
  scope.targets = {1e-13};
  scope.devices = {1, 2};
  scope.h = {1};
  Measurements none;
  for (const auto& cell : reproduction_cells(scope)) none[cell.name] = std::nullopt;
  const auto found = reproduce(small().problem, scope, none, 1);
  BOOST_TEST(found.key_figures.empty());
  BOOST_TEST(found.table_csv.find("never") != std::string::npos);
  BOOST_TEST(!reproduction_page(found, "").empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
