/// The header of a safetensors file: JSON of one fixed form, read as it comes, never as a tree.
#include <nlohmann/json.hpp>
#include <set>

#include "runtime/safetensors.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

using nlohmann::json;

/// Told of one piece of JSON after the other. What does not belong where it stands ends the
/// reading, so that depth and memory are bounded by the form, not by the text.
class HeaderReader final : public nlohmann::json_sax<json> {
 public:
  bool null() override { return refuse("null"); }
  bool boolean(bool) override { return refuse("true or false"); }
  bool number_integer(number_integer_t) override { return refuse("a number below 0"); }
  bool number_float(number_float_t, const string_t&) override {
    return refuse("a number that is not whole, or too large");
  }
  bool binary(binary_t&) override { return refuse("bytes"); }

  bool number_unsigned(number_unsigned_t value) override {
    if (list_ == nullptr) return refuse("a number");
    constexpr std::size_t kMostDimensions = 8;
    if (list_->size() == kMostDimensions) return refuse("a longer list");
    list_->push_back(value);
    return true;
  }

  bool string(string_t& text) override {
    if (depth_ != 2 || list_ != nullptr) return refuse("a string");
    if (entry_ == kMetadata) {
      header.metadata.emplace(field_, text);
      return true;
    }
    if (field_ != "dtype") return refuse("a string");
    header.tensors[entry_].dtype = text;
    return true;
  }

  bool start_object(std::size_t) override {
    if (depth_ == 2 || list_ != nullptr) return refuse("an object");
    ++depth_;
    fields_.clear();
    if (depth_ == 2 && entry_ != kMetadata) header.tensors[entry_];
    return true;
  }

  bool key(string_t& name) override {
    const bool is_new = depth_ == 1 ? entries_.insert(name).second : fields_.insert(name).second;
    (depth_ == 1 ? entry_ : field_) = name;
    return is_new || wrong("has " + place() + " twice");
  }

  bool end_object() override {
    if (depth_ == 2 && entry_ != kMetadata && fields_ != kTensorFields) {
      return wrong("gives " + quoted(entry_) + " other fields than dtype, shape and data_offsets");
    }
    --depth_;
    return true;
  }

  bool start_array(std::size_t) override {
    const bool is_list = field_ == "shape" || field_ == "data_offsets";
    if (depth_ != 2 || list_ != nullptr || entry_ == kMetadata || !is_list) return refuse("a list");
    list_ = field_ == "shape" ? &header.tensors[entry_].shape : &offsets_;
    return true;
  }

  bool end_array() override {
    list_ = nullptr;
    if (field_ == "shape") return true;
    if (offsets_.size() != 2 || offsets_[0] > offsets_[1]) {
      return wrong("has " + place() + " that are not two numbers in order");
    }
    header.tensors[entry_].begin = offsets_[0];
    header.tensors[entry_].end = offsets_[1];
    offsets_.clear();
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    return wrong("is not JSON from byte " + std::to_string(position) + " on");
  }

  SafetensorsHeader header;
  std::string problem;

 private:
  static constexpr std::string_view kMetadata = "__metadata__";
  static inline const std::set<std::string> kTensorFields = {"dtype", "shape", "data_offsets"};

  static std::string quoted(const std::string& name) { return '"' + printable(name) + '"'; }

  /// Where the reading stands: "x".shape.
  [[nodiscard]] std::string place() const {
    if (depth_ == 0) return "the start";
    return quoted(entry_) + (depth_ == 2 ? "." + printable(field_) : "");
  }
  bool wrong(std::string what) {
    problem = std::move(what);
    return false;
  }
  bool refuse(const std::string& what) {
    return wrong("has " + what + " where it does not belong, at " + place());
  }

  int depth_ = 0;  // 1: between entries, 2: between the fields of one
  std::string entry_, field_;
  std::set<std::string> entries_, fields_;  // met so far
  std::vector<std::uint64_t>* list_ = nullptr;
  std::vector<std::uint64_t> offsets_;
};

}  // namespace

SafetensorsHeader parse_safetensors_header(std::string_view json) {
  HeaderReader reader;
  if (!nlohmann::json::sax_parse(json, &reader)) {
    throw ModelFileError("its header " + reader.problem);
  }
  return std::move(reader.header);
}

}  // namespace annulet::runtime
