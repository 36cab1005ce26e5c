/// What is wrong with data, and with what a device can hold of them.
#include <cstdint>
#include <utility>

#include <lzma.h>

#include "tests/model/files.hpp"
#include "tests/support/child_ring.hpp"
#include "tests/tcp/provoked.hpp"

namespace annulet::tests {
namespace {

/// A simulation on that file as data; `more` is appended to the run file.
Ending simulate(const std::string& name, const std::string& bytes, const std::string& more = {}) {
  const WorkFolder folder;
  if (!bytes.empty()) folder.write(name, bytes);
  const auto file =
      folder.write("run.toml", "run.steps = 10\nmodel.kind = \"logistic\"\n" +
                                   std::string("data.train = \"") + name + "\"\n" + more);
  return ending_of({"simulate", file, "--devices", "1", "--json", "--out", folder.at("out")});
}

Provocation bad_data(ErrorCode error, std::string how, std::string bytes,
                     std::vector<std::string> says) {
  return {error, std::move(how), [bytes = std::move(bytes)] { return simulate("readings", bytes); },
          std::move(says)};
}

/// Packed with a dictionary of 300 MiB, which a reader would have to hold.
std::string hungry_xz() {
  lzma_options_lzma options{};
  lzma_lzma_preset(&options, 0);
  options.dict_size = std::uint32_t{300} << 20U;
  lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
  std::string text = "1 1:1\n", packed(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t size = 0;
  const auto done =
      lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC32, nullptr, unsigned_bytes(text),
                                text.size(), unsigned_bytes(packed), &size, packed.size());
  packed.resize(done == LZMA_OK ? size : 0);
  return packed;
}

std::string cut_short(std::string packed) { return packed.substr(0, packed.size() / 2); }

Ending stray_index_looked_at() {
  const WorkFolder folder;
  return ending_of(
      {"data", "inspect", folder.write("readings", "1 1:1\n-1 2147483646:1\n"), "--json"});
}

Ending without_data() {
  const WorkFolder folder;
  const auto file = folder.write("run.toml", "run.steps = 10\nmodel.kind = \"logistic\"\n");
  return ending_of({"simulate", file, "--devices", "1", "--json"});
}

Ending narrow_run_file() { return simulate("readings", "1 1:1\n-1 12:1\n", "data.features = 5\n"); }

Ending label_of_no_column() {
  return simulate("readings", "a,b\n1,0\n2,1\n", "data.label = \"c\"\n");
}

Ending wide_test_set() {
  const WorkFolder folder;
  folder.write("more.libsvm", "1 99:1\n");
  return ending_of({"simulate", folder.run_file("10", "data.test = \"more.libsvm\""), "--devices",
                    "1", "--json"});
}

Ending more_devices_than_rows() {
  const WorkFolder folder;
  folder.write("rows.libsvm", "1 1:1\n-1 2:1\n");
  return ending_of({"simulate", folder.run_file("10", "data.partition = \"iid\""), "--devices", "3",
                    "--json", "--out", folder.at("out")});
}

Ending diverging() {
  const WorkFolder folder;
  return ending_of({"simulate", folder.run_file("90"), "--devices", "2", "--json", "--out",
                    folder.at("out"), "--set", "train.lr.value=100", "--set", "model.l2=10"});
}

Ending demo_without_data() {
  const WorkFolder folder;
  return ending_of({"demo", "--json", "--data", folder.at("nowhere")});
}

/// Joins, with a file of its own, a run of which the file says how many features there are.
Ending join_with_more_features() {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file("20", "data.features = 12"));
  return ending_of(ring.join({"--json", "--data", folder.write("own", "1 20:1\n-1 1:1\n")}));
}

Ending stand_by_without_data() {
  const WorkFolder folder;
  return ending_of(
      {"up", "--config",
       folder.write("device.toml", "[device]\nstarter = \"127.0.0.1:1\"\ndata = \"nowhere\"\n")});
}

}  // namespace

std::vector<Provocation> provoked_by_data() {
  using enum ErrorCode;
  return {
      bad_data(data_unreadable, "no such file", "",
               {"/readings", "No such file", "check the path"}),
      {data_unreadable,
       "no such file of a device file",
       stand_by_without_data,
       {"/nowhere, device.data in ", "/device.toml: No such file", "sudo install -D -m 644"}},
      bad_data(data_damaged, "half a gzip file", cut_short(gzip(std::string(9999, '1'))),
               {"/readings", "fetch the file again"}),
      bad_data(data_damaged, "half an xz file", cut_short(xz(std::string(9999, '1'))),
               {"/readings", "fetch the file again"}),
      bad_data(bad_row, "a damaged line", "1 1:1\n-1 2:x\n",
               {"/readings, line 2, column 6", "'x' is not a number"}),
      bad_data(bad_row, "an index twice", "1 3:1 3:2\n",
               {"line 1, column 7", "indices of a row have to increase"}),
      bad_data(bad_format, "one file of an IDX pair", std::string("\0\0\x08\x01\0\0\0\0", 8),
               {"/readings", "named as a pair"}),
      bad_data(bad_format, "no row", "# nothing\n", {"/readings", "no row in this file"}),
      bad_data(labels_do_not_fit, "three labels", "1 1:1\n2 1:1\n3 1:1\n",
               {"{1, 2, 3}", "-1/+1, 0/1 or 1/2"}),
      bad_data(model_too_large, "a stray index", "1 1:1\n-1 400000000:1\n",
               {"400,000,000 features", "data.features sets a limit"}),
      {model_too_large,
       "a stray index, looked at",
       stray_index_looked_at,
       {"/readings: its 2,147,483,646 features", "Row 2 has the index 2,147,483,646"}},
      bad_data(out_of_memory, "packed too well", hungry_xz(),
               {"/readings", "256 MiB", "compress it with xz -6"}),
      bad_data(bad_row, "a hole in a table", "a,b,c\n1,2,0\n1,,1\n",
               {"/readings, line 3, column 2 \"b\"", "the value is missing", "fill it in"}),
      {bad_label_column,
       "no such column",
       label_of_no_column,
       {"/readings", "data.label is \"c\"", "the columns are a, b"}},
      {no_data, "none named", without_data, {"no training data", "--data PATH"}},
      {width_mismatch,
       "beyond data.features",
       narrow_run_file,
       {"has 12 features, the run file allows 5", "raise data.features"}},
      {width_mismatch,
       "a joiner's",
       join_with_more_features,
       {"device-1 has 20 features, the run file allows 12", "raise data.features"}},
      {test_data_do_not_fit,
       "a wider test set",
       wide_test_set,
       {"more.libsvm", "99 features", "data.features"}},
      {too_few_rows,
       "more devices than rows",
       more_devices_than_rows,
       {"No rows are left for device-0", "Use fewer devices or data.partition"}},
      {not_finite, "steps too long", diverging, {"is not finite after step", "Lower train.lr"}},
      {demo_data_missing,
       "not installed",
       demo_without_data,
       {"/nowhere", "sudo apt-get install dataset-fashion-mnist", "--data DIR"}},
  };
}

}  // namespace annulet::tests
