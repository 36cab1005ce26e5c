/// run.max_memory: devices that need more are told before anything begins.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/memory_check.hpp"
#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(limit)

namespace {

using runtime::MemoryNeed;

constexpr std::uint64_t kProgram = runtime::kProgramBytes;

std::string refusal(std::vector<MemoryNeed> needs, std::uint64_t limit,
                    const runtime::ModelSize& size = {.parameters = 1'000'000}) {
  const std::vector<std::string> names{"desk", "pi-0", "pi-1"};
  return runtime::limit_refusal(needs, std::span(names).first(needs.size()), size, limit);
}

/// device-0 starts, device-1 brings as many rows of its own.
void fill(SimCluster& ring, std::size_t rows) {
  model::DataPath own;
  own.file = "/own";
  std::vector<std::size_t> offset(rows + 1);
  std::vector<float> labels(rows, -1.0F);
  for (std::size_t i = 0; i <= rows; ++i) offset[i] = i;
  ring.data.put(own, model::Dataset::sparse(offset, std::vector<model::Index>(rows, 11),
                                            std::vector<float>(rows, 1.0F), labels, 12));
  runtime::StartOptions start;
  start.devices = 2;
  ring.start({.name = "device-0"}, start);
  ring.join({.name = "device-1", .own_data = own});
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_byte_less_is_too_little) {
  const MemoryNeed need{.model = 16'000'000, .data = 5'000'000};
  BOOST_TEST(need.all() == 21'000'000 + kProgram);
  BOOST_TEST(refusal({need, need}, need.all()) == "");
  BOOST_TEST(refusal({need, need}, need.all() - 1).starts_with("desk: needs 29.0 MB for this run"));
}

BOOST_AUTO_TEST_CASE(it_names_the_device_and_what_would_save_how_much) {
  const MemoryNeed small{.model = 24'000'000, .data = 0};
  const MemoryNeed large{.model = 24'000'000, .data = 29'000'000};
  BOOST_TEST(refusal({small, large}, 40'000'000, {.parameters = 1'000'000, .has_momentum = true}) ==
             "pi-0: needs 61.0 MB for this run (24.0 MB for the model, 29.0 MB for its rows, 8.0 "
             "MB for the program), run.max_memory is 40.0 MB. Take a smaller model or fewer rows "
             "there, run without pi-0, or raise it; outer.momentum = 0 saves 8.0 MB");
  BOOST_TEST(refusal({large}, 40'000'000).ends_with("fewer rows there, or raise it"));
}

BOOST_AUTO_TEST_CASE(all_devices_end_alike_before_step_0) {
  SimCluster ring(small_config({"run.max_memory=9MB"}));
  fill(ring, 100'000);
  ring.run();
  for (std::size_t r = 0; r < 2; ++r) {
    BOOST_TEST((ring[r].end->error == devices::ErrorCode::out_of_memory));
    BOOST_TEST(ring[r].code() == 4);
    BOOST_TEST(ring[r].reason().starts_with("device-1: needs 10.8 MB for this run (144 B for the "
                                            "model, 2.8 MB for its rows, 8.0 MB for the"),
               ring[r].reason());
    BOOST_TEST(ring[r].reason() == ring[0].reason());
    BOOST_TEST(!ring[r].start.has_value());
    BOOST_TEST(!ring[r].lost.has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_limit_that_is_kept_changes_nothing) {
  SimCluster limited(small_config({"run.max_memory=11MB"})), free(small_config());
  for (auto* ring : {&limited, &free}) {
    fill(*ring, 100'000);
    ring->run();
  }
  BOOST_TEST(limited[0].reason() == "done");
  BOOST_TEST((limited[0].end->model_hash == free[0].end->model_hash));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
