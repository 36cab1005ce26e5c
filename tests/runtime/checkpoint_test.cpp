/// Checkpoints as bytes: what is read is what was written, or it is refused.
#include "runtime/checkpoint.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/support/counted_allocations.hpp"
#include "tests/support/small_checkpoint.hpp"
#include "transport/bytes.hpp"
#include "transport/checksum.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(checkpoint)

namespace {

using Bytes = std::vector<std::byte>;

/// Why it is refused; empty when it is not.
std::string refusal(std::span<const std::byte> file) {
  try {
    static_cast<void>(runtime::decode_checkpoints(file));
  } catch (const runtime::CheckpointError& error) {
    return error.what();
  }
  return {};
}

using Averages = std::vector<model::IterateAverage>;
void check_equal(const Averages& a, const Averages& b) {
  BOOST_REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    BOOST_TEST((a[i].weights.kind == b[i].weights.kind));
    BOOST_TEST(a[i].weights.a == b[i].weights.a);
    BOOST_TEST(a[i].total == b[i].total);
    BOOST_TEST(a[i].mean == b[i].mean, boost::test_tools::per_element());
  }
}

/// All but the report of the steps, which nobody asks for any more.
void check_equal(const runtime::OwnChange& a, const runtime::OwnChange& b) {
  BOOST_TEST(a.part.h == b.part.h);
  BOOST_TEST(a.part.own == b.part.own);
  BOOST_TEST(a.part.effort.share == b.part.effort.share);
  BOOST_TEST(a.part.effort.eta == b.part.effort.eta);
  BOOST_TEST(a.part.effort.full_eta == b.part.effort.full_eta);
  BOOST_TEST(a.part.effort.present == b.part.effort.present);
  BOOST_TEST(a.all == b.all, boost::test_tools::per_element());
  BOOST_TEST(a.facts.loss == b.facts.loss);
  BOOST_TEST(a.facts.delta_norm2 == b.facts.delta_norm2);
  BOOST_TEST(a.facts.samples == b.facts.samples);
  BOOST_TEST(a.facts.not_finite == b.facts.not_finite);
  BOOST_TEST(a.facts.left_out.effort == b.facts.left_out.effort);
  BOOST_TEST(a.facts.left_out.share == b.facts.left_out.share);
  BOOST_TEST(a.d == b.d, boost::test_tools::per_element());
  BOOST_TEST(a.v == b.v, boost::test_tools::per_element());
  check_equal(a.averages, b.averages);
  BOOST_TEST((a.took == b.took));
  BOOST_TEST((a.steps == b.steps));
  BOOST_TEST(a.cut == b.cut);
  BOOST_TEST(a.reason == b.reason);
}

void check_equal(const runtime::Checkpoint& a, const runtime::Checkpoint& b) {
  BOOST_TEST((a.head == b.head));
  BOOST_TEST(a.state.t == b.state.t);
  BOOST_TEST(a.state.round == b.state.round);
  BOOST_TEST(a.state.x == b.state.x, boost::test_tools::per_element());
  BOOST_TEST(a.state.v == b.state.v, boost::test_tools::per_element());
  BOOST_TEST(a.state.facts.t == b.state.facts.t);
  BOOST_TEST(a.state.facts.h == b.state.facts.h);
  BOOST_TEST(a.state.facts.loss == b.state.facts.loss);
  BOOST_TEST(a.state.facts.drift == b.state.facts.drift);
  BOOST_TEST(a.state.facts.delta_norm2 == b.state.facts.delta_norm2);
  BOOST_TEST(a.state.r == b.state.r, boost::test_tools::per_element());
  BOOST_TEST(a.state.facts.step_s == b.state.facts.step_s);
  BOOST_TEST(a.state.facts.average_s == b.state.facts.average_s);
  BOOST_TEST(a.state.round_seconds == b.state.round_seconds);
  BOOST_TEST(a.state.u == b.state.u, boost::test_tools::per_element());
  BOOST_TEST(a.state.step_seconds == b.state.step_seconds, boost::test_tools::per_element());
  check_equal(a.state.averages, b.state.averages);
  check_equal(a.state.under_way, b.state.under_way);
  BOOST_TEST(a.state.hash == b.state.hash);
  BOOST_TEST((a.sampler == b.sampler));
}

