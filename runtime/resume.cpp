/// Going on from checkpoints.
#include "runtime/resume.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <utility>

#include "runtime/checkpoint_folder.hpp"
#include "runtime/gather.hpp"
#include "runtime/run_file_names.hpp"
#include "runtime/text.hpp"
#include "transport/bytes.hpp"
#include "transport/checksum.hpp"
#include "transport/membership.hpp"

namespace annulet::runtime {
namespace {

// A folder holds the common one, the newest, and that of a run's end; more where old ones could not
// be removed.
constexpr std::size_t kOffered = 8;

/// What a run file may change when a run goes on. The rest decides what is computed. Data are
/// compared by what is in them.
constexpr std::array<std::string_view, 13> kMayChange = {
    "run.steps",    "run.time",    "run.target_loss",        "run.target_gap", "net.peer_timeout",
    "net.exchange", "net.streams", "net.congestion",         "net.spin",       "output.eval_every",
    "data.train",   "data.test",   "output.checkpoint_every"};

struct KeyAndValue {
  std::string key, value;  // key: "section.key"
};

/// What to_toml writes, in its order: what a thing is comes before its details.
std::vector<KeyAndValue> settings_of(std::string_view toml) {
  std::vector<KeyAndValue> settings;
  std::string section;
  while (!toml.empty()) {
    const auto line = toml.substr(0, toml.find('\n'));
    toml.remove_prefix(std::min(toml.size(), line.size() + 1));
    const auto equals = line.find(" = ");
    if (line.starts_with('[')) {
      section = std::string(line.substr(1, line.size() - 2)) + ".";
    } else if (equals != std::string_view::npos) {
      settings.push_back(
          {section + std::string(line.substr(0, equals)), std::string(line.substr(equals + 3))});
    }
  }
  return settings;
}

std::string value_text(const std::vector<KeyAndValue>& settings, const std::string& key) {
  const auto found = std::ranges::find(settings, key, &KeyAndValue::key);
  return found == settings.end() ? "not set" : found->value;
}

bool is_of(const Checkpoint& checkpoint, const CheckpointHead& head) {
  return checkpoint.head.run_id == head.run_id && checkpoint.head.rank == head.rank;
}

/// Of each file the record of that rank, as long as they are of one run.
ResumeFrom of_rank(FoundCheckpoints& found, std::size_t rank, const std::string& folder) {
  ResumeFrom resume{folder, {}};
  for (auto& records : found.files) {
    if (records.size() <= rank) continue;
    if (!resume.found.empty() && !is_of(records[rank], resume.head())) continue;
    resume.found.push_back(std::move(records[rank]));
  }
  return resume;
}

constexpr double kFits = 1, kOtherData = 0;

/// Is what a device offers its own? Else whose it is, counted down from -1: of data that are the
/// same on all devices nothing else would tell.
double fitness(const ResumeOffer& offer, std::size_t rank) {
  const auto owner = offer.from.head().rank;
  if (owner != rank) return -1.0 - owner;
  return offer.data_fit ? kFits : kOtherData;
}

std::vector<double> numbers_of(const ResumeOffer& offer, std::size_t rank) {
  constexpr std::uint64_t kLow = 0xffff'ffff;
  std::vector<double> numbers{fitness(offer, rank)};
  for (std::size_t i = 0; i < kOffered; ++i) {
    const bool has = i < offer.from.found.size();
    const State none;
    const State& state = has ? offer.from.found[i].state : none;
    numbers.push_back(static_cast<double>(state.round));
    numbers.push_back(static_cast<double>(state.hash >> 32U));
    numbers.push_back(static_cast<double>(state.hash & kLow));
  }
  return numbers;
}

/// Does a device that offers `theirs` have what is number `mine` of the other's?
bool has_too(const std::vector<double>& theirs, const std::vector<double>& others,
             std::size_t mine) {
  const auto wanted = others.begin() + static_cast<std::ptrdiff_t>(1 + 3 * mine);
  for (std::size_t i = 0; i < kOffered; ++i) {
    const auto at = theirs.begin() + static_cast<std::ptrdiff_t>(1 + 3 * i);
    if (std::equal(at, at + 3, wanted)) return true;
  }
  return false;
}

[[noreturn]] void refuse(ErrorCode error, const std::string& sentence) {
  throw AgreedRefusal(error, sentence);
}

/// Device r has said how what it offers fits.
void require_fit(double fitness, std::size_t r, const transport::View& view) {
  if (fitness == kFits) return;
  const auto& name = view.members[r].name;
  if (fitness == kOtherData) {
    refuse(ErrorCode::checkpoint_does_not_fit,
           "The data of " + name +
               " are not those that the run began with: bring them back, or start a new run "
               "without --resume.");
  }
  const auto owner = static_cast<std::size_t>(std::llround(-1 - fitness));
  const auto whose = owner < view.members.size() ? view.members[owner].name : "another device";
  refuse(ErrorCode::checkpoint_does_not_fit,
         "The checkpoints of " + name + " are those of " + whose +
             ": go on with --resume and each device's own folder of that run, under the name that "
             "it had.");
}

/// "laptop has those of rounds 640 and 600, pi-1 of round 520": at most a few devices.
[[noreturn]] void refuse_rounds(const std::vector<std::vector<double>>& all,
                                const transport::View& view) {
  constexpr std::size_t kNamed = 4;
  std::string who;
  for (std::size_t r = 0; r < std::min(all.size(), kNamed); ++r) {
    std::vector<std::string> rounds;
    for (std::size_t i = 0; i < kOffered && all[r][1 + 3 * i] > 0; ++i) {
      rounds.push_back(std::to_string(std::llround(all[r][1 + 3 * i])));
    }
    who += (r == 0 ? "" : ", ") + view.members[r].name + " has " + names_text(rounds);
  }
  if (all.size() > kNamed) who += ", ...";
  refuse(ErrorCode::no_checkpoint, "There is no round of which all devices have a checkpoint (" +
                                       who + "): start the run anew, without --resume.");
}

}  // namespace

void ResumeFrom::let_go_of_states() {
  found.resize(1);
  found.front().state = {};
}

ReadResume read_resume(Disk& disk, const std::filesystem::path& folder, ResumedBy who) {
  auto found = find_checkpoints(disk, folder);
  ReadResume result;
  result.refused = std::move(found.refused);
  if (found.files.empty() && !result.refused.empty()) {
    throw CheckpointError(
        ErrorCode::bad_checkpoint,
        result.refused.front() + ". There is no whole one: start the run anew, without --resume.");
  }
  if (found.files.empty()) {
    throw CheckpointError(
        ErrorCode::no_checkpoint,
        folder.string() +
            " has no checkpoint to go on from: it is no folder of a run, or the "
            "run kept none. Name the folder of this device's results of the run.");
  }
  const std::size_t records = found.files.front().size();
  const auto& head = found.files.front().front().head;
  const bool simulated = records > 1 || (who == ResumedBy::simulation && head.members.size() == 1);
  if (simulated && who == ResumedBy::device) {
    throw CheckpointError(ErrorCode::checkpoint_does_not_fit,
                          folder.string() +
                              " is of a simulation: go on with annulet simulate FILE --devices " +
                              std::to_string(records) + " --resume " + folder.string());
  }
  if (!simulated && who == ResumedBy::simulation) {
    throw CheckpointError(
        ErrorCode::checkpoint_does_not_fit,
        folder.string() + " is of one device of a run: go on with annulet run and annulet join");
  }
  for (std::size_t rank = 0; rank < records; ++rank) {
    result.devices.push_back(of_rank(found, rank, folder.string()));
  }
  return result;
}

void settle_initial_model(RunConfig& config, const CheckpointHead& head) {
  if (config.model.init.empty()) return;
  if (!config.data.features) config.data.features = head.features;
  if (!head.scale.factor.empty()) config.data.scale = DataScale::standard;
}

namespace {

std::string changed_text(const std::string& key, const std::string& was, const std::string& is) {
  return key + " was " + was + " and is now " + is +
         ": a run that goes on computes what it began with. Set it back (the run's folder has "
         "its config.toml), or start a new run without --resume.";
}

}  // namespace

std::string config_conflict(std::string_view then, std::string_view now) {
  const auto before = settings_of(then), after = settings_of(now);
  std::vector<KeyAndValue> all = after;
  all.insert(all.end(), before.begin(), before.end());  // for those that are not set now
  for (const auto& [key, unused] : all) {
    if (std::ranges::find(kMayChange, key) != kMayChange.end()) continue;
    const auto was = value_text(before, key), is = value_text(after, key);
    if (was == is) continue;
    return changed_text(key, was, is);
  }
  return {};
}

std::string names_text(const std::vector<std::string>& names) {
  return listed(std::vector<std::string_view>(names.begin(), names.end()), "and");
}

std::string member_conflict(const CheckpointHead& head, const transport::View& view) {
  std::vector<std::string> now;
  std::ranges::transform(view.members, std::back_inserter(now), &transport::Member::name);
  if (now == head.members) return {};
  if (now.front() != head.members.front() && std::ranges::is_permutation(now, head.members)) {
    return "The run was started by " + head.members.front() + " and now by " + now.front() +
           ": start it on " + head.members.front() +
           " with annulet run, and join it on the others.";
  }
  return "The run was trained by " + names_text(head.members) + "; now there are " +
         names_text(now) +
         ": go on with the same devices, each with --resume and its own folder of that run.";
}

std::uint64_t data_digest(const model::Shard& shard) {
  transport::RunningChecksum sum;
  const auto& data = *shard.data;
  std::vector<float> row(data.is_sparse() ? 0 : data.features());
  for (const auto index : shard.rows) {
    if (data.is_sparse()) {
      const auto entries = data.sparse_row(index);
      sum.add(std::as_bytes(entries.index));
      sum.add(std::as_bytes(entries.value));
    } else {
      data.copy_row<float>(index, row);
      sum.add(transport::bytes_of(std::span<const float>(row)));
    }
  }
  sum.add(std::as_bytes(std::span(shard.targets)));
  return sum.value();
}

asio::awaitable<std::size_t> agree_on_checkpoint(transport::Ring& ring,
                                                 transport::Operation operation,
                                                 devices::TimePoint deadline, ResumeOffer offer) {
  const auto all = co_await gather(ring, operation, numbers_of(offer, ring.place().rank), deadline);
  for (std::size_t r = 0; r < all.size(); ++r) require_fit(all[r][0], r, offer.view);
  const auto& mine = all[ring.place().rank];
  for (std::size_t i = 0; i < std::min(kOffered, offer.from.found.size()); ++i) {
    const bool common = std::ranges::all_of(
        all, [&](const std::vector<double>& theirs) { return has_too(theirs, mine, i); });
    if (common) co_return i;
  }
  refuse_rounds(all, offer.view);
}

}  // namespace annulet::runtime
