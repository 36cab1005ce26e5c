/// Short files, and pipes in their place.
#include "runtime/short_file.hpp"

#include <fcntl.h>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "runtime/descriptor.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(short_file)

BOOST_AUTO_TEST_CASE(no_more_is_read_than_asked_for) {
  const tests::TemporaryFolder folder;
  const auto file = folder.path() / "run.toml";
  std::ofstream(file) << "run.steps = 1\n";
  BOOST_TEST(read_short_file(file, 100) == "run.steps = 1\n");
  BOOST_TEST(read_short_file(file, 3) == "run");
  BOOST_CHECK_THROW(static_cast<void>(read_short_file(folder.path() / "none", 3)),
                    std::system_error);
}

// The writer comes when the reader is there: its open() waits for that.
BOOST_AUTO_TEST_CASE(a_named_pipe_is_read_from_its_writer_on) {
  const tests::TemporaryFolder folder;
  const auto pipe = folder.path() / "pipe";
  BOOST_TEST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&pipe] {
    std::ofstream out(pipe);
    out << "run." << std::flush << "steps = 1\n";
  });
  const auto text = read_short_file(pipe, 100);
  const Descriptor reader(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK));  // or it waits on
  writer.join();
  BOOST_TEST(text == "run.steps = 1\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
