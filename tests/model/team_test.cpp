/// Threads that do one piece of work together.
#include "model/team.hpp"

#include <atomic>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace annulet::model {
BOOST_AUTO_TEST_SUITE(team)

BOOST_AUTO_TEST_CASE(does_every_part_once_each_on_a_thread_of_its_own) {
  Team team(3);
  BOOST_TEST(team.size() == 3U);
  std::vector<std::thread::id> threads(3);
  std::vector<int> done(3);
  const Team::Work work = [&](std::size_t part) {
    threads[part] = std::this_thread::get_id();
    ++done[part];
  };
  team.run(work);
  const auto first = threads;
  for (int i = 1; i < 1000; ++i) team.run(work);
  BOOST_TEST(done == std::vector<int>(3, 1000), boost::test_tools::per_element());
  BOOST_TEST((threads == first));
  BOOST_TEST((threads[0] == std::this_thread::get_id()));
  BOOST_TEST(std::set<std::thread::id>(threads.begin(), threads.end()).size() == 3U);
}

BOOST_AUTO_TEST_CASE(returns_when_all_parts_are_done) {
  Team team(4);
  std::vector<int> written(4);
  for (int i = 1; i <= 2000; ++i) {
    team.run([&](std::size_t part) { written[part] = i; });  // plain: read here after the meeting
    BOOST_TEST_REQUIRE(written == std::vector<int>(4, i), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(threads_that_fell_asleep_wake_up) {
  Team team(2);
  std::atomic<int> done = 0;
  const Team::Work work = [&](std::size_t part) {
    for (int i = 0; part == 0 && i < 20'000; ++i)
      std::this_thread::yield();  // the other one sleeps
    ++done;
  };
  for (int i = 0; i < 20; ++i) team.run(work);
  BOOST_TEST(done == 40);
}

BOOST_AUTO_TEST_CASE(what_a_part_throws_is_thrown_here_when_all_are_done) {
  Team team(3);
  std::atomic<int> done = 0;
  const Team::Work work = [&](std::size_t part) {
    ++done;
    if (part > 0) throw std::runtime_error("part " + std::to_string(part));
  };
  const auto is_first = [](const std::runtime_error& error) {
    return std::string(error.what()) == "part 1";
  };
  BOOST_CHECK_EXCEPTION(team.run(work), std::runtime_error, is_first);
  BOOST_TEST(done == 3);
  team.run([&](std::size_t /*part*/) { ++done; });  // and nothing is left of it
  BOOST_TEST(done == 6);
}

BOOST_AUTO_TEST_CASE(of_one_needs_no_thread) {
  BOOST_TEST((make_team(1) == nullptr));
  BOOST_TEST(make_team(2)->size() == 2U);
  Team team(1);
  std::size_t done = 0;
  team.run([&](std::size_t part) { done += part + 1; });
  BOOST_TEST(done == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace annulet::model
