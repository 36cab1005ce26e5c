/// How a session ends: from what happened to an exit code, a reason and what the others hear.
#include <chrono>
#include <exception>
#include <system_error>
#include <utility>

#include "devices/machine.hpp"
#include "devices/side_by_side.hpp"
#include "runtime/failure.hpp"
#include "runtime/file_error.hpp"
#include "runtime/resume.hpp"
#include "runtime/session.hpp"
#include "transport/ring_links.hpp"

namespace annulet::runtime {
namespace {

constexpr int kNetwork = 5;  // docs/exit-codes.md
// A device whose data link breaks waits this long for the starter's word on who is to blame.
constexpr std::chrono::seconds kWaitForWord{1};

}  // namespace

void Session::finish(int code, std::string reason) {
  if (std::exchange(settled_, true)) return;
  if (training_) result_ = training_->results();
  if (machine_.virtual_time) result_.virtual_seconds = std::exchange(result_.seconds, std::nullopt);
  result_.peak_rss_bytes = devices::peak_rss_bytes();
  result_.exit_code = code;
  result_.exit_reason = std::move(reason);
}

/// The same with an error and its exit code.
void Session::fail(ErrorCode error, std::string reason) {
  if (settled_) return;
  finish(devices::exit_code(error), std::move(reason));
  result_.error = error;
}

/// An end that all agreed on is an orderly one for the protocol.
std::uint32_t Session::goodbye_error() const {
  if (agreed_ || result_.exit_code == 0) return 0;
  return static_cast<std::uint32_t>(result_.error.value_or(ErrorCode::interrupted));
}

/// What the others hear of this end. Data never leave their device, not even in an error message.
std::string Session::public_reason() const {
  return reading_ && result_.exit_code == 4 ? "its data cannot be used; its own screen says why"
                                            : result_.exit_reason;
}

void Session::settle(TrainingEnd end) {
  agreed_ = end != TrainingEnd::left;
  switch (end) {
    case TrainingEnd::done:
      return finish(0, training_->results().exit_reason);
    case TrainingEnd::stopped:
      return finish(130, "interrupted");
    case TrainingEnd::left:
      return finish(130, "left");
    case TrainingEnd::diverged:
      return fail(ErrorCode::not_finite, "diverged: " + training_->results().exit_reason +
                                             ". Lower train.lr, or schedule.h where H is large.");
  }
}

void Session::settle_lost(const transport::Lost& lost) {
  const std::string name =
      lost.rank == view_.rank ? options_.name + " (this device)" : view_.members[lost.rank].name;
  const ErrorCode said = transport::told(lost.error, ErrorCode::connection_lost);
  const ErrorCode error = devices::exit_code(said) == kNetwork ? said : ErrorCode::connection_lost;
  fail(error, "device lost: " + name + ": " + lost.reason);
  result_.lost_device = view_.members[lost.rank].name;
  observer_.device_lost({name, lost.reason, error, result_.rounds, result_.seconds.value_or(0)});
}

/// What to do where the run file's data cannot be used on a device that joined.
std::string Session::other_data() const {
  const bool shared = reading_ && !starter_ && !options_.own_data && !config_.data.train.empty();
  return shared ? ". Or bring this device's own data: --data PATH" : "";
}

/// Before there is a ring only the starter can have failed.
void Session::settle_starter(const std::exception_ptr& error, const std::system_error& failure) {
  const auto cause = transport::describe(error, config_.peer_timeout);
  if (cause.error != ErrorCode::damaged_message) {
    return fail(ErrorCode::network, failure_of(failure).sentence);
  }
  fail(cause.error, "The starter sent what cannot be used: " + cause.text +
                        ". Install the same annulet on both.");
}

/// From an error to an exit code. A network error in the ring is left unsettled: the starter's
/// word on it is still to come.
void Session::settle(const std::exception_ptr& error) {
  if (settled_) return;
  try {
    std::rethrow_exception(error);
  } catch (const MemberLost& member) {
    settle_lost(member.lost);
  } catch (const Interrupted&) {
    const bool has_begun = training_ && training_->has_begun();
    finish(130, has_begun ? "interrupted in the middle of a round" : "interrupted before step 0");
  } catch (const AgreedRefusal& failure) {
    agreed_ = true;
    fail(failure.error(), failure.what());
  } catch (const model::DataError& failure) {
    fail(failure.error(), failure.what() + other_data());
  } catch (const FileError& failure) {
    fail(failure.error(), failure_of(failure).sentence);
  } catch (const std::system_error& failure) {
    if (view_.members.empty()) settle_starter(error, failure);
  } catch (const std::exception& failure) {
    const auto [code, sentence] = failure_of(failure);
    fail(code, sentence);
  }
}

/// The member whose link failed, or never came about.
std::size_t Session::suspect() const {
  const std::size_t size = view_.members.size();
  for (std::size_t rank = 0; rank < others_.size(); ++rank) {
    const bool is_other = rank != view_.rank && !transport::are_neighbours(rank, view_.rank, size);
    if (is_other && !others_[rank]) return rank;
  }
  if (ring_ && ring_->blamed()) return *ring_->blamed();
  return (view_.rank + (neighbours_.to_next || ring_ ? size - 1 : 1)) % size;
}

asio::awaitable<void> Session::blame(transport::Membership& membership, transport::Cause cause) {
  const auto word = transport::lost_by(static_cast<std::uint32_t>(suspect()), cause);
  membership.report({word.rank, word.reason, word.error});
  auto [no_word, lost] = co_await devices::attempt(devices::with_deadline(
      machine_.clock, machine_.clock.now() + kWaitForWord, membership.lost()));
  if (no_word) settle(no_word);
  if (!settled_) settle_lost(no_word ? word : lost);
}

}  // namespace annulet::runtime
