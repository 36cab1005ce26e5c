/// How a session ends: from what happened to an exit code, a reason and what the others hear.
#include <exception>
#include <new>
#include <system_error>
#include <utility>

#include "devices/machine.hpp"
#include "runtime/session.hpp"

namespace annulet::runtime {

void Session::finish(int code, std::string reason) {
  if (std::exchange(settled_, true)) return;
  if (training_) result_ = training_->results();
  if (machine_.virtual_time) result_.virtual_seconds = std::exchange(result_.seconds, std::nullopt);
  result_.peak_rss_bytes = devices::peak_rss_bytes();
  result_.exit_code = code;
  result_.exit_reason = std::move(reason);
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
      return finish(0, "done");
    case TrainingEnd::stopped:
      return finish(130, "interrupted");
    case TrainingEnd::left:
      return finish(130, "left");
    case TrainingEnd::diverged:
      return finish(9, "diverged: " + training_->results().exit_reason +
                           ". Lower train.lr, or schedule.h where H is large.");
  }
}

void Session::settle_lost(const transport::Lost& lost) {
  const std::string name =
      lost.rank == view_.rank ? options_.name + " (this device)" : view_.members[lost.rank].name;
  finish(5, "device lost: " + name + ": " + lost.reason);
  result_.lost_device = view_.members[lost.rank].name;
  observer_.device_lost({name, lost.reason, result_.rounds, result_.seconds.value_or(0)});
}

/// What to do where the run file's data cannot be used on a device that joined.
std::string Session::other_data() const {
  const bool shared = reading_ && !starter_ && !options_.own_data && !config_.data.train.empty();
  return shared ? ". Or bring this device's own data: --data PATH" : "";
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
    finish(130, training_ ? "interrupted in the middle of a round" : "interrupted before step 0");
  } catch (const transport::RendezvousError& failure) {
    finish(failure.code(), failure.what());
  } catch (const model::DataError& failure) {
    finish(4, failure.what() + other_data());
  } catch (const ConfigError& failure) {
    finish(3, failure.what());
  } catch (const std::system_error& failure) {
    if (view_.members.empty()) finish(5, failure.what());
  } catch (const std::bad_alloc&) {
    finish(4,
           "this device's memory is full: use fewer rows here, or a smaller model. Is a feature "
           "index in the data wrong? data.features sets a limit");
  } catch (const std::exception& failure) {
    finish(1, std::string("internal error: ") + failure.what());
  }
}

}  // namespace annulet::runtime
