/// Wrong settings of the command line, with the message that each gets.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace annulet::runtime {

/// A wrong --set, others before it, and what the message says after naming the wrong one.
struct WrongSetting {
  std::string setting;
  std::vector<std::string> before;
  const char* message;
  friend std::ostream& operator<<(std::ostream& out, const WrongSetting& wrong) {
    return out << wrong.message;
  }
};

inline const WrongSetting kWrongSettings[] = {
    {"schedule.hmax=3", {}, "schedule.hmax is not a key of the run file; did you mean h_max?"},
    {"modle.kind=softmax", {}, "modle.kind is not a key of the run file; did you mean model.kind?"},
    {"steps=3", {}, "steps is not a key of the run file; did you mean run.steps?"},
    {"x.y.z=3",
     {},
     "x.y.z is not a key of the run file; its sections are run, model, data, train, schedule, "
     "outer, round, net and output"},
    {"run.steps", {}, "must be section.key=value, such as --set run.steps=1000"},
    {"=3", {}, "must be section.key=value, such as --set run.steps=1000"},
    {"run.steps=\"many\"",
     {},
     "run.steps is \"many\", but must be a whole number from 1 to 1000000000000"},
    {"run.steps=0", {}, "run.steps is 0, but must be a whole number from 1 to 1000000000000"},
    {"run.steps=1e3",
     {},
     "run.steps is 1000.0, but must be a whole number from 1 to 1000000000000"},
    {"run.steps=1000000000001",
     {},
     "run.steps is 1000000000001, but must be a whole number from 1 to 1000000000000"},
    {"run.steps={a=1}",
     {},
     "run.steps is a table, but must be a whole number from 1 to 1000000000000"},
    {"run.steps=[1,2]",
     {},
     "run.steps is [1, 2], but must be a whole number from 1 to 1000000000000"},
    {"schedule={kind=fixed}",
     {},
     "the table is not TOML: Error while parsing boolean: expected 'false', saw 'fi'; one is "
     "{ key = value, key = value }, words in quotes: \"fixed\""},
    {"run.output=mean",
     {},
     "run.output is \"mean\", but must be last, uniform, linear or quadratic"},
    {"run.average_shift=1",
     {},
     "run.average_shift does not go with run.output last; it belongs to linear and quadratic"},
    {"run.average_shift=1",
     {"run.output=uniform"},
     "run.average_shift does not go with run.output uniform; it belongs to linear and quadratic"},
    {"run.average_shift=0",
     {"run.output=linear"},
     "run.average_shift is 0, but must be a finite number > 0"},
    {"run.average_shift=poster",
     {"run.output=linear"},
     "run.average_shift is \"poster\", but must be a number > 0 and at most 1e100, or \"paper\""},
    {"run.average_shift=1e101",
     {"run.output=linear"},
     "run.average_shift is 1e+101, but must be a number > 0 and at most 1e100, or \"paper\""},
    {"run.average_shift=paper",
     {"run.output=linear"},
     "run.average_shift \"paper\" is the a of train.lr.kind paper, and here train.lr.kind is "
     "constant; give a number > 0, such as 1"},
    {"run.seed=-1", {}, "run.seed is -1, but must be a whole number from 0 to 9223372036854775807"},
    {"run=3", {}, "run is 3, but must be a section: write [run] and its keys below"},
    {"model.kind=logistc",
     {},
     "model.kind is \"logistc\", but must be logistic, linear, softmax, mlp or quadratic; did you "
     "mean "
     "logistic?"},
    {"model.l2=-0.5", {}, "model.l2 is -0.5, but must be a finite number >= 0"},
    {"model.l2=2/n", {}, "model.l2 is \"2/n\", but must be a finite number >= 0, or \"1/n\""},
    {"model.l2=nan", {}, "model.l2 is nan, but must be a finite number >= 0"},
    {"model.bias=1", {}, "model.bias is 1, but must be true or false"},
    {"model.layers=[64]",
     {},
     "model.layers does not go with model.kind logistic; it belongs to mlp"},
    {"model.loss=squared",
     {},
     "model.loss does not go with model.kind logistic; it belongs to mlp"},
    {"model.layers=64",
     {"model.kind=mlp"},
     "model.layers is 64, but must be 1 to 16 whole numbers from 1 to 65536, such as [64, 32]"},
    {"model.layers=[64, 0]",
     {"model.kind=mlp"},
     "model.layers is [64, 0], but must be 1 to 16 whole numbers from 1 to 65536, such as [64, "
     "32]"},
    {"model.layers=[65537]",
     {"model.kind=mlp"},
     "model.layers is [65537], but must be 1 to 16 whole numbers from 1 to 65536, such as [64, "
     "32]"},
    {"model.activation=tan",
     {"model.kind=mlp", "model.layers=[4]"},
     "model.activation is \"tan\", but must be tanh or relu; did you mean tanh?"},
    {"model.loss=absolute",
     {"model.kind=mlp", "model.layers=[4]"},
     "model.loss is \"absolute\", but must be softmax or squared"},
    {"train.lr={kind=\"paper\"}",
     {"model.kind=mlp", "model.layers=[4]", "model.l2=0.1"},
     "train.lr.kind paper takes its a from L, which model.kind mlp has none of, as it is not "
     "convex; give train.lr.a, or take another kind"},
    {"run.steps=[1, 2]",
     {},
     "run.steps is [1, 2], but must be a whole number from 1 to 1000000000000"},
    {"model.bias=true",
     {"model.kind=mlp", "model.layers=[4]"},
     "model.bias is true, but must be false: model.kind mlp has biases of its own in every layer"},
    {"model.bias=true",
     {"model.kind=quadratic"},
     "model.bias is true, but must be false: model.kind quadratic has no bias"},
    {"model.init=7", {}, "model.init is 7, but must be the path of a model file"},
    {"run.start_step=-1",
     {},
     "run.start_step is -1, but must be a whole number from 0 to 1000000000000"},
    {"run.start_step=10",
     {"model.init=m.safetensors"},
     "run.start_step is 10, but must be below run.steps, which is 10: the step at which the run "
     "ends"},
    {"run.start_step=3",
     {},
     "run.start_step goes on from a model, and there is none; add init = \"model.safetensors\" to "
     "[model]"},
    {"data.train=\xff",
     {},
     "data.train is \"\xff\", but must be a path of at most 4096 bytes, from the root, in UTF-8"},
    {"schedule.h=0",
     {"schedule.kind=fixed"},
     "schedule.h is 0, but must be a whole number from 1 to 1000000000000"},
    {"schedule.alpha=2",
     {"schedule.kind=fixed", "schedule.h=4"},
     "schedule.alpha does not go with schedule.kind fixed, which takes h; it belongs to "
     "doubling, guarded and qsr"},
};

}  // namespace annulet::runtime
