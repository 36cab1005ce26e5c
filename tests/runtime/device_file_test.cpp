/// Device files: their keys, and what is wrong with them.
#include "runtime/device_file.hpp"

#include <boost/test/unit_test.hpp>

#include "runtime/run_config.hpp"
#include "tests/support/data_folder.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(device_file)

namespace {

DeviceFile parse(const std::string& text) {
  return parse_device_file(text, "pi.toml", "/etc/annulet");
}

/// The sentence about it.
std::string complaint(const std::string& text, ErrorCode error) {
  try {
    static_cast<void>(parse(text));
  } catch (const ConfigError& failure) {
    BOOST_TEST((failure.error() == error), devices::text(failure.error()));
    return failure.what();
  }
  return "none";
}

const std::string kStarter = "[device]\nstarter = \"192.168.1.20:7077\"\n";
constexpr const char* kWhose =
    R"(the ADDR:PORT of the device that types annulet run, such as "192.168.1.20:7077")";

}  // namespace

BOOST_AUTO_TEST_CASE(a_starter_is_enough) {
  const auto device = parse(kStarter);
  BOOST_TEST((device.starter == transport::Endpoint("192.168.1.20", 7077)));
  BOOST_TEST(device.data.empty());
  BOOST_TEST(device.name.empty());
  BOOST_TEST(device.token.empty());
  BOOST_TEST(device.folder == "runs");
}

BOOST_AUTO_TEST_CASE(all_keys_are_read) {
  const auto device = parse(
      "[device]\nstarter = \"[fe80::1]:80\"\ndata = \"rows.csv\"\nname = \"barn\"\n"
      "token = \"sesame\"\nfolder = \"/srv/runs\"\n");
  BOOST_TEST((device.starter == transport::Endpoint("fe80::1", 80)));
  BOOST_TEST(device.data == "/etc/annulet/rows.csv");
  BOOST_TEST(device.name == "barn");
  BOOST_TEST(device.token == "sesame");
  BOOST_TEST(device.folder == "/srv/runs");
}

BOOST_AUTO_TEST_CASE(a_starter_that_is_missing_is_asked_for) {
  BOOST_TEST(complaint("[device]\n", ErrorCode::missing_key) ==
             "pi.toml:1: device.starter is missing; add starter = \"192.168.1.20:7077\" to "
             "[device]");
  BOOST_TEST(complaint("", ErrorCode::missing_key) ==
             "pi.toml:1: device.starter is missing; add starter = \"192.168.1.20:7077\" to "
             "[device]");
}

BOOST_AUTO_TEST_CASE(a_starter_that_is_not_filled_in_is_asked_for) {
  for (const std::string starter : {"\"\"", "\"192.168.1.20\"", "\"192.168.1.20:0\"", "7077"}) {
    BOOST_TEST(complaint("[device]\nstarter = " + starter + "\n", ErrorCode::bad_value) ==
               "pi.toml:2: device.starter is " + starter + ", but must be " + kWhose);
  }
}

BOOST_AUTO_TEST_CASE(unknown_words_are_errors_with_a_suggestion) {
  BOOST_TEST(complaint(kStarter + "tokne = \"x\"\n", ErrorCode::unknown_key) ==
             "pi.toml:3: device.tokne is not a key of a device file; did you mean token?");
  BOOST_TEST(complaint(kStarter + "steps = 3\n", ErrorCode::unknown_key) ==
             "pi.toml:3: device.steps is not a key of a device file; device takes starter, data, "
             "name, token and folder");
  BOOST_TEST(complaint(kStarter + "[run]\nsteps = 3\n", ErrorCode::unknown_key) ==
             "pi.toml:3: run is not a section of a device file; its section is device");
  BOOST_TEST(complaint("starter = \"a:1\"\n", ErrorCode::unknown_key) ==
             "pi.toml:1: starter is not a key of a device file; did you mean device.starter?");
  BOOST_TEST(complaint("device = 3\n", ErrorCode::bad_value) ==
             "pi.toml:1: device is 3, but must be a section: write [device] and its keys below");
}

BOOST_AUTO_TEST_CASE(values_are_checked) {
  const std::string long_name(65, 'x');
  for (const std::string line :
       {"name = \"\"", "name = 3", "data = \"\"", "data = true", "folder = \"\"", "folder = 3"}) {
    const auto sentence = complaint(kStarter + line + "\n", ErrorCode::bad_value);
    const auto key = line.substr(0, line.find(' '));
    BOOST_TEST(sentence.starts_with("pi.toml:3: device." + key + " is "), sentence);
  }
  BOOST_TEST(complaint(kStarter + "name = \"" + long_name + "\"\n", ErrorCode::bad_value)
                 .ends_with("but must be 1 to 64 bytes in quotes"));
}

BOOST_AUTO_TEST_CASE(a_token_is_never_shown) {
  const std::string long_token(65, '4');
  for (const std::string& token : {std::string("\"\""), std::string("4711"),
                                   "\"" + long_token + "\"", std::string("[\"47\", \"11\"]")}) {
    auto text = kStarter;
    text += "token = ";
    text += token;
    BOOST_TEST(complaint(text, ErrorCode::bad_value) ==
               "pi.toml:3: device.token is no word of 1 to 64 bytes in quotes: give the one of "
               "annulet run --token, or leave it out");
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_asked_for) {
  try {
    static_cast<void>(read_device_file("/nowhere/annulet.toml"));
    BOOST_TEST(false);
  } catch (const ConfigError& failure) {
    BOOST_TEST((failure.error() == ErrorCode::run_file_unreadable));
    BOOST_TEST(failure.what() ==
               std::string("/nowhere/annulet.toml: cannot be read: No such file or directory; "
                           "write starter = \"192.168.1.20:7077\" below a line [device] in it, or "
                           "name another file with --config"));
  }
}

// It asks to be filled in, and is sound when it is, also with all that it only suggests.
BOOST_AUTO_TEST_CASE(the_example_needs_a_starter_and_nothing_else) {
  const auto example = tests::read_all(tests::source_folder() / "packaging/annulet.toml");
  BOOST_TEST(complaint(example, ErrorCode::bad_value)
                 .ends_with(": device.starter is \"\", but must be " + std::string(kWhose)));
  const std::string empty = "starter = \"\"";
  auto filled = example;
  filled.replace(filled.find(empty), empty.size(), "starter = \"192.168.1.20:7077\"");
  BOOST_TEST(parse(filled).data.empty());
  for (auto at = filled.find("\n#"); at != filled.npos; at = filled.find("\n#", at + 1)) {
    const auto end = filled.find('\n', at + 1);
    const auto line = filled.substr(at, end - at);
    if (line.find(" = ") != line.npos) filled.erase(at + 1, 1);
  }
  const auto device = parse(filled);
  BOOST_TEST(device.data == "/srv/annulet/rows.libsvm");
  BOOST_TEST(!device.name.empty());
  BOOST_TEST(!device.token.empty());
  BOOST_TEST(device.folder == "runs");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
