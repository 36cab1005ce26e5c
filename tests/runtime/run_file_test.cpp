/// Run files: what is read, how --set changes it, and that what is written reads back.
#include "runtime/run_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/data_folder.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(run_file)

namespace {

using Settings = std::vector<std::string>;

constexpr std::string_view kSmallest = "[run]\nsteps = 10\n[model]\nkind = \"logistic\"\n";

/// The run file of golden row 4, with every key that has a default.
constexpr std::string_view kGolden = R"(
[run]
steps  = 160
seed   = 1
[model]
kind = "logistic"
l2   = "1/n"
[data]
train     = "w8a.xz"
test      = "w8a.t.xz"
features  = 300
partition = "file-order"
sampling  = "cyclic"
[train]
batch = 4
lr    = { kind = "inverse", lr0 = 4.0, tau = 40 }
correct_drift = false
[schedule]
kind = "fixed"
h    = 16
[outer]
momentum = 0.5
rate = 0.75
[round]
weights = "equal"
pace = "time"
[net]
peer_timeout = "5s"
compress = "q8"
[output]
eval_every = 0
checkpoint_every = "2m"
)";

RunConfig parse(std::string_view text, const Settings& settings = {}) {
  return parse_run_file(text, "test.toml", "/data", settings);
}

RunConfig with(const Settings& settings) { return parse(kSmallest, settings); }

}  // namespace

BOOST_AUTO_TEST_CASE(the_label_column_goes_with_every_file_of_the_run) {
  const auto by_name = with({"data.train=a.csv", "data.test=b.csv", "data.label=price"});
  BOOST_TEST(by_name.data.train.label.name == "price");
  BOOST_TEST(by_name.data.test.label.name == "price");
  BOOST_TEST(with({"data.label=3"}).data.train.label.number == 3U);
  BOOST_TEST((with({R"(data.classes=["no",  'yes, a "bit"'])"}).data.test.label.classes ==
              Settings{"no", R"(yes, a "bit")"}));
  BOOST_TEST(with({"data.label='3'"}).data.train.label.name == "3");
}

BOOST_AUTO_TEST_CASE(a_model_to_begin_with_is_a_path_from_the_run_file) {
  const auto config = with({"model.init=sub/m.safetensors", "run.start_step=9"});
  BOOST_TEST(config.model.init == "/data/sub/m.safetensors");
  BOOST_TEST(config.run.start_step == 9);
  BOOST_TEST((parse(to_toml(config)) == config));
}

BOOST_AUTO_TEST_CASE(every_key_of_a_full_file_is_read) {
  RunConfig expected;
  expected.run = {.steps = 160, .seed = 1};
  expected.model = {.kind = "logistic", .l2_is_one_over_n = true};
  expected.data.train.file = "/data/w8a.xz";
  expected.data.test.file = "/data/w8a.t.xz";
  expected.data.features = 300;
  expected.data.partition.kind = model::PartitionKind::file_order;
  expected.data.sampling = model::Sampling::cyclic;
  expected.train.batch = 4;
  expected.train.lr.kind = model::StepSizeKind::inverse;
  expected.train.lr.lr0 = 4;
  expected.train.lr.tau = 40;
  expected.schedule.kind = "fixed";
  expected.schedule.h = 16;
  expected.outer = {.momentum = 0.5, .rate = 0.75};
  expected.weights = Weights::equal;
  expected.pace = Pace::time;
  expected.compress = transport::Compress::q8;
  BOOST_TEST((parse(kGolden) == expected));
}

BOOST_AUTO_TEST_CASE(averages_may_come_a_round_late) {
  const auto config = with({"net.overlap=true", "outer.rate=0.5"});
  BOOST_TEST(config.overlap);
  BOOST_TEST((parse(to_toml(config)) == config));
  BOOST_TEST(!with({"net.overlap=false", "outer.momentum=0.5"}).overlap);
}

