/// Hops and sums, in words.
#include "runtime/commands/measurement_screen.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>
#include <utility>

#include "runtime/measure_request.hpp"
#include "runtime/measured_ring.hpp"
#include "runtime/text.hpp"
#include "runtime/text_table.hpp"
#include "transport/ring_bytes.hpp"

namespace annulet::runtime {
namespace {

constexpr std::size_t kLongestName = 20;
constexpr double kMilli = 1e-3;

std::uint64_t bytes_of(std::int64_t elements) {
  return static_cast<std::uint64_t>(elements) * sizeof(float);
}

/// "4 KiB", "203,560 B".
std::string size_name(std::int64_t elements) {
  auto size = bytes_of(elements);
  constexpr std::uint64_t kKibi = 1024;
  std::string unit = " B";
  for (const char* larger : {" KiB", " MiB"}) {
    if (size % kKibi != 0) break;
    size /= kKibi;
    unit = larger;
  }
  return size_text(size) + unit;
}

/// Three digits, and all of those before the point.
std::string number_text(double value) {
  constexpr double kMany = 100;
  return value < kMany ? digits_text(value, 3) : std::to_string(std::llround(value));
}

/// "31.2us", "840ms": as parse_duration reads it; with a blank between for people.
std::string time_text(double seconds, const char* blank) {
  return seconds < kMilli ? number_text(seconds * 1e6) + blank + "us"
         : seconds < 1    ? number_text(seconds * 1e3) + blank + "ms"
                          : number_text(seconds) + blank + "s";
}

}  // namespace

MeasurementScreen::MeasurementScreen(devices::Duration hop, devices::Duration time,
                                     const std::vector<std::size_t>& bytes) {
  MeasureSection measure{.hop = hop, .time = time};
  for (std::size_t last = std::numeric_limits<std::size_t>::max();;) {
    std::size_t largest = 0;  // of those that are left
    for (const auto size : bytes) {
      const auto elements = size / sizeof(float);
      if (elements < last) largest = std::max(largest, elements);
    }
    if (largest == 0) break;
    measure.elements.push_back(static_cast<std::int64_t>(largest));
    last = largest;
  }
  ask_to_measure(config_, std::move(measure));
}

std::string MeasurementScreen::hop(std::size_t from) const {
  const auto& names = ring_.devices;
  return printable(names[from], kLongestName) + " -> " +
         printable(names[(from + 1) % names.size()], kLongestName);
}

/// What comes next; "" when nothing does.
std::string MeasurementScreen::doing() const {
  const auto hops = ring_.hops.size(), sums = ring_.sums.size();
  const bool tries = config_.measure->hop > devices::Duration{0};
  if (tries && hops < ring_.devices.size()) return "measuring " + hop(hops) + '\n';
  const auto& elements = config_.measure->elements;
  return sums == elements.size() ? "" : "adding up " + size_name(elements[sums]) + '\n';
}

void MeasurementScreen::measured(const RingMeasured& ring) {
  ring_ = ring;
  std::cerr << doing() << std::flush;
}

bool MeasurementScreen::would_mesh(std::int64_t elements) const {
  return transport::is_mesh_faster(ring_.devices.size(), bytes_of(elements), link_of(ring_));
}

/// 2(W-1)/W of the bytes, a second.
double MeasurementScreen::bus_rate(const SumsMeasured& sums) const {
  const auto W = static_cast<double>(ring_.devices.size());
  const auto bytes = static_cast<double>(bytes_of(sums.elements));
  return sums.median_s > 0 ? 2 * (W - 1) / W * bytes / sums.median_s : 0;
}

std::string MeasurementScreen::hop_table() const {
  TextTable hops;
  hops.add({"hop", "round trip", "least", "rate"});
  for (std::size_t r = 0; r < ring_.hops.size(); ++r) {
    const auto& found = ring_.hops[r];
    const double rate = found.bytes_per_second * 8e-6;
    hops.add({hop(r), time_text(found.round_trip_s, " "), time_text(found.least_s, " "),
              rate > 0 ? number_text(rate) + " Mbit/s" : "too high to see",
              r == slowest_hop(ring_) ? "slowest" : ""});
  }
  return hops.text() + '\n';
}

/// Of sums without hops, the last two cells are what was measured; else what was foretold.
std::vector<std::string> MeasurementScreen::cells(const SumsMeasured& found) const {
  std::vector<std::string> row{size_name(found.elements)};
  for (const double time : {found.median_s, found.p10_s, found.p90_s}) {
    row.emplace_back(found.repetitions == 0 ? "-" : time_text(time, " "));
  }
  const bool has_hops = !ring_.hops.empty();
  row.emplace_back(has_hops ? time_text(formula_seconds(ring_, found.elements), " ")
                            : number_text(bus_rate(found) * 1e-6) + " MB/s");
  const bool is_mesh = has_hops ? would_mesh(found.elements) : found.over_mesh;
  row.emplace_back(is_mesh ? "mesh" : "ring");
  return row;
}

std::string MeasurementScreen::tables(std::int64_t model) const {
  TextTable sums;
  const bool has_hops = !ring_.hops.empty();
  sums.add({"all-reduce", "median", "10 %", "90 %", has_hops ? "formula" : "bus",
            has_hops ? "auto" : "way"});
  for (std::size_t i = ring_.sums.size(); i-- > 0;) {
    auto row = cells(ring_.sums[i]);
    if (ring_.sums[i].elements == model) row.front() += ", the model";
    sums.add(std::move(row));
  }
  return (has_hops ? hop_table() : "") + sums.text();
}

std::string MeasurementScreen::link() const {
  constexpr double kLongestDelay = 1;
  const auto link = link_of(ring_);
  const double mbit = link.bytes_per_second * 8e-6;
  return (mbit == 0  ? "none"
          : mbit < 1 ? number_text(mbit * 1000) + "kbit"
                     : number_text(mbit) + "mbit") +
         "," + time_text(std::min(kLongestDelay, devices::seconds(link.delay)), "");
}

void MeasurementScreen::add_to(JsonObject& object) const {
  std::vector<JsonObject> hops, sums;
  for (std::size_t r = 0; r < ring_.hops.size(); ++r) {
    const auto& found = ring_.hops[r];
    hops.emplace_back()
        .add("from", ring_.devices[r])
        .add("to", ring_.devices[(r + 1) % ring_.devices.size()])
        .add("round_trip_seconds", found.round_trip_s)
        .add("least_round_trip_seconds", found.least_s)
        .add("delay_seconds", found.delay_s)
        .add("bits_per_second", 8 * found.bytes_per_second)
        .add("slowest", r == slowest_hop(ring_));
  }
  for (std::size_t i = ring_.sums.size(); i-- > 0;) {
    const auto& found = ring_.sums[i];
    auto& one = sums.emplace_back();
    one.add("bytes", bytes_of(found.elements)).add("repetitions", found.repetitions);
    if (found.repetitions > 0) {
      one.add("median_seconds", found.median_s)
          .add("p10_seconds", found.p10_s)
          .add("p90_seconds", found.p90_s)
          .add("bus_bytes_per_second", bus_rate(found))
          .add("exchange", found.over_mesh ? "mesh" : "ring");
    }
    if (hops.empty()) continue;
    one.add("formula_seconds", formula_seconds(ring_, found.elements))
        .add("mesh_is_faster", would_mesh(found.elements));
  }
  object.add("devices", std::span<const std::string>(ring_.devices));
  if (!hops.empty()) object.add("hops", std::span<const JsonObject>(hops)).add("link", link());
  object.add("all_reduces", std::span<const JsonObject>(sums));
}

}  // namespace annulet::runtime
