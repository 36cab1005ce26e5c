/// Run files from anywhere: sizes, odd bytes and unreadable files end in one clear line.
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/run_file.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(run_file_limits)

namespace {

constexpr const char* kHead = "[run]\nsteps = 10\n[model]\nkind = \"logistic\"\n";

std::string message_of(std::string_view text, const std::vector<std::string>& settings) {
  try {
    [[maybe_unused]] const auto config = parse_run_file(text, "w.toml", "/data", settings);
    return "no error";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

constexpr const char* kArray =
    "w.toml:1: has an array other than whole numbers or words on one line, such as [64, 32] or "
    "[\"no\", \"yes\"]; no key of a run file takes one";

}  // namespace

BOOST_AUTO_TEST_CASE(lists_of_words_pass_and_their_words_are_looked_at) {
  for (const std::string list :
       {R"(["a"])", R"([ 'a' ])", R"(["a","b"])", R"([	"a" , 'b"' ])", R"(["]"])",
        R"(["[", "#,'"])", R"(["\"]"])", R"([""])", "[\"\xc3\xbc\"]"}) {
    BOOST_TEST(message_of("run = " + list, {}).starts_with("w.toml:1: run is [\""), list);
    BOOST_TEST(message_of("run.steps=" + list + "# [", {}).find("run.steps is [\"") !=
               std::string::npos);
  }
  BOOST_TEST(message_of(R"(a = ["\q"])", {}).starts_with("w.toml:1: is not TOML: "));
  BOOST_TEST(message_of("a = ['\xc3\xbc']", {}).find("outside ASCII") != std::string::npos);
  BOOST_TEST(message_of("a = [\"\xff\"]", {}) == "w.toml:1: has bytes that are not UTF-8");
  std::string longest = "run.steps = [\"0\"";
  for (int i = 1; i < 1024; ++i) longest += ",\"" + std::to_string(i) + '"';
  BOOST_TEST(message_of(longest + "]", {}).find(R"(["0", "1", "2", "3", ...])") !=
             std::string::npos);
  BOOST_TEST(message_of(longest + ",\"\"]", {}) == kArray);
}

// What passes the guard must be what toml++ survives: it answers in its own words, or reads it.
BOOST_AUTO_TEST_CASE(lists_of_whole_numbers_pass_wherever_they_stand) {
  for (const std::string list : {"[1]", "[ 1 ]", "[1,2]", "[\t64 ,\t32 ]", "[0]", "[999999999]",
                                 "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]"}) {
    BOOST_TEST(message_of("run = " + list, {}).starts_with("w.toml:1: run is ["), list);
    BOOST_TEST(message_of("run.steps=" + list + "# [", {}).find("run.steps is [") !=
               std::string::npos);
    std::string twice = "run = { steps = ";
    twice += list;
    twice += ", seed = ";
    twice += list;
    twice += " }";
    BOOST_TEST(message_of(twice, {}).starts_with("w.toml:1: run.steps is ["));
    BOOST_TEST(message_of("[=" + list, {}).find("starts with [") != std::string::npos);
  }
  for (const char* broken : {"= [1]", "a == [1]", "a = [1]]", "a = [1],", "a = [1] 2", "[a = [1]",
                             "a = [1] b = [2]", "a = = [1]", "{ = [1]"}) {
    BOOST_TEST(message_of(broken, {}).starts_with("w.toml:1: "), broken);
  }
}

BOOST_AUTO_TEST_CASE(long_values_are_cut_before_a_whole_character) {
  std::string path;
  while (path.size() < 5000) path += "\xc3\xbc";  // two bytes of UTF-8
  const auto message = message_of(kHead, {"data.train=" + path});
  BOOST_TEST(message.size() < 300U);
  BOOST_TEST(message.find("data.train is \"" + path.substr(0, 60) + "...\"") != message.npos);
  const auto odd = message_of(kHead, {"data.train=x" + path});
  BOOST_TEST(odd.find("data.train is \"x" + path.substr(0, 58) + "...\"") != odd.npos);
}

BOOST_AUTO_TEST_CASE(file_names_cannot_bring_line_breaks_or_terminal_codes) {
  try {
    [[maybe_unused]] const auto config = parse_run_file("x", "a\n\x1b[2Jb", "/", {});
    BOOST_ERROR("not refused");
  } catch (const ConfigError& error) {
    BOOST_TEST(std::string(error.what()).starts_with("a\\n\\u001B[2Jb:1: is not TOML"));
  }
}

BOOST_AUTO_TEST_CASE(the_most_memory_is_a_size) {
  const auto set = [](const std::string& value) {
    return message_of(kHead, {"run.max_memory=" + value});
  };
  const auto config = parse_run_file(kHead, "w.toml", "/data", {{"run.max_memory=64MB"}});
  BOOST_TEST((config.run.max_memory == 64'000'000U));
  BOOST_TEST((parse_run_file(to_toml(config), "again.toml", "/", {}) == config));
  BOOST_TEST(!parse_run_file(kHead, "w.toml", "/data", {}).run.max_memory.has_value());
  BOOST_TEST(set("1MB") == "no error");
  BOOST_TEST(set("1TB") == "no error");
  for (const char* value : {"999kB", "1001GB", "64", "64.5", "lots", "true"}) {
    BOOST_TEST(set(value).ends_with("must be a size from 1MB to 1TB, such as \"64MB\""), value);
  }
}

BOOST_AUTO_TEST_CASE(file_of_64_kib_is_read_and_a_larger_one_is_not) {
  std::string text(kHead);
  text.resize(65'536, ' ');
  BOOST_TEST(message_of(text, {}) == "no error");
  BOOST_TEST(message_of(text + " ", {}) ==
             "w.toml:1: is larger than 65536 bytes; a run file holds settings, data stays in "
             "files of its own");
}

// toml++ 3.3 aborts on some of these and has undefined behaviour on others: they must not reach it.
BOOST_AUTO_TEST_CASE(texts_that_the_parser_does_not_survive_are_refused) {
  const std::string no_section =
      "w.toml:2: starts with [ but no name follows; the sections of a run file are written "
      "[section]";
  for (const char* header : {"[[[1]]]", "[=", "[", " [ \t", "[[net]]", "[#"}) {
    BOOST_TEST(message_of(std::string("#\n") + header, {}) == no_section);
  }
  BOOST_TEST(message_of("[]", {}).starts_with("w.toml:1: is not TOML: "));
  for (const std::string array :
       {"a = []",          "a = [[1],[2,}]", "[run] [",       "a = { b = [] }",
        "a = [1,2,}",      "a = [1,]",       "a = [1",        "a = [1,",
        "a = [",           "a = [,1]",       "a = [1 2]",     "a = [1.5]",
        "a = [-1]",        "a = [+1]",       "a = [01]",      "a = [1_0]",
        "a = [0x1]",       "a = [1e3]",      "a = [true]",    "a = ['1', 2]",
        "a = [1, '2']",    "a = ['1]",       "a = [\"1\\\"]", "a = ['1',]",
        "a = ['1' '2']",   "a = ['1'][",     "a ['1']",       "a = ['1', ['2']]",
        "a = ['1', # ']",  "a = [1 # 2]",    "a = [{}]",      "a = [[1]]",
        "a = [1, [2]]",    "a [1]",          "a = 1 [2]",     "a = [1][",
        "a = [1] [2]",     "a[1] = 2",       "= [1",          "a = [1234567890]",
        "a = [2024-01-01]"}) {
    BOOST_TEST(message_of(array, {}) == kArray, array);
  }
  std::string long_list = "a = [1";
  for (int i = 1; i < 17; ++i) long_list += ",1";
  BOOST_TEST(message_of(long_list + "]", {}) == kArray);
  BOOST_TEST(message_of("a = [1,\n2]", {}) == kArray);
  for (const char* date : {"a = 2024-01-01", "a = 1799-05-27TZ", "a = 07:00", "a = { b = 07: }"}) {
    BOOST_TEST(message_of(date, {}) ==
               "w.toml:1: has a date or a time; no key of a run file takes one without quotes");
  }
  const std::string not_ascii =
      "w.toml:1: has a character outside ASCII that is neither in double quotes nor in a "
      "comment";
  BOOST_TEST(message_of("\xc3\xbf = 1", {}) == not_ascii);
  BOOST_TEST(message_of("a = \"\\\"\" \xc3\xbf", {}) == not_ascii);
  BOOST_TEST(message_of("a = '\\' \xc3\xbf", {}) == not_ascii);
  BOOST_TEST(message_of("a = '\xc3\xbf'", {}) == not_ascii);
  // To toml++ the quote is a part of the number's text, and what follows is outside of quotes.
  BOOST_TEST(message_of("a = 1\"\xef\xbb\xbf\"", {}).starts_with("w.toml:1: is not TOML: "));
  BOOST_TEST(message_of("a = \"\\\xc3\xbf\"", {}) ==
             "w.toml:1: has a backslash before a character outside ASCII");
  BOOST_TEST(message_of("a = \"\xff\"", {}) == "w.toml:1: has bytes that are not UTF-8");
  BOOST_TEST(message_of("a = \"\"\"\n\"\"\"", {}) ==
             "w.toml:1: has a string in three quotes; write it on one line in one pair of quotes");
}

// Each part is a table within a table: 64 KiB of them took the stack, and 2 GB.
BOOST_AUTO_TEST_CASE(names_of_many_parts_are_refused) {
  const auto parts = [](int count) {
    std::string name = "a";
    while (--count > 0) name += ".a";
    return name;
  };
  const std::string many = "w.toml:1: has more dots than any line of a run file needs";
  for (const int count : {34, 1000, 32'000}) {
    BOOST_TEST(message_of(parts(count) + " = 1", {}) == many);
    BOOST_TEST(message_of("[" + parts(count) + "]", {}) == many);
    BOOST_TEST(message_of("a = { " + parts(count) + " = 1 }", {}) == many);
  }
  BOOST_TEST(message_of(parts(33) + " = 1", {}).starts_with("w.toml:1: a is not a section"));
  std::string open, closed;
  while (open.size() < 40'000) {
    open += "a = { ";
    closed += " }";
  }
  BOOST_TEST(message_of(open + "a = 1" + closed, {}).starts_with("w.toml:1: is not TOML"));
}

BOOST_AUTO_TEST_CASE(characters_outside_ascii_are_welcome_in_quotes_and_comments) {
  const auto text = std::string("\xef\xbb\xbf# \xc3\xbf\n") + kHead + "[data]\ntrain = ";
  BOOST_TEST(message_of(text + "\"\xc3\xbf\" # \xc3\xbf", {}) == "no error");
  BOOST_TEST(message_of(text + "\"\\\\\xf0\x9f\x8d\xa9\"", {}) == "no error");
  BOOST_TEST(message_of(kHead, {"data.train=\xc3\xbf"}) == "no error");
}

BOOST_AUTO_TEST_CASE(file_that_cannot_be_read_is_named_with_the_reason) {
  const auto message = [](const std::filesystem::path& file) {
    try {
      [[maybe_unused]] const auto config = read_run_file(file, {});
      return std::string("no error");
    } catch (const ConfigError& error) {
      return std::string(error.what());
    }
  };
  BOOST_TEST(
      message("/no/such.toml") ==
      "/no/such.toml: cannot be read: No such file or directory; give the path of a run file");
  BOOST_TEST(message("/") == "/: cannot be read: Is a directory; give the path of a run file");
  BOOST_TEST(message("/dev/zero").starts_with("/dev/zero:1: is larger than 65536 bytes"));
}

// A run file also comes over the network: whatever is in it, the answer is a config or one line.
BOOST_AUTO_TEST_CASE(mutated_files_are_read_or_refused_with_one_line) {
  constexpr std::uint64_t kSeed = 1;
  std::mt19937_64 engine(kSeed);
  const std::string start = to_toml(parse_run_file(kHead, "w.toml", "/data", {}));
  for (int i = 0; i < 5000; ++i) {
    auto text = start;
    for (std::uint64_t change = 0; change <= engine() % 4; ++change) {
      const auto place = engine() % text.size();
      if (engine() % 3 == 0) text.erase(place, engine() % 8);
      if (engine() % 3 == 0) text.insert(place, start.substr(engine() % start.size(), 9));
      if (!text.empty()) text[engine() % text.size()] = static_cast<char>(engine() % 256);
    }
    const auto message = message_of(text, {});
    BOOST_TEST_REQUIRE(message.find_first_of("\r\n") == message.npos, "seed 1, mutation " << i);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