BOOST_AUTO_TEST_CASE(lines_may_be_left_to_what_they_show) {
  const auto config = with({"net.streams=auto", "net.congestion=cubic"});
  BOOST_TEST((config.streams == kChosenStreams && config.congestion == "cubic"));
  BOOST_TEST((parse(to_toml(config)) == config));
  BOOST_TEST(with({"net.streams=3"}).streams == 3U);
}

BOOST_AUTO_TEST_CASE(missing_keys_have_the_defaults_of_the_config) {
  RunConfig expected;
  expected.run.steps = 10;
  BOOST_TEST((parse(kSmallest) == expected));
  BOOST_TEST((expected.peer_timeout == std::chrono::seconds(5)));
  BOOST_TEST(expected.schedule.kind == "doubling");
}

BOOST_AUTO_TEST_CASE(layers_are_a_list_of_widths) {
  const auto config = with({"model.kind=mlp", "model.layers=[64, 32]"});
  BOOST_TEST(config.model.layers == (std::vector<std::size_t>{64, 32}));
  BOOST_TEST((config.model.activation == model::Activation::tanh));
  BOOST_TEST((config.model.loss == model::Loss::softmax));
  const auto text = to_toml(config);
  BOOST_TEST(text.find("\nlayers = [64, 32]\nactivation = \"tanh\"\nloss = \"softmax\"\n") !=
             std::string::npos);
  BOOST_TEST(to_toml(with({})).find("layers") == std::string::npos);
}

// A run file for a network can be tried with another kind: its layers are stale then.
BOOST_AUTO_TEST_CASE(layers_give_way_to_a_kind_from_the_command_line) {
  const std::string network =
      "[run]\nsteps = 10\n[model]\nkind = \"mlp\"\nlayers = [8]\nloss = \"softmax\"\n";
  const std::vector<std::string> settings{"model.kind=softmax"};
  BOOST_TEST(parse_run_file(network, "w.toml", "/", settings).model.layers.empty());
}

BOOST_AUTO_TEST_CASE(relative_paths_start_at_the_run_file) {
  BOOST_TEST(with({"data.train=sub/../w8a.xz"}).data.train.file == "/data/w8a.xz");
  BOOST_TEST(with({"data.train=/else/w8a.xz"}).data.train.file == "/else/w8a.xz");
  const auto pair = with({R"(data.test={ images = "i.gz", labels = "/l.gz" })"}).data.test;
  BOOST_TEST(pair.file.empty());
  BOOST_TEST(pair.images == "/data/i.gz");
  BOOST_TEST(pair.labels == "/l.gz");
}

BOOST_AUTO_TEST_CASE(command_line_values_are_toml_or_else_bare_words) {
  BOOST_TEST(with({"run.steps=20"}).run.steps == 20);
  BOOST_TEST(with({" run.steps = 20 "}).run.steps == 20);
  BOOST_TEST(
      (with({"data.partition=by-label"}).data.partition.kind == model::PartitionKind::by_label));
  BOOST_TEST((with({"data.partition=\"by-label\""}).data.partition.kind ==
              model::PartitionKind::by_label));
  const auto dirichlet = with({"data.partition=dirichlet(0.3)"}).data.partition;
  BOOST_TEST((dirichlet == model::Partition{model::PartitionKind::dirichlet, 0.3}));
  BOOST_TEST(with({"model.l2=1/n"}).model.l2_is_one_over_n);
  BOOST_TEST((with({"net.peer_timeout=1.5s"}).peer_timeout == std::chrono::milliseconds(1500)));
  BOOST_TEST(with({"train.lr.value=0.5"}).train.lr.value == 0.5);
  BOOST_TEST(with({R"(train.lr={kind="constant",value=1})"}).train.lr.value == 1.0);
}

BOOST_AUTO_TEST_CASE(later_settings_win_over_earlier_ones_and_the_file) {
  BOOST_TEST(parse(kGolden, {"schedule.h=4", "schedule.h=8"}).schedule.h == 8);
  const auto lr = parse(kGolden, {R"(train.lr={kind="linear",from=1,to=0})"}).train.lr;
  BOOST_TEST((lr.kind == model::StepSizeKind::linear));
  BOOST_TEST(lr.lr0 == 0.0);  // a whole table replaces the file's whole table
  const auto pair = parse(kGolden, {"data.train.images=i", "data.train.labels=l"}).data.train;
  BOOST_TEST(pair.file.empty());
  BOOST_TEST(parse(kGolden, {R"(data.train={images="i",labels="l"})", "data.train=x"})
                 .data.train.images.empty());
}

