/// IDX pairs, and headers that promise what is not there.
#include "model/idx.hpp"

#include <boost/test/unit_test.hpp>

#include "model/read_dataset.hpp"
#include "tests/model/files.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(idx)

namespace {

std::string big_endian(std::uint32_t number) {
  std::string out;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    out += static_cast<char>((number >> shift) & 0xffU);
  }
  return out;
}

std::string header(unsigned type, std::vector<std::uint32_t> sizes) {
  std::string out = big_endian((type << 8U) | static_cast<std::uint32_t>(sizes.size()));
  for (const auto size : sizes) {
    out += big_endian(size);
  }
  return out;
}

/// Two images of 2 x 3 pixels: 0, 1, ... 5 and 250, 251, ... 255.
std::string two_images() {
  auto out = header(8, {2, 2, 3});
  for (const int first : {0, 250}) {
    for (int i = 0; i < 6; ++i) {
      out += static_cast<char>(first + i);
    }
  }
  return out;
}

std::string two_labels() { return header(8, {2}) + std::string("\x07\x00", 2); }

struct InFolder {
  TestFolder folder;

  model::Dataset read(std::string_view images, std::string_view labels) const {
    return model::read_dataset(
        {.images = folder.write("images", images), .labels = folder.write("labels", labels)});
  }
  std::string wrong(std::string_view images, std::string_view labels) const {
    return complaint([&] { static_cast<void>(read(images, labels)); });
  }
};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(bytes_count_as_parts_of_255, InFolder) {
  for (const auto& images : {two_images(), gzip(two_images()), xz(two_images())}) {
    const auto data = read(images, gzip(two_labels()));
    BOOST_TEST(data.rows() == 2U);
    BOOST_TEST(data.features() == 6U);
    BOOST_TEST(!data.is_sparse());
    BOOST_TEST(data.label(0) == 7.0F);
    BOOST_TEST(data.label(1) == 0.0F);
    std::vector<double> row(8, 9);
    data.copy_row(1, std::span(row));
    BOOST_TEST(row == (std::vector<double>{250 / 255.0, 251 / 255.0, 252 / 255.0, 253 / 255.0,
                                           254 / 255.0, 1, 0, 0}));
  }
}

BOOST_FIXTURE_TEST_CASE(exchanged_files_are_recognised, InFolder) {
  BOOST_TEST(holds(wrong(two_labels(), two_images()), "are the two files exchanged?"));
  BOOST_TEST(holds(wrong(two_labels(), two_labels()), "has 1 dimension(s), images have 3"));
}

BOOST_FIXTURE_TEST_CASE(counts_have_to_agree, InFolder) {
  const auto message = wrong(two_images(), header(8, {3}) + "abc");
  BOOST_TEST(holds(message, "holds 2 images, but"));
  BOOST_TEST(holds(message, "3 labels"));
}

BOOST_FIXTURE_TEST_CASE(a_file_has_to_hold_what_its_header_says, InFolder) {
  for (std::size_t cut = 1; cut <= 12; ++cut) {
    const auto images = two_images();
    BOOST_TEST(holds(wrong(images.substr(0, images.size() - cut), two_labels()), "of the 12"));
  }
  BOOST_TEST(holds(wrong(two_images().substr(0, 9), two_labels()), "ends within its header"));
  BOOST_TEST(holds(wrong(two_images() + "x", two_labels()), "more bytes than its header says"));
  BOOST_TEST(holds(wrong(header(8, {0, 28, 28}), header(8, {0})), "holds nothing"));
}

BOOST_FIXTURE_TEST_CASE(declared_sizes_are_not_believed, InFolder) {
  // 2^33 bytes are announced and 5 are there: this has to fail without asking for the memory.
  const auto images = header(8, {1U << 13U, 1U << 10U, 1U << 10U}) + "hello";
  BOOST_TEST(holds(wrong(images, header(8, {1U << 13U}) + std::string(1U << 13U, 'l')),
                   sizeof(std::size_t) > 4 ? "ends after 5 of" : "too large"));
  // Products that do not fit into 64 bits, one of them 2^64, which would come out as 0.
  constexpr std::uint32_t kLarge = 1U << 30U;
  for (const auto& sizes : {std::vector<std::uint32_t>{0xffffffffU, 0xffffffffU, 0xffffffffU},
                            {0x10000U, 0x10000U, 0x10000U},
                            {kLarge, 16, kLarge}}) {
    BOOST_TEST(holds(wrong(header(8, sizes), two_labels()), "more than 16 GiB"));
  }
}

BOOST_FIXTURE_TEST_CASE(other_files_are_refused, InFolder) {
  BOOST_TEST(holds(wrong("1 1:1\n", two_labels()), "this is not an IDX file"));
  BOOST_TEST(holds(wrong(two_images(), "1 1:1\n"), "this is not an IDX file"));
  BOOST_TEST(holds(wrong("", two_labels()), "the file is empty"));
  BOOST_TEST(holds(wrong(header(13, {2, 2, 3}), two_labels()), "not unsigned bytes"));
}

BOOST_FIXTURE_TEST_CASE(the_pair_is_named_as_a_pair, InFolder) {
  const auto images = folder.write("train-images-idx3-ubyte", two_images());
  BOOST_TEST(holds(complaint([&] { static_cast<void>(model::read_dataset({.images = images})); }),
                   "images and labels come as a pair"));
  BOOST_TEST(holds(complaint([&] { static_cast<void>(model::read_dataset({.file = images})); }),
                   "this is an IDX file; IDX data are named as a pair"));
  BOOST_TEST(
      holds(complaint([&] { static_cast<void>(model::read_dataset({.file = folder.path()})); }),
            "this is a folder of IDX files; name one file of images and one of labels"));
  BOOST_TEST(holds(complaint([&] { static_cast<void>(model::read_dataset({})); }),
                   "no data file is named"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
