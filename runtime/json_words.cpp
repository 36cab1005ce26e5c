/// A JSON list of strings, as model files have it in their metadata.
#include "runtime/json_words.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace annulet::runtime {
namespace {

using nlohmann::json;

/// Read as it comes, never as a tree: what is no list of strings ends the reading.
class WordsReader final : public nlohmann::json_sax<json> {
 public:
  bool null() override { return false; }
  bool boolean(bool) override { return false; }
  bool number_integer(number_integer_t) override { return false; }
  bool number_unsigned(number_unsigned_t) override { return false; }
  bool number_float(number_float_t, const string_t&) override { return false; }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return false; }
  bool key(string_t&) override { return false; }
  bool end_object() override { return false; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t, const std::string&, const json::exception&) override {
    return false;
  }
  bool start_array(std::size_t) override { return !std::exchange(in_list_, true); }
  bool string(string_t& text) override {
    if (in_list_) words.push_back(std::move(text));
    return in_list_;
  }

  std::vector<std::string> words;

 private:
  bool in_list_ = false;
};

}  // namespace

std::optional<std::vector<std::string>> parse_words(std::string_view text) {
  WordsReader reader;
  if (!json::sax_parse(text, &reader)) return std::nullopt;
  return std::move(reader.words);
}

}  // namespace annulet::runtime