// Who changes the kind by --set should not have to edit the file's keys for the old kind away.
BOOST_AUTO_TEST_CASE(keys_of_the_old_kind_are_dropped_when_set_changes_it) {
  const auto fixed = parse(std::string(kSmallest) + "[schedule]\nalpha = 8\nt0 = 32\n",
                           {"schedule.kind=fixed", "schedule.h=4"});
  BOOST_TEST(fixed.schedule.kind == "fixed");
  BOOST_TEST(fixed.schedule.h == 4);
  BOOST_TEST(fixed.schedule.alpha == ScheduleSection{}.alpha);
  const auto lr = parse(kGolden, {"train.lr.kind=inverse-sqrt"}).train.lr;
  BOOST_TEST(lr.lr0 == 4.0);  // keys that both kinds have stay
  BOOST_TEST((parse(kGolden, {"train.lr.kind=constant"}).train.lr == model::StepSizeOptions{}));
}

BOOST_AUTO_TEST_CASE(the_output_is_the_last_iterate_or_an_average) {
  BOOST_TEST(!with({"run.output=last"}).run.output.has_value());
  const auto linear = with({"run.output=linear"}).run;
  BOOST_TEST((linear.output == model::AverageKind::linear));
  BOOST_TEST((linear.average_shift == 1.0));
  BOOST_TEST((with({"run.output=quadratic", "run.average_shift=2.5"}).run.average_shift == 2.5));
  const Settings paper{"run.output=quadratic", "run.average_shift=paper", "train.lr.kind=paper",
                       "model.l2=1/n"};
  BOOST_TEST(!with(paper).run.average_shift.has_value());
  // As with kinds, a file's shift is stale where the command line wants another output.
  constexpr auto kShifted =
      "[run]\nsteps = 10\noutput = \"linear\"\naverage_shift = 3\n[model]\nkind = \"logistic\"\n";
  BOOST_TEST((parse(kShifted).run.average_shift == 3.0));
  BOOST_TEST((parse(kShifted, {"run.output=quadratic"}).run.average_shift == 3.0));
  BOOST_TEST((parse(kShifted, {"run.output=last"}).run == RunSection{.steps = 10}));
}

BOOST_AUTO_TEST_CASE(values_on_the_edges_are_allowed) {
  BOOST_TEST((with({"net.peer_timeout=200ms"}).peer_timeout == std::chrono::milliseconds(200)));
  BOOST_TEST((with({"net.peer_timeout=1h"}).peer_timeout == std::chrono::hours(1)));
  BOOST_TEST(with({"run.steps=1000000000000"}).run.steps == 1'000'000'000'000);
  BOOST_TEST(with({"run.seed=9223372036854775807"}).run.seed == 9'223'372'036'854'775'807U);
  BOOST_TEST(with({"run.seed=0"}).run.seed == 0U);
  BOOST_TEST(with({"model.l2=0"}).model.l2 == 0.0);
  BOOST_TEST(with({R"(train.lr={kind="linear",from=0.1,to=0})"}).train.lr.to == 0.0);
  BOOST_TEST(with({R"(train.lr={kind="paper",mu=0.1})"}).train.lr.mu.value() == 0.1);
  BOOST_TEST(!with({R"(train.lr={kind="paper"})", "model.l2=1/n"}).train.lr.mu.has_value());
}

