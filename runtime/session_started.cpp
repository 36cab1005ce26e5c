/// What those who watch hear when a run begins.
#include <string>

#include "runtime/run_file.hpp"
#include "runtime/run_file_names.hpp"
#include "runtime/session.hpp"

namespace annulet::runtime {

RunStarted Session::started() const {
  RunStarted event;
  event.run_id = std::to_string(run_id_);
  event.device = options_.name;
  for (const auto& member : view_.members) event.devices.push_back(member.name);
  event.rank = view_.rank;
  if (config_.exchange == Exchange::automatic) event.exchange = ring_->has_mesh() ? "mesh" : "ring";
  event.features = view_.features;
  event.bias = config_.model.bias;
  event.columns = data_.origin().columns;
  event.label = config_.data.train.label;
  event.format = data_.origin().format;
  event.labels = view_.labels;
  event.label_use = label_use();
  event.rows = view_.rows;
  event.shard_rows = data_.shard().size();
  event.steps = config_.run.steps;
  event.steps_given = config_.run.steps_given;
  event.model = config_.model.kind;
  event.start_step = config_.run.start_step;
  if (!config_.model.layers.empty()) {
    event.layers = config_.model.layers;
    event.activation = name(kActivationNames, config_.model.activation);
    event.loss = name(kLossNames, config_.model.loss);
  }
  event.config_toml = to_toml(config_, machine_.schedules);
  event.clock = machine_.virtual_time ? "virtual" : "real";
  return event;
}

}  // namespace annulet::runtime
