/// Plain, gzip and xz files as one stream of bytes, and what is said of damaged ones.
#include "model/byte_source.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "model/read_dataset.hpp"
#include "tests/model/files.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(byte_source)

namespace {

struct InFolder {
  TestFolder folder;

  std::string read(std::string_view bytes) const {
    const auto source = model::open_bytes(folder.write("file", bytes));
    std::string out;
    for (auto chunk = source->next(); !chunk.empty(); chunk = source->next()) {
      out.append(chunk.begin(), chunk.end());
    }
    return out;
  }
  std::string wrong(std::string_view bytes) const {
    return complaint([&] { read(bytes); });
  }
};

/// Bytes that hardly compress, so that packed files span several chunks as well.
std::string noise(std::size_t size) {
  std::string out(size, '\0');
  std::uint32_t state = 1;
  for (auto& c : out) {
    state = state * 1664525U + 1013904223U;
    c = static_cast<char>(state >> 24U);
  }
  out.front() = 'n';
  return out;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(all_packings_give_the_same_bytes, InFolder) {
  constexpr std::size_t kChunk = 65536;
  for (const std::size_t size : {std::size_t{1}, kChunk - 1, kChunk, kChunk + 1, 3 * kChunk + 17}) {
    const auto text = noise(size);
    BOOST_TEST((read(text) == text));
    BOOST_TEST((read(gzip(text)) == text));
    BOOST_TEST((read(xz(text)) == text));
  }
}

BOOST_FIXTURE_TEST_CASE(members_that_follow_each_other_count_as_one_file, InFolder) {
  const auto text = noise(100000);
  BOOST_TEST((read(gzip(text) + gzip("") + gzip("end")) == text + "end"));
  BOOST_TEST((read(xz(text) + xz("end")) == text + "end"));
}

BOOST_FIXTURE_TEST_CASE(an_empty_file_has_no_bytes, InFolder) {
  BOOST_TEST(read("").empty());
  BOOST_TEST(read(gzip("")).empty());
  BOOST_TEST(read(xz("")).empty());
}

BOOST_FIXTURE_TEST_CASE(a_stream_cut_anywhere_is_noticed, InFolder) {
  const auto text = noise(500);
  for (const auto& packed : {gzip(text), xz(text)}) {
    for (std::size_t size = 6; size < packed.size(); ++size) {
      const auto message = wrong(packed.substr(0, size));
      BOOST_TEST(holds(message, "end too early"));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(a_flipped_byte_is_noticed, InFolder) {
  const auto text = noise(200000);
  for (auto packed : {gzip(text), xz(text)}) {
    packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x10);
    BOOST_TEST(holds(wrong(packed), "damaged"));
  }
}

BOOST_FIXTURE_TEST_CASE(other_bytes_after_the_end_are_noticed, InFolder) {
  BOOST_TEST(holds(wrong(gzip("text") + "junk"), "not gzip follows"));
  BOOST_TEST(holds(wrong(xz("text") + "some other bytes"), "damaged"));
}

BOOST_FIXTURE_TEST_CASE(decompression_memory_is_limited, InFolder) {
  // The header of an LZMA2 block may ask for any dictionary: 1.5 GiB is what xz -9e --lzma2=dict
  // allows at most, and is more than a small board has.
  lzma_options_lzma options{};
  lzma_lzma_preset(&options, 0);
  options.dict_size = std::uint32_t{300} << 20U;
  // A match finder as small as the text, whatever dictionary the header promises.
  lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
  std::string text = "1 1:1\n";
  std::string packed(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t size = 0;
  BOOST_REQUIRE(lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC32, nullptr, unsigned_bytes(text),
                                          text.size(), unsigned_bytes(packed), &size,
                                          packed.size()) == LZMA_OK);
  packed.resize(size);
  BOOST_TEST(holds(wrong(packed), "needs over 256 MiB"));
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_opened_is_named, InFolder) {
  const auto missing = folder.path() / "missing";
  BOOST_TEST(complaint([&] { static_cast<void>(model::open_bytes(missing)); }) ==
             missing.string() +
                 ": cannot be opened: No such file or directory; check the path, and "
                 "that you may read it");
  BOOST_TEST(complaint([&] { static_cast<void>(model::open_bytes(folder.path())); }) ==
             folder.path().string() + ": this is a folder; name the data file in it");
}

// A pipe that nobody writes into would be waited for, and nothing could end the wait.
BOOST_FIXTURE_TEST_CASE(pipes_and_devices_are_no_files, InFolder) {
  const auto pipe = folder.path() / "pipe";
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const auto& path : {pipe, std::filesystem::path("/dev/zero")}) {
    BOOST_TEST(complaint([&] { static_cast<void>(model::open_bytes(path)); }) ==
               path.string() +
                   ": this is a pipe or a device; write what comes from it to a file, "
                   "and name that");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