// One config for every kind and every awkward value; each must survive being sent.
const Settings kRoundTrips[] = {
    {},
    {"model.l2=1/n", "model.bias=true"},
    {"model.l2=5e-324", "train.lr.value=0.1"},
    {"model.l2=1e-5", "train.lr.value=1e300"},
    {"model.kind=softmax", "train.lr.value=0.30000000000000004"},
    {"model.kind=linear", "model.bias=true"},
    {"model.kind=mlp", "model.layers=[64]"},
    {"model.kind=mlp", "model.layers=[ 3,2 , 1 ]", "model.activation=relu", "model.loss=squared"},
    {"model.kind=quadratic", "run.seed=9223372036854775807"},
    {R"(train.lr={kind="inverse",lr0=4.0,tau=40})"},
    {R"(train.lr={kind="paper"})", "model.l2=1/n"},
    {R"(train.lr={kind="paper",mu=1e-5,a=526320.13})"},
    {R"(train.lr={kind="paper",a=7})", "model.l2=0.5"},
    {R"(train.lr={kind="inverse-sqrt",lr0=0.1,tau=3})"},
    {R"(train.lr={kind="capped-inverse",max=32,scale=0.125})"},
    {R"(train.lr={kind="linear",from=0.1,to=0})"},
    {"run.output=uniform"},
    {"run.output=linear", "run.average_shift=0.1"},
    {"run.output=quadratic", "run.average_shift=paper", R"(train.lr={kind="paper",mu=1,a=7})"},
    {"schedule.kind=fixed", "schedule.h=16"},
    {"schedule.kind=one-shot"},
    {"schedule.alpha=0.25", "schedule.t0=1", "schedule.h_max=64"},
    {"data.partition=all", "data.sampling=shuffle"},
    {"data.partition=iid", "data.sampling=cyclic", "data.features=300"},
    {"data.label=3", "data.scale=standard"},
    {R"(data.classes=["a, \"b\"", "c\\d\n\t\u007f", "J\u00fc", "]"])"},
    {"data.label=\"a \\\"name\\\" with\\nall\""},
    {"data.partition=by-label", "round.weights=equal", "output.eval_every=7"},
    {"output.checkpoint_every=0"},
    {"net.compress=f16"},
    {"net.compress=q4"},
    {"output.checkpoint_every=\"0\""},
    {"output.checkpoint_every=90s"},
    {"data.partition=dirichlet(0.30000000000000004)", "train.correct_drift=true"},
    {"data.partition=file-order", "train.batch=1", "net.peer_timeout=1234567891ns"},
    {"data.train=plain", "data.test=with space"},
    {R"(data.train="quote\" back\\slash 'single' # hash")"},
    {R"(data.train="line\nbreak\ttab\u0001\u007f")"},
    {"data.train=J\xc3\xbcrgen/\xe6\x95\xb0\xe6\x8d\xae \xf0\x9f\x8d\xa9"},
    {R"(data.train={images="a \"b\"",labels="\\c"})", R"(data.test={images="i",labels="l"})"},
};

BOOST_DATA_TEST_CASE(what_is_written_reads_back_the_same,
                     boost::unit_test::data::xrange(std::size(kRoundTrips)), index) {
  const auto config = with(kRoundTrips[index]);
  const auto text = to_toml(config);
  BOOST_TEST_CONTEXT(text) {
    BOOST_TEST((parse_run_file(text, "sent", "/elsewhere", {}) == config));
    BOOST_TEST(to_toml(parse_run_file(text, "sent", "/elsewhere", {})) == text);
  }
}

BOOST_AUTO_TEST_CASE(a_file_on_disk_is_read_with_paths_beside_it) {
  const auto folder = std::filesystem::temp_directory_path() / "annulet_run_file_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "golden.toml") << kGolden;
  const auto config = read_run_file(folder / "golden.toml", {});
  BOOST_TEST(config.data.train.file == folder / "w8a.xz");
  std::filesystem::remove_all(folder);
}

BOOST_AUTO_TEST_CASE(examples_are_read) {
  std::size_t examples = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(tests::source_folder() / "examples")) {
    if (entry.path().extension() != ".toml") continue;
    BOOST_TEST(read_run_file(entry.path(), {}).run.steps > 0, entry.path());
    ++examples;
  }
  BOOST_TEST(examples >= 2U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
