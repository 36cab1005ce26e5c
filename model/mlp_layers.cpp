/// How a network's parameters lie in x.
#include "model/mlp_layers.hpp"

namespace annulet::model {
namespace {

std::vector<std::size_t> widths_of(const ObjectiveOptions& options) {
  std::vector<std::size_t> widths = options.layers;
  widths.push_back(options.loss == Loss::softmax ? options.classes : 1);
  return widths;
}

}  // namespace

std::vector<Layer> layers_of(const ObjectiveOptions& options) {
  std::vector<Layer> layers;
  std::size_t inputs = options.features;
  for (const auto width : widths_of(options)) {
    layers.push_back({inputs, width, layers.empty() ? 0 : layers.back().end()});
    inputs = width;
  }
  return layers;
}

std::uint64_t mlp_dimension(const ObjectiveOptions& options) {
  std::uint64_t d = 0;
  std::uint64_t inputs = options.features;
  for (const std::uint64_t width : widths_of(options)) {
    d += (inputs + 1) * width;
    inputs = width;
  }
  return d;
}

}  // namespace annulet::model
