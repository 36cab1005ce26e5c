/// Wrong lines of run files, with the message that each gets.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace annulet::runtime {

/// Every file starts with these five lines, which are right.
inline constexpr const char* kHead =
    "# five lines\n[run]\nsteps = 10\n[model]\nkind = \"logistic\"\n";

/// What follows them, the line that the message names, and the rest of the message.
struct WrongLines {
  const char* lines;
  int line;
  const char* message;
  friend std::ostream& operator<<(std::ostream& out, const WrongLines& wrong) {
    return out << wrong.message;
  }
};

inline const WrongLines kWrongLines[] = {
    {"[schedule]\nhmax = 3\n", 7,
     "schedule.hmax is not a key of the run file; did you mean h_max?"},
    {"[modle]\nx = 3\n", 6, "modle is not a section of the run file; did you mean model?"},
    {"[lr]\nkind = 'constant'\n", 6, "lr is not a section of the run file; did you mean train.lr?"},
    {"[privacy]\nclip = 1\n", 6,
     "privacy is not a section of the run file; its sections are run, model, data, train, "
     "schedule, outer, round, net and output"},
    {"[train]\nmomentum = 0.9\n", 7,
     "train.momentum is not a key of the run file; did you mean outer.momentum?"},
    {"[net]\nbatch = 3\n", 7, "net.batch is not a key of the run file; did you mean train.batch?"},
    {"[train]\nlr0 = 3\n", 7, "train.lr0 is not a key of the run file; did you mean train.lr.lr0?"},
    {"[train.lr]\nvlaue = 3\n", 7,
     "train.lr.vlaue is not a key of the run file; did you mean value?"},
    {"[train.lr]\nbeta = 3\n", 7,
     "train.lr.beta is not a key of the run file; train.lr takes kind, value, lr0, tau, mu, a, "
     "max, scale, from and to"},
    {"\"run.steps\" = 3\n", 6,
     "model.\"run.steps\" is not a key of the run file; its sections are run, model, data, train, "
     "schedule, outer, round, net and output"},
    {"[data]\n\"a\\u001b[31mb\" = 1\n", 7,
     "data.\"a\\u001B[31mb\" is not a key of the run file; data takes train, test, label, "
     "classes, features, scale, partition and sampling"},
    {"[[net]]\nx=1\n", 6,
     "starts with [ but no name follows; the sections of a run file are written [section]"},
    {"[data]\nlabel = 0\n", 7,
     "data.label is 0, but must be the name of a column in quotes, or a number from 1 on"},
    {"[data]\nlabel = ''\n", 7,
     "data.label is \"\", but must be the name of a column in quotes, or a number from 1 on"},
    {"[data]\nclasses = ['a', 'b', 'a']\n", 7,
     "data.classes is [\"a\", \"b\", \"a\"], but must be the words in the label column, each once, "
     "such as "
     "[\"edible\", \"poisonous\"]"},
    {"[data]\nclasses = ['a']\n", 7,
     "data.classes is [\"a\"], but must be the words in the label column, each once, such as "
     "[\"edible\", \"poisonous\"]"},
    {"[data]\nclasses = ['a', '']\n", 7,
     "data.classes is [\"a\", \"\"], but must be the words in the label column, each once, such as "
     "[\"edible\", \"poisonous\"]"},
    {"[data]\nclasses = [1, 2]\n", 7,
     "data.classes is [1, 2], but must be the words in the label column, each once, such as "
     "[\"edible\", \"poisonous\"]"},
    {"[data]\nclasses = 'a, b'\n", 7,
     "data.classes is \"a, b\", but must be the words in the label column, each once, such as "
     "[\"edible\", \"poisonous\"]"},
    {"[data]\nlabel = true\n", 7,
     "data.label is true, but must be the name of a column in quotes, or a number from 1 on"},
    {"[data]\nfeatures = 0\n", 7,
     "data.features is 0, but must be a whole number from 1 to 1000000000"},
    {"[data]\npartition = 'dirichlet(0)'\n", 7,
     "data.partition is \"dirichlet(0)\", but must be all, iid, by-label, dirichlet(A) with A > 0, "
     "or file-order"},
    {"[data]\nsampling = 'cycle'\n", 7,
     "data.sampling is \"cycle\", but must be replacement, shuffle or cyclic; did you mean "
     "cyclic?"},
    {"[data]\ntrain = 3\n", 7,
     "data.train is 3, but must be the path of a file, or { images = \"...\", labels = \"...\" }"},
    {"[data]\ntrain = ''\n", 7,
     "data.train is \"\", but must be the path of a file, or { images = \"...\", labels = \"...\" "
     "}"},
    {"[data]\ntrain = \"a\\u0000b\"\n", 7,
     "data.train is \"a\\u0000b\", but must be the path of a file, or { images = \"...\", labels = "
     "\"...\" }"},
    {"[data]\ntrain = { images = 'x' }\n", 7,
     "data.train.labels is missing; add labels = \"...\" to [data.train]"},
    {"[data]\ntest = { images = 3, labels = 'x' }\n", 7,
     "data.test.images is 3, but must be the path of a file"},
    {"[data]\ntest = { image = 'x', labels = 'x' }\n", 7,
     "data.test.image is not a key of the run file; did you mean images?"},
    {"[train]\nbatch = 0\n", 7, "train.batch is 0, but must be a whole number from 1 to 10000000"},
    {"[train]\nlr = 0.1\n", 7,
     "train.lr is 0.1, but must be a table, such as { kind = \"constant\", value = 0.1 }"},
    {"[train]\nlr = { kind = 'cosine' }\n", 7,
     "train.lr.kind is \"cosine\", but must be constant, inverse, paper, inverse-sqrt, "
     "capped-inverse or linear"},
    {"[train]\nlr = { kind = 'constant', value = 0 }\n", 7,
     "train.lr.value is 0, but must be a finite number > 0"},
    {"[train]\nlr = { kind = 'constant', value = inf }\n", 7,
     "train.lr.value is inf, but must be a finite number > 0"},
    {"[train]\nlr = { kind = 'constant', tau = 3 }\n", 7,
     "train.lr.tau does not go with train.lr.kind constant, which takes value; it belongs to "
     "inverse and inverse-sqrt"},
    {"[train]\nlr = { lr0 = 3, tau = 3 }\n", 7,
     "train.lr.lr0 does not go with train.lr.kind constant, which takes value; it belongs to "
     "inverse and inverse-sqrt"},
    {"[train]\nlr = { kind = 'inverse', lr0 = 3 }\n", 7,
     "train.lr.tau is missing; add tau = ... to [train.lr]"},
    {"[train]\nlr = { kind = 'linear', from = 3, to = -1 }\n", 7,
     "train.lr.to is -1, but must be a finite number >= 0"},
    {"[train]\nlr = { kind = 'paper' }\n", 7,
     "train.lr.kind paper takes its mu from model.l2, which is 0; give train.lr.mu or model.l2 a "
     "value > 0"},
    {"[train]\ncorrect_drift = 'yes'\n", 7,
     "train.correct_drift is \"yes\", but must be true or false"},
    {"[train]\ncorrect_drift = true\ndrift_rate = 1.5\n", 8,
     "train.drift_rate is 1.5, but must be a number from 1e-6 to 1, which is all of the new "
     "estimate"},
    {"[train]\ncorrect_drift = true\ndrift_rate = 0\n", 8,
     "train.drift_rate is 0, but must be a number from 1e-6 to 1, which is all of the new "
     "estimate"},
    {"[train]\ndrift_rate = 0.5\n", 7,
     "train.drift_rate is of drift correction, which is off; give train.correct_drift = true"},
    {"[schedule]\nkind = 'fixed'\n", 6, "schedule.h is missing; add h = 16 to [schedule]"},
    {"[schedule]\nkind = 'fixed'\nh = 4\nalpha = 2\n", 9,
     "schedule.alpha does not go with schedule.kind fixed, which takes h; it belongs to "
     "doubling, guarded and qsr"},
    {"[schedule]\nkind = 'one-shot'\nh = 4\n", 8,
     "schedule.h does not go with schedule.kind one-shot, which takes no keys; it belongs to "
     "fixed, balanced and qsr"},
    {"[schedule]\nh = 4\n", 7,
     "schedule.h does not go with schedule.kind doubling, which takes alpha, t0, h_max and "
     "horizon; it belongs to fixed, balanced and qsr"},
    {"[schedule]\nkind = 'cautious'\n", 7,
     "schedule.kind is \"cautious\", but must be fixed, one-shot, doubling, theory, guarded, "
     "balanced or qsr"},
    {"[schedule]\nkind = 'balanced'\nbudget = 1\n", 8,
     "schedule.budget is 1, but must be below 1: it is a part of the time, such as 0.2"},
    {"[schedule]\nkind = 'balanced'\nbudget = 0\n", 8,
     "schedule.budget is 0, but must be a finite number > 0"},
    {"[schedule]\nkind = 'balanced'\nh = 9\nh_max = 4\n", 8,
     "schedule.h is 9, but schedule.h_max only 4: raise schedule.h_max"},
    {"[schedule]\nbudget = 0.5\n", 7,
     "schedule.budget does not go with schedule.kind doubling, which takes alpha, t0, h_max and "
     "horizon; it belongs to balanced"},
    {"[schedule]\nkind = 'theory'\nkappa = 0.5\n", 8,
     "schedule.kappa is 0.5, but must be at least 1: it is L/mu"},
    {"[schedule]\nkind = 'theory'\n", 7,
     "schedule.kind theory takes its kappa from model.l2, which is 0; give schedule.kappa, or "
     "model.l2 a value > 0 such as \"1/n\""},
    {"[schedule]\nkind = 'qsr'\nh = 9\nh_max = 4\n", 8,
     "schedule.h is 9, but schedule.h_max only 4: raise schedule.h_max"},
    {"[schedule]\nalpha = 0\n", 7, "schedule.alpha is 0, but must be a finite number > 0"},
    {"[schedule]\nt0 = 0\n", 7,
     "schedule.t0 is 0, but must be a whole number from 1 to 1000000000000"},
    {"[outer]\nmomentum = 1\n", 7,
     "outer.momentum is 1, but must be below 1, or the model would run away; 0.5 is a good one"},
    {"[outer]\nrate = 0\n", 7, "outer.rate is 0, but must be a number from 1e-6 to 1e6"},
    {"[outer]\nrate = 1e308\n", 7, "outer.rate is 1e+308, but must be a number from 1e-6 to 1e6"},
    {"[round]\npace = 'tim'\n", 7,
     "round.pace is \"tim\", but must be steps or time; did you mean time?"},
    {"[round]\nweights = 'sample'\n", 7,
     "round.weights is \"sample\", but must be samples or equal; did you mean samples?"},
    {"[net]\ncompress = 'q16'\n", 7,
     "net.compress is \"q16\", but must be none, f16, q8 or q4; did you mean f16?"},
    {"[net]\npeer_timeout = 5\n", 7,
     "net.peer_timeout is 5, but must be a duration from 200ms to 1h, such as \"5s\""},
    {"[net]\npeer_timeout = '100ms'\n", 7,
     "net.peer_timeout is \"100ms\", but must be a duration from 200ms to 1h, such as \"5s\""},
    {"[net]\npeer_timeout = '5 s'\n", 7,
     "net.peer_timeout is \"5 s\", but must be a duration from 200ms to 1h, such as \"5s\""},
    {"[net]\nstreams = 9\n", 7,
     "net.streams is 9, but must be a whole number from 1 to 8, or \"auto\""},
    {"[net]\nstreams = 'many'\n", 7,
     "net.streams is \"many\", but must be a whole number from 1 to 8, or \"auto\""},
    {"[net]\ncongestion = 'tcp_bbr'\n", 7,
     "net.congestion is \"tcp_bbr\", but must be \"auto\", \"system\" or a name of at most 15 "
     "letters and digits, such as \"cubic\""},
    {"[net]\ncongestion = ''\n", 7,
     "net.congestion is \"\", but must be \"auto\", \"system\" or a name of at most 15 "
     "letters and digits, such as \"cubic\""},
    {"[net]\ncongestion = 'abcdefghijklmnop'\n", 7,
     "net.congestion is \"abcdefghijklmnop\", but must be \"auto\", \"system\" or a name of at "
     "most "
     "15 letters and digits, such as \"cubic\""},
    {"[net]\noverlap = 'yes'\n", 7, "net.overlap is \"yes\", but must be true or false"},
    {"[net]\noverlap = true\n[schedule]\nkind = 'balanced'\n", 7,
     "net.overlap does not go with schedule.kind balanced: it chooses H from the time of averages, "
     "which overlap hides; leave one of the two out"},
    {"[net]\noverlap = true\n[outer]\nmomentum = 0.5\n", 7,
     "net.overlap does not go with outer.momentum, which is 0.5: what momentum does with averages "
     "that come a round late is not known; leave one of the two out"},
    {"[output]\neval_every = -1\n", 7,
     "output.eval_every is -1, but must be a whole number from 0 to 1000000000000"},
    {"[output]\ncheckpoint_every = '2 minutes'\n", 7,
     "output.checkpoint_every is \"2 minutes\", but must be a duration from 1ms to 24h, such as "
     "\"2m\", or \"0\" for none"},
    {"[output]\ncheckpoint_every = 120\n", 7,
     "output.checkpoint_every is 120, but must be a duration from 1ms to 24h, such as \"2m\", or "
     "\"0\" for none"},
    {"[run]\nsteps = 3\n", 6,
     "is not TOML: Error while parsing table header: cannot redefine existing table 'run'; a line "
     "is key = value, or [section]"},
    {"[train]\nbatch = \n", 7,
     "is not TOML: Error while parsing key-value pair: expected value, saw '\\n'; a line is key = "
     "value, or [section]"},
    {"steps 3\n", 6,
     "is not TOML: Error while parsing key-value pair: expected '=', saw '3'; a line is key = "
     "value, or [section]"},
};

}  // namespace annulet::runtime
