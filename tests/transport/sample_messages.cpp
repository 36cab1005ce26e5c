/// The messages.
#include "tests/transport/sample_messages.hpp"

#include <limits>
#include <string>

namespace annulet::tests {

using namespace transport;

std::vector<Message> ordinary_messages() {
  return {
      Hello{.name = "pi-3", .token = "7c1f-a77e", .data_port = 40123, .own_data = true},
      Refused{.reason = "a run of that name has begun", .error = 206},
      RunFile{.run_id = 0x1234'5678'9abc'def0,
              .name = "pi-3-2",
              .toml = "model = \"logistic\"\n",
              .resumed = true},
      Survey{.rows = 49749, .features = 300, .sparse = true, .columns = 7, .labels = {-1.0F, 1.0F}},
      View{
          .epoch = 3,
          .rank = 1,
          .members = {{.name = "desk", .host = "", .data_port = 4000},
                      {.name = "pi-3", .host = "192.168.1.7", .data_port = 40123, .own_data = true},
                      {.name = "schrank", .host = "fe80::1%eth0", .data_port = 4001}},
          .features = 300,
          .rows = 49749,
          .labels = {-1.0F, 1.0F}},
      Ready{.samples = 16583},
      Go{.samples = {16583, 16583, 16583}},
      Heartbeat{.round = 12, .averaging = true, .moved = 14'400},
      Broken{.rank = 2, .reason = "connection reset by peer", .error = 111},
      Lost{.rank = 2, .reason = "pi-4 has been silent for 3 s", .error = 104},
      Bye{.error = 116, .reason = "interrupted"},
      DataHello{.run_id = 0x1234'5678'9abc'def0, .epoch = 3, .rank = 1},
  };
}

std::vector<Message> largest_messages() {
  constexpr auto kU16 = std::numeric_limits<std::uint16_t>::max();
  constexpr auto kU32 = std::numeric_limits<std::uint32_t>::max();
  constexpr auto kU64 = std::numeric_limits<std::uint64_t>::max();
  constexpr std::uint32_t kLastRank = kMaxMembers - 1;
  const std::string name(kMaxName, 'n');
  const std::string reason(kMaxText, 'r');
  const std::vector<float> labels(1024, std::numeric_limits<float>::lowest());
  const Member member{.name = name, .host = name, .data_port = kU16, .own_data = true};
  return {
      Hello{.name = name, .token = name, .data_port = kU16, .own_data = true},
      Refused{.reason = reason, .error = kU32},
      RunFile{.run_id = kU64, .name = name, .toml = std::string(kMaxRunFile, '#'), .resumed = true},
      Survey{.rows = kMaxRows,
             .features = kU64,
             .sparse = true,
             .own_data = true,
             .columns = kU64,
             .labels = labels,
             .counts_outputs = true},
      View{.epoch = kU32,
           .rank = kLastRank,
           .members = std::vector(kMaxMembers, member),
           .features = kU64,
           .rows = kU64,
           .labels = labels},
      Ready{.samples = kMaxRows},
      Go{.samples = std::vector(kMaxMembers, kMaxRows)},
      Heartbeat{.round = kU64, .averaging = true, .moved = kU64},
      Broken{.rank = kLastRank, .reason = reason, .error = kU32},
      Lost{.rank = kLastRank, .reason = reason, .error = kU32},
      Bye{.error = kU32, .reason = reason},
      DataHello{.run_id = kU64, .epoch = kU32, .rank = kLastRank, .stream = kMaxStreams - 1},
  };
}

}  // namespace annulet::tests
