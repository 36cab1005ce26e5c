/// In place of runtime/artefacts.cpp: results that nobody writes.
#include "runtime/artefacts.hpp"

namespace annulet::runtime {

class Artefacts::Files {
 public:
  std::filesystem::path folder;
};

Artefacts::Artefacts(std::filesystem::path folder, WallTime /*wall_time*/, FolderUse /*use*/)
    : files_(std::make_unique<Files>(Files{std::move(folder)})) {}
Artefacts::~Artefacts() = default;

void Artefacts::take_folder() {}
void Artefacts::started(const RunStarted& /*event*/) {}
void Artefacts::line_chosen(const LineChosen& /*event*/) {}
void Artefacts::round_done(const RoundDone& /*event*/, std::span<const float> /*x*/) {}
void Artefacts::evaluated(const Evaluated& /*event*/) {}
void Artefacts::optimum(const OptimumKnown& /*event*/) {}
void Artefacts::checkpointing() {}
void Artefacts::checkpointed(const Checkpointed& /*event*/) {}
void Artefacts::device_lost(const DeviceLost& /*event*/) {}
void Artefacts::finished(const RunFinished& /*event*/, std::span<const float> /*x*/) {}
const std::filesystem::path& Artefacts::folder() const noexcept { return files_->folder; }
std::string Artefacts::problem() const { return {}; }

}  // namespace annulet::runtime