/// With a checksum that fits again, as a clumsy hand would not make it.
Bytes resealed(Bytes file) {
  const auto content = std::span<const std::byte>(file).first(file.size() - 8);
  transport::store_le(&file[file.size() - 8], transport::checksum(content));
  return file;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_is_read_is_what_was_written) {
  const auto written = small_checkpoint();
  const auto read = runtime::decode_checkpoints(file_of({record_of(written)}));
  BOOST_REQUIRE(read.size() == 1U);
  check_equal(read[0], written);
}

BOOST_AUTO_TEST_CASE(a_file_may_hold_the_records_of_several_devices) {
  auto other = small_checkpoint(7);
  other.state.v.clear();
  other.state.under_way.clear();
  other.state.under_way.took = other.state.under_way.steps = {};
  other.state.under_way.facts = {};
  other.state.under_way.cut = false;
  other.state.under_way.reason = "";
  other.sampler.order.clear();
  const auto read =
      runtime::decode_checkpoints(file_of({record_of(small_checkpoint()), record_of(other)}));
  BOOST_REQUIRE(read.size() == 2U);
  check_equal(read[0], small_checkpoint());
  check_equal(read[1], other);
}

BOOST_AUTO_TEST_CASE(encoding_again_uses_the_same_memory) {
  auto checkpoint = small_checkpoint();
  Bytes record;
  runtime::encode_record(checkpoint.head, checkpoint.state, checkpoint.sampler, record);
  const auto* const place = record.data();
  runtime::encode_record(checkpoint.head, checkpoint.state, checkpoint.sampler, record);
  BOOST_TEST(record.data() == place);
  BOOST_TEST((record == record_of(checkpoint)));
}

// What is large is copied once: memory that grows would be copied again and again.
BOOST_AUTO_TEST_CASE(a_record_is_allocated_once) {
  constexpr std::size_t kLarge = 100'000;
  auto checkpoint = small_checkpoint();
  checkpoint.state.x.resize(kLarge);
  checkpoint.state.v.resize(kLarge);
  checkpoint.state.r.resize(kLarge);
  checkpoint.state.under_way.d.resize(kLarge);
  checkpoint.state.under_way.v.resize(kLarge);
  checkpoint.state.under_way.averages[0].mean.resize(kLarge);
  checkpoint.state.averages.resize(3, checkpoint.state.averages[0]);
  for (auto& average : checkpoint.state.averages) average.mean.resize(kLarge);
  checkpoint.sampler.order.resize(kLarge);
  checkpoint.head.reason = std::string(1000, 'r');
  Bytes record;
  const auto before = allocated_bytes();
  runtime::encode_record(checkpoint.head, checkpoint.state, checkpoint.sampler, record);
  BOOST_TEST(allocated_bytes() - before == record.capacity());
  BOOST_TEST(record.capacity() - record.size() < 4096U);
}

BOOST_AUTO_TEST_CASE(a_long_reason_is_cut) {
  auto checkpoint = small_checkpoint();
  checkpoint.head.reason = std::string(255, 'r') + "\u00e4";  // two bytes, of which one is too much
  const auto read = runtime::decode_checkpoints(file_of({record_of(checkpoint)}));
  BOOST_TEST(read.at(0).head.reason == std::string(255, 'r'));
}

