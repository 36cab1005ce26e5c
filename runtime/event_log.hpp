/// The lines of log.jsonl: one JSON object an event.
#pragma once

#include <string>

#include "runtime/observer.hpp"

namespace annulet::runtime {

/// What every line begins with.
struct LogStamp {
  std::string time;  // "2026-11-22T14:21:58.412Z"
  std::string run;
  std::string device;
};

/// One line with its line feed:
/// {"t":...,"run":...,"dev":...,"ev":"start|line|round|eval|checkpoint|lost|stop",...}. Numbers are
/// named as the members of the event; hashes are hexadecimal strings.
[[nodiscard]] std::string log_line(const LogStamp& stamp, const RunStarted& event);
[[nodiscard]] std::string log_line(const LogStamp& stamp, const LineChosen& event);
[[nodiscard]] std::string log_line(const LogStamp& stamp, const RoundDone& event);
[[nodiscard]] std::string log_line(const LogStamp& stamp, const Evaluated& event);
[[nodiscard]] std::string log_line(const LogStamp& stamp, const OptimumKnown& event);
[[nodiscard]] std::string log_line(const LogStamp& stamp, const Checkpointed& event);
[[nodiscard]] std::string log_line(const LogStamp& stamp, const DeviceLost& event);
[[nodiscard]] std::string log_line(const LogStamp& stamp, const RunFinished& event);

}  // namespace annulet::runtime
