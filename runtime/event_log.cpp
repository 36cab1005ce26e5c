/// The lines of log.jsonl: one JSON object an event.
#include "runtime/event_log.hpp"

#include <string_view>

#include "runtime/json_writer.hpp"
#include "runtime/summary.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

JsonObject line(const LogStamp& stamp, std::string_view event) {
  JsonObject object;
  object.add("t", stamp.time).add("run", stamp.run).add("dev", stamp.device).add("ev", event);
  return object;
}

}  // namespace

std::string log_line(const LogStamp& stamp, const RunStarted& event) {
  auto object = line(stamp, "start");
  object.add("devices", event.devices)
      .add("rank", event.rank)
      .add("dimension", event.dimension)
      .add("rows", event.rows)
      .add("shard_rows", event.shard_rows)
      .add("steps", event.steps)
      .add("model", event.model)
      .add("schedule", event.schedule)
      .add("clock", event.clock);
  if (!event.exchange.empty()) object.add("exchange", event.exchange);
  if (event.resumed > 0) {
    object.add("resumed", event.resumed).add("resumed_step", event.resumed_step);
  }
  return object.text() + '\n';
}

std::string log_line(const LogStamp& stamp, const LineChosen& event) {
  auto object = line(stamp, "line");
  object.add("segments", event.segments)
      .add("lost", event.lost)
      .add("round_trip_s", event.round_trip_s)
      .add("streams", event.streams);
  if (!event.congestion.empty()) object.add("congestion", event.congestion);
  return object.text() + '\n';
}

std::string log_line(const LogStamp& stamp, const RoundDone& event) {
  auto object = line(stamp, "round");
  object.add("round", event.round)
      .add("step", event.step)
      .add("h", event.h)
      .add("loss", event.loss)
      .add("drift", event.drift)
      .add("delta_norm2", event.delta_norm2)
      .add("seconds", event.seconds)
      .add("compute_s", event.compute_s)
      .add("wait_s", event.wait_s)
      .add("average_s", event.average_s)
      .add("model_bytes", event.model_bytes)
      .add("sent_bytes", event.sent_bytes)
      .add("baseline_bytes", event.baseline_bytes)
      .add("model_hash", hash_text(event.model_hash));
  if (event.own_steps != event.h) object.add("own_steps", event.own_steps);
  if (!event.all_steps.empty()) object.add("all_steps", event.all_steps);
  if (!event.reason.empty()) object.add("reason", event.reason);
  return object.text() + '\n';
}

std::string log_line(const LogStamp& stamp, const Evaluated& event) {
  auto object = line(stamp, "eval");
  object.add("round", event.round)
      .add("step", event.step)
      .add("seconds", event.seconds)
      .add("sent_bytes", event.sent_bytes)
      .add("objective", event.objective)
      .add("gap", event.gap)
      .add("test_loss", event.test_loss)
      .add("test_accuracy", event.test_accuracy)
      .add("test_auc", event.test_auc)
      .add("test_r2", event.test_r2);
  return object.text() + '\n';
}

std::string log_line(const LogStamp& stamp, const OptimumKnown& event) {
  auto object = line(stamp, "optimum");
  if (event.f_star) {
    object.add("f_star", event.f_star)
        .add("norm", event.norm)
        .add("gradient_norm", event.gradient_norm)
        .add("converged", event.converged)
        .add("iterations", event.iterations);
  } else {
    object.add("problem", event.problem);
  }
  return object.text() + '\n';
}

std::string log_line(const LogStamp& stamp, const Checkpointed& event) {
  auto object = line(stamp, "checkpoint");
  object.add("round", event.round)
      .add("step", event.step)
      .add("bytes", event.bytes)
      .add("seconds", event.seconds);
  if (!event.problem.empty()) object.add("problem", event.problem);
  return object.text() + '\n';
}

std::string log_line(const LogStamp& stamp, const DeviceLost& event) {
  auto object = line(stamp, "lost");
  object.add("device", event.device)
      .add("reason", event.reason)
      .add("error_code", devices::text(event.error))
      .add("round", event.round)
      .add("seconds", event.seconds);
  return object.text() + '\n';
}

std::string log_line(const LogStamp& stamp, const RunFinished& event) {
  auto object = line(stamp, "stop");
  object.add("exit_code", event.exit_code);
  add_summary(object, event);
  return object.text() + '\n';
}

}  // namespace annulet::runtime
