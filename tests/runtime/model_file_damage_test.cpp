/// Damaged model files: each is refused by what is wrong with it.
#include <array>
#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/model_files.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(model_file_damage)

namespace {

namespace data = boost::unit_test::data;
using tests::bytes_of_length;
using tests::file_of;
using tests::header;
using tests::kTensor;
using tests::kX;
using tests::logistic_metadata;
using tests::ModelFiles;

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

std::string with_tensor(const std::string& tensor, std::size_t floats = 2) {
  return file_of(header("", tensor), floats);
}

const std::string kNone = "is no model file (safetensors), or damaged: ";

const std::vector<std::pair<std::string, std::string>> kDamages = {
    // Lengths.
    {bytes_of_length(~std::uint64_t{0}) + "{}",
     kNone + "by its first bytes its header is longer than 1,048,576 bytes"},
    {"+1 3:1 11:1\n-1 4:1\n",
     kNone + "by its first bytes its header is longer than 1,048,576 bytes"},
    {bytes_of_length(1 << 20) + "{}",
     "is cut short: its header has 1,048,576 bytes, of which 2 are there"},
    {file_of(header("", kTensor), 1),
     "is cut short: its numbers have 8 bytes, of which 4 are there"},
    {file_of(header("", kTensor), 4), "is damaged: 8 bytes follow its last number"},
    // JSON.
    {file_of("", 0), kNone + "its header is not JSON from byte 1 on"},
    {file_of("{]", 0), kNone + "its header is not JSON from byte 2 on"},
    {file_of("5", 0), kNone + "its header has a number where it does not belong, at the start"},
    {file_of(repeated("[", 100'000), 0),
     kNone + "its header has a list where it does not belong, at the start"},
    {file_of(repeated("{\"a\":", 100'000), 0),
     kNone + "its header has an object where it does not belong, at \"a\".a"},
    {file_of(R"({"x":{"shape":[[)" + repeated("[", 100'000), 0),
     kNone + "its header has a list where it does not belong, at \"x\".shape"},
    {file_of(R"({"x":{"shape":[)" + repeated("1,", 100'000), 0),
     kNone + "its header has a longer list where it does not belong, at \"x\".shape"},
    {file_of("{\"\xFF\":1}", 0), kNone + "its header is not JSON from byte 3 on"},
    {with_tensor(kTensor + "," + kTensor), kNone + "its header has \"x\" twice"},
    {with_tensor(R"("x":{"dtype":"F32","dtype":"F32"})"),
     kNone + "its header has \"x\".dtype twice"},
    {file_of(header(R"(,"bias":"true")", kTensor), 2),
     kNone + "its header has \"__metadata__\".bias twice"},
    {file_of(header(R"(,"step":5)", kTensor), 2),
     kNone + "its header has a number where it does not belong, at \"__metadata__\".step"},
    {with_tensor(R"("x":5)"), kNone + "its header has a number where it does not belong, at \"x\""},
    {with_tensor(R"("x":{"dtype":"F32"})"),
     kNone + "its header gives \"x\" other fields than dtype, shape and data_offsets"},
    {with_tensor(R"("x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"),
     kNone + "its header has a number below 0 where it does not belong, at \"x\".shape"},
    {with_tensor(R"("x":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]})"),
     kNone + "its header has a number that is not whole, or too large where it does not belong, at "
             "\"x\".shape"},
    {with_tensor(R"("x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]})"),
     kNone + "its header has \"x\".data_offsets that are not two numbers in order"},
    {with_tensor(R"("x":{"dtype":"F32","shape":[2],"data_offsets":[8]})"),
     kNone + "its header has \"x\".data_offsets that are not two numbers in order"},
    // Tensors.
    {with_tensor(R"("x":{"dtype":"F16","shape":[4],"data_offsets":[0,8]})"),
     "its tensor x has numbers of type F16, not F32"},
    {with_tensor(R"("x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]})"),
     "its tensor x has 2 dimensions instead of one"},
    {with_tensor(R"("x":{"dtype":"F32","shape":[],"data_offsets":[0,8]})"),
     "its tensor x has 0 dimensions instead of one"},
    {with_tensor(R"("x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]})"),
     "its tensor x has 3 numbers, but 8 bytes for them"},
    {with_tensor(R"("x":{"dtype":"F32","shape":[4611686018427387906],"data_offsets":[0,8]})"),
     "its tensor x has more than 268,435,456 numbers, the most there may be"},
    {with_tensor(R"("x":{"dtype":"F32","shape":[2],"data_offsets":[4,12]})", 3),
     "is damaged: its tensors overlap, or leave bytes between them"},
    {with_tensor(kTensor + R"(,"y":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})"),
     "is damaged: its tensors overlap, or leave bytes between them"},
    {with_tensor(
         R"("x":{"dtype":"F32","shape":[2],"data_offsets":[18446744073709551608,18446744073709551615]})"),
     "is damaged: its tensors overlap, or leave bytes between them"},
    {with_tensor(R"("y":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})"),
     "holds no model: there is no tensor x with numbers in it"},
    {file_of(header("", R"("x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})"), 0),
     "holds no model: there is no tensor x with numbers in it"},
    {with_tensor(kTensor).replace(with_tensor(kTensor).size() - 4, 4,
                                  std::string("\x00\x00\x80\x7f", 4)),
     "number 1 of its tensor x is not finite"},
    {with_tensor(kTensor + R"(,"scale.shift":{"dtype":"F32","shape":[2],"data_offsets":[8,16]})",
                 4),
     "is damaged: its scale has 2 shifts and 0 factors for 2 features"},
    {with_tensor(kTensor + R"(,"scale.shift":{"dtype":"F32","shape":[2],"data_offsets":[8,16]})"
                           R"(,"scale.factor":{"dtype":"F32","shape":[2],"data_offsets":[16,24]})",
                 6),
     "is damaged: scale.factor has a number that is not above 0"},
};

struct Wrong {
  const char* key;
  const char* value;  // null: the key is missing
  const char* complaint;
};
std::ostream& operator<<(std::ostream& out, const Wrong& one) { return out << one.complaint; }

constexpr std::array kWrong = {
    Wrong{"objective", nullptr,
          "does not say its objective: it is damaged, or no model of annulet's"},
    Wrong{"objective", "svm",
          "is a model of the objective svm, which this annulet does not know; it knows logistic, "
          "linear, softmax, mlp and quadratic"},
    Wrong{"features", nullptr,
          "does not say its features: it is damaged, or no model of annulet's"},
    Wrong{"features", "0", "its features is \"0\", but must be at least 1"},
    Wrong{"features", "4", "its features is \"4\", but must be a whole number of at most 3"},
    Wrong{"features", "-1", "its features is \"-1\", but must be a whole number of at most 3"},
    Wrong{"features", "99999999999999999999",
          "its features is \"99999999999999999999\", but must be a whole number of at most 3"},
    Wrong{"features", "3",
          "is damaged: logistic with 3 features and bias, 2 classes, has 4 parameters, the file 3"},
    Wrong{"bias", "maybe", "its bias is \"maybe\", but must be true or false"},
    Wrong{
        "labels", "[-1,1",
        "its labels is \"[-1,1\", but must be a list of the labels of its classes, such as [-1,1]"},
    Wrong{"labels", "[]",
          "its labels is \"[]\", but must be a list of the labels of its classes, such as [-1,1]"},
    Wrong{"labels", "[1,-1]",
          "its labels is \"[1,-1]\", but must be a list of the labels of its classes, such as "
          "[-1,1]"},
    Wrong{"labels", "[-1,1,]",
          "its labels is \"[-1,1,]\", but must be a list of the labels of its classes, such as "
          "[-1,1]"},
    Wrong{"labels", "[-1,nan]",
          "its labels is \"[-1,nan]\", but must be a list of the labels of its classes, such as "
          "[-1,1]"},
    Wrong{"labels", "[0,1,2]",
          "its labels is \"[0,1,2]\", but must be a list of the labels of its classes, such as "
          "[-1,1]"},
    Wrong{"classes", "3", "its classes is \"3\", but must be 2, as it has so many labels"},
    Wrong{"columns", R"(["a"])",
          "its columns is \"[\"a\"]\", but must be a list of the names of its 2 features, such as "
          "[\"a\",\"b\"]"},
    Wrong{"class_words", "no, yes",
          "its class_words is \"no, yes\", but must be a list of the words of its classes, such as "
          "[\"no\",\"yes\"]"},
    Wrong{
        "class_words", R"(["no","yes"])",  // its labels are -1 and 1, no places of words
        "its class_words is \"[\"no\",\"yes\"]\", but must be a list of the words of its classes, "
        "such as [\"no\",\"yes\"]"},
    Wrong{"step", "many",
          "its step is \"many\", but must be a whole number of at most 1000000000000"},
    Wrong{"model_hash", "0123456789abcdef", ", the file says 0123456789abcdef. Take another copy"},
};

}  // namespace

BOOST_AUTO_TEST_CASE(damaged_files_are_refused_by_what_is_wrong_with_them) {
  const ModelFiles files;
  for (const auto& [bytes, complaint] : kDamages) BOOST_TEST(files.complaint(bytes) == complaint);
}

BOOST_DATA_TEST_CASE(metadata_that_cannot_be_true_are_named, data::make(kWrong), wrong) {
  const ModelFiles files;
  auto metadata = logistic_metadata();
  metadata.erase(wrong.key);
  if (wrong.value != nullptr) metadata.emplace(wrong.key, wrong.value);
  write_model_file(files.path(), kX, metadata);
  const auto complaint = ModelFiles::complaint_of(files.path());
  BOOST_TEST_CONTEXT(complaint) { BOOST_TEST(complaint.ends_with(wrong.complaint)); }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
