/// The model that a run begins with where a model file holds it (model.init).
#include "runtime/initial_model.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/columns.hpp"
#include "runtime/run_file_names.hpp"

namespace annulet::runtime {
namespace {

[[noreturn]] void refuse(const RunConfig& config, const std::string& what) {
  throw ConfigError(ErrorCode::keys_contradict,
                    "model.init " + config.model.init.string() + " " + what);
}

std::string truth(bool value) { return value ? "true" : "false"; }
std::string quoted(std::string_view word) { return '"' + std::string(word) + '"'; }
std::string layers_text(const std::vector<std::size_t>& layers) {
  std::string text;
  for (const auto width : layers) text += (text.empty() ? "" : ", ") + std::to_string(width);
  return "[" + text + "]";
}

/// Which word is class 0 must stay so: the model knows its classes by number.
void check_classes(const RunConfig& config, const SavedModel& model) {
  const auto was = label_choice_of(model.metadata).classes;
  const auto& classes = config.data.train.label.classes;
  if (was.empty() || classes.empty() || classes == was) return;
  refuse(config, "knows the classes as " + model::words_text(was) + ", data.classes is " +
                     model::words_text(classes) + ": set it as it was, or name another file");
}

void check_fits(const RunConfig& config, const SavedModel& model) {
  const auto& kind = config.model.kind;
  if (model.kind != kind) {
    refuse(config, "is a model of " + model.kind + ", but model.kind is " + kind +
                       ": set model.kind = \"" + model.kind + "\", or name another file");
  }
  const auto compare = [&](const char* key, const std::string& was, const std::string& is) {
    if (was == is) return;
    refuse(config, "was trained with " + std::string(key) + " = " + was + ", the run file has " +
                       key + " = " + is + ": set it as it was, or name another file");
  };
  const auto& section = config.model;
  compare("model.bias", truth(model.options.bias), truth(section.bias));
  compare("model.layers", layers_text(model.options.layers), layers_text(section.layers));
  if (!section.layers.empty()) {
    compare("model.activation", quoted(name(kActivationNames, model.options.activation)),
            quoted(name(kActivationNames, section.activation)));
    compare("model.loss", quoted(name(kLossNames, model.options.loss)),
            quoted(name(kLossNames, section.loss)));
  }
  const auto features = config.data.features.value_or(model.options.features);
  if (features != model.options.features) {
    refuse(config, "has " + std::to_string(model.options.features) +
                       " features, but data.features is " + std::to_string(features) +
                       ": leave data.features out, or name another file");
  }
  if (model.factor.empty() && config.data.scale != DataScale::none) {
    refuse(config, "was trained without data.scale: leave data.scale out, or name another file");
  }
}

}  // namespace

std::optional<SavedModel> read_initial_model(RunConfig& config, const model::Catalogue& catalogue) {
  if (config.model.init.empty()) return std::nullopt;
  auto model = read_model_file(config.model.init, catalogue);
  check_fits(config, model);
  check_classes(config, model);
  config.data.features = model.options.features;
  if (!model.factor.empty()) config.data.scale = DataScale::standard;
  return model;
}

void check_columns_fit(const model::DataOrigin& data, std::span<const std::string> of_model) {
  const auto differs = columns_differ(data, of_model, "model was trained with");
  if (differs.empty()) return;
  throw model::DataError(ErrorCode::model_does_not_fit,
                         "The data do not fit the model of model.init: " + differs +
                             ": give its columns in their order, or name another model.");
}

void check_scale_fits(const model::Scale& scale, bool sparse) {
  const bool shifts = std::ranges::any_of(scale.shift, [](float shift) { return shift != 0; });
  if (!shifts || !sparse) return;
  throw model::DataError(ErrorCode::model_does_not_fit,
                         "the model of model.init was trained on dense rows whose features were "
                         "shifted (data.scale), these rows are sparse: give the data as CSV");
}

asio::awaitable<model::Scale> share_scale(transport::Ring& ring, model::Scale scale,
                                          transport::Operation operation,
                                          devices::TimePoint deadline) {
  std::vector<float> both(scale.shift);
  both.insert(both.end(), scale.factor.begin(), scale.factor.end());
  co_await share_model(ring, both, operation, deadline);
  const auto middle = both.begin() + static_cast<std::ptrdiff_t>(scale.shift.size());
  std::copy(both.begin(), middle, scale.shift.begin());
  std::copy(middle, both.end(), scale.factor.begin());
  co_return scale;
}

asio::awaitable<void> share_model(transport::Ring& ring, std::span<float> x,
                                  transport::Operation operation, devices::TimePoint deadline) {
  // Adding -0 changes no bit of any number, +0 would make +0 of -0.
  if (ring.place().rank != 0) std::ranges::fill(x, -0.0F);
  operation.training = false;
  co_await ring.all_reduce(operation, x, {}, deadline);
}

}  // namespace annulet::runtime
