/// What a sound peer would say, for tests that damage it.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/run_file.hpp"
#include "tests/support/frame_mutator.hpp"
#include "transport/messages.hpp"

namespace annulet::tests {

inline constexpr std::uint64_t kRunId = 0x1234'5678'9abc'def0;

/// One sound message of each kind, as they are said in a run on kSparseFile by a joiner of rank 1.
inline std::vector<Frame> sound_frames(const runtime::RunConfig& config) {
  using namespace transport;
  Hello hello;
  hello.name = "x";
  hello.data_port = 1;
  RunFile run_file;
  run_file.run_id = kRunId;
  run_file.name = "pi-1";
  run_file.toml = runtime::to_toml(config);
  Survey survey;
  survey.rows = 60;
  survey.features = 12;
  survey.labels = {-1, 1};
  View view;
  view.epoch = 1;
  view.rank = 1;
  view.members.resize(2);
  view.members[0].name = "desk";
  view.members[0].host = "desk";
  view.members[1].name = "pi-1";
  view.members[1].host = "pi-1";
  view.features = 12;
  view.rows = 60;
  view.labels = {-1, 1};
  Lost lost;
  lost.reason = "silent for 1 s";
  DataHello data_hello;
  data_hello.run_id = kRunId;
  data_hello.epoch = 1;
  const std::vector<Message> messages{hello,
                                      Refused{"no"},
                                      run_file,
                                      survey,
                                      view,
                                      Ready{60},
                                      Go{{30, 30}},
                                      Heartbeat{3, true, 1000},
                                      Broken{1, "reset"},
                                      lost,
                                      Bye{0, "bye"},
                                      data_hello};
  std::vector<Frame> frames;
  frames.reserve(messages.size() + 1);
  for (const Message& message : messages) frames.push_back(encode(message));
  // A ring operation: its header, a segment and a checksum.
  const auto header =
      encode(FrameHeader{.type = FrameType::all_reduce, .epoch = 1, .elements = 18});
  frames.emplace_back(header.begin(), header.end());
  frames.back().resize(header.size() + 32);
  return frames;
}

}  // namespace annulet::tests
