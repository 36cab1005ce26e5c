/// Shows a run while it goes on: a bar with the time left on a terminal, lines otherwise.
#pragma once

#include <memory>
#include <ostream>
#include <string>

#include "runtime/observer.hpp"

namespace annulet::runtime {

struct ProgressOptions {
  bool terminal = false;  // lines can be drawn over
  bool color = false;
  int width = 80;     // columns of the terminal
  double every = 0;   // seconds from one line to the next at least, where none is drawn over
  std::string label;  // "[1/2] mini-batch SGD, H = 1"; empty: the run introduces itself
};

/// Where progress is shown, and what the environment says about it (null: nothing).
struct Screen {
  bool is_terminal = false;
  int width = 0;  // columns; 0: not known
  const char* term = nullptr;
  const char* no_color = nullptr;
};

/// How progress looks there. TERM=dumb cannot draw over a line; NO_COLOR counts when not empty.
[[nodiscard]] ProgressOptions options_for(const Screen& screen);

/// Writes to `out`, which must outlive it. On a terminal one line is drawn over and over; otherwise
/// there is one line a round, or one in `every` seconds and the last. Names and reasons of other
/// devices are made printable.
class Progress final : public Observer {
 public:
  Progress(std::ostream& out, ProgressOptions options);
  ~Progress() override;

  void started(const RunStarted& event) override;
  void round_done(const RoundDone& event, std::span<const float> x) override;
  void evaluated(const Evaluated& event) override;
  void searched(const SearchStep& event) override;
  void optimum(const OptimumKnown& event) override;
  void device_lost(const DeviceLost& event) override;
  void finished(const RunFinished& event, std::span<const float> x) override;

 private:
  class Display;
  std::unique_ptr<Display> display_;
};

}  // namespace annulet::runtime