// The format is pinned: a change of it must change its number too.
BOOST_AUTO_TEST_CASE(the_bytes_of_format_7_are_these) {
  const auto file = file_of({record_of(small_checkpoint())});
  BOOST_TEST(file.size() == 3206U);
  BOOST_TEST(transport::checksum(file) == 3911335529318133330U);
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused) {
  const auto file = file_of({record_of(small_checkpoint())});
  for (std::size_t length = 0; length < file.size(); ++length) {
    const auto reason = refusal(std::span(file).first(length));
    BOOST_TEST_REQUIRE(!reason.empty(), "cut to " << length << " bytes");
    BOOST_TEST((reason.starts_with("is damaged: ") || reason.starts_with("is no checkpoint")));
  }
  auto longer = file;
  longer.emplace_back();
  BOOST_TEST(refusal(longer).starts_with("is damaged: its checksum does not fit"));
}

BOOST_AUTO_TEST_CASE(every_flipped_byte_is_refused) {
  const auto file = file_of({record_of(small_checkpoint())});
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (const auto mask : {std::byte{1}, std::byte{0x80}, std::byte{0xff}}) {
      auto flipped = file;
      flipped[at] ^= mask;
      BOOST_TEST_REQUIRE(!refusal(flipped).empty(), "byte " << at);
    }
  }
}

// A checksum is no protection against malice: lengths are checked all the same.
BOOST_AUTO_TEST_CASE(wrong_lengths_allocate_nothing_even_with_a_checksum_that_fits) {
  const auto file = file_of({record_of(small_checkpoint())});
  for (std::size_t at = 8; at + 8 < file.size(); ++at) {
    auto changed = file;
    for (std::size_t i = at; i < std::min(at + 4, file.size() - 8); ++i)
      changed[i] = std::byte{0xff};
    changed = resealed(std::move(changed));
    const auto before = allocated_bytes();
    static_cast<void>(refusal(changed));  // or it is a checkpoint with other numbers
    BOOST_TEST_REQUIRE(allocated_bytes() - before < 16 * file.size(), "byte " << at);
  }
}

BOOST_AUTO_TEST_CASE(other_files_and_other_formats_are_named) {
  const std::string text = "round,step,h,loss\n1,4,4,0.5\n";
  BOOST_TEST(refusal(std::as_bytes(std::span(text))) ==
             "is no checkpoint of annulet: it does not begin like one");
  auto newer = file_of({record_of(small_checkpoint())});
  newer[8] = std::byte{8};
  BOOST_TEST(refusal(resealed(newer)) ==
             "has format 8, this annulet reads format 7: use the annulet that wrote it");
  BOOST_TEST(refusal(file_of({})) == "is damaged: it is of no device");
}

BOOST_AUTO_TEST_CASE(contradictions_are_refused) {
  const auto broken = [](auto&& change) {
    auto checkpoint = small_checkpoint();
    change(checkpoint);
    return refusal(file_of({record_of(checkpoint)}));
  };
  const std::string expected = "is damaged: it contradicts itself";
  BOOST_TEST(broken([](auto& c) { c.head.rank = 2; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.head.samples.pop_back(); }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.facts.h = 0; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.head.scale.shift.pop_back(); }) == expected);
  BOOST_TEST(broken([](auto& c) { c.head.features = 4; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.head.scale.factor[0] = INFINITY; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.round = 0; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.t = -1; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.x[1] = NAN; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.v[1] = INFINITY; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.v.pop_back(); }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.u[1] = INFINITY; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.u.pop_back(); }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.r[1] = NAN; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.r.pop_back(); }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.step_seconds.pop_back(); }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.averages[0].mean.pop_back(); }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.under_way.part.h = -1; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.under_way.part.h = INT64_MAX - 9; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.under_way.part.own = 9; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.under_way.part.own = -1; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.under_way.all.pop_back(); }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.under_way.all[0] = 9; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.under_way.d.pop_back(); }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.under_way.d[1] = NAN; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.under_way.v.clear(); }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.under_way.v[0] = INFINITY; }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.under_way.averages.clear(); }) == expected);
  BOOST_TEST(broken([](auto& c) { c.state.under_way.averages[0].mean.pop_back(); }) == expected);
  BOOST_TEST(broken([](auto&) {}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
