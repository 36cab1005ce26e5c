/// second_opinion: one cell of the acceptance table, in float64 and with nothing of annulet's.
///
/// Sums, draws, shards and readers are written anew, as plainly as can be, so that a number on
/// which both agree is not a mistake of one of them. It reads LIBSVM text:
///
///   xz -dc w8a.xz | build/release/benchmarks/second_opinion --sorted --decaying 0.125
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

using Vector = std::vector<double>;

struct Row {
  std::vector<std::pair<std::size_t, double>> features;
  double label = 0;
};

struct Case {
  std::size_t workers = 8, batch = 4, h = 64;
  bool sorted = false;     // shards cut from the rows by label; else all rows on every worker
  bool corrected = false;  // control variates
  double constant = 0;     // eta; or
  double decaying = 0;     // eta_t = min(32, decaying n / (t + 1))
  double target = 0.005;
  double f_star = 0.126180686510513;  // of w8a
  int seeds = 5;
};

class Problem {
 public:
  explicit Problem(std::istream& in) {
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      Row row;
      words >> row.label;
      std::size_t index = 0;
      char colon = 0;
      for (double value = 0; words >> index >> colon >> value;) {
        row.features.emplace_back(index - 1, value);
        dimension_ = std::max(dimension_, index);
      }
      rows_.push_back(std::move(row));
    }
  }
  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  [[nodiscard]] std::size_t dimension() const { return dimension_; }
  [[nodiscard]] double l2() const { return 1 / static_cast<double>(rows_.size()); }

  [[nodiscard]] double margin(const Row& row, const Vector& x) const {
    double score = 0;
    for (const auto& [j, a] : row.features) score += a * x[j];
    return row.label * score;
  }
  [[nodiscard]] double value(const Vector& x) const {
    double sum = 0;
    for (const auto& row : rows_) {
      const double m = margin(row, x);
      sum += std::max(0.0, -m) + std::log1p(std::exp(-std::abs(m)));
    }
    return l2() * (sum + std::inner_product(x.begin(), x.end(), x.begin(), 0.0) / 2);
  }

 private:
  std::vector<Row> rows_;
  std::size_t dimension_ = 0;
};

/// One run: W workers one after another, models and three averages written out in full.
class Run {
 public:
  Run(const Problem& problem, const Case& what, int seed)
      : problem_(problem),
        what_(what),
        random_(static_cast<std::uint64_t>(seed) * 7919),
        order_(problem.rows().size()),
        x_(problem.dimension()),
        y_(what.workers, x_),
        v_(what.workers, x_) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::ranges::stable_sort(
        order_, {}, [&](std::size_t i) { return what.sorted ? problem.rows()[i].label : 0.0; });
    sums_.fill(x_);
  }

  void round() {
    double sum_eta = 0;
    for (std::size_t k = 0; k < what_.h; ++k, ++t_) {
      const double eta = step_size();
      sum_eta += eta;
      add_to_averages();
      for (std::size_t w = 0; w < what_.workers; ++w) step(w, eta);
    }
    const double share = 1 / static_cast<double>(what_.workers);
    for (std::size_t j = 0; j < x_.size(); ++j) {
      double mean = 0;
      for (const auto& y : y_) mean += share * y[j];
      for (std::size_t w = 0; w < what_.workers && what_.corrected; ++w) {
        v_[w][j] += (mean - y_[w][j]) / sum_eta;
      }
      for (auto& y : y_) y[j] = mean;
      x_[j] = mean;
    }
  }
  /// The least of the last iterate's and the averages'.
  [[nodiscard]] double value() const {
    double least = problem_.value(x_);
    for (std::size_t k = 0; k < sums_.size(); ++k) {
      Vector average = sums_[k];
      for (double& a : average) a /= weights_[k] * static_cast<double>(what_.workers);
      least = std::min(least, problem_.value(average));
    }
    return least;
  }
  [[nodiscard]] std::size_t t() const { return t_; }

 private:
  [[nodiscard]] double step_size() const {
    const auto n = static_cast<double>(problem_.rows().size());
    if (what_.constant > 0) return what_.constant;
    return std::min(32.0, what_.decaying * n / static_cast<double>(t_ + 1));
  }
  void add_to_averages() {
    const auto s = static_cast<double>(t_ + 1);
    const std::array<double, 3> lambda{1, s, s * s};
    for (std::size_t k = 0; k < sums_.size(); ++k) {
      weights_[k] += lambda[k];
      for (const auto& y : y_) {
        for (std::size_t j = 0; j < y.size(); ++j) sums_[k][j] += lambda[k] * y[j];
      }
    }
  }
  void step(std::size_t worker, double eta) {
    const std::size_t n = order_.size();
    const std::size_t begin = what_.sorted ? n * worker / what_.workers : 0;
    const std::size_t end = what_.sorted ? n * (worker + 1) / what_.workers : n;
    auto& y = y_[worker];
    Vector gradient(y.size());
    for (std::size_t j = 0; j < y.size(); ++j) gradient[j] = problem_.l2() * y[j] - v_[worker][j];
    for (std::size_t b = 0; b < what_.batch; ++b) {
      // A bias of 2^-48 is of no account here.
      const auto& row = problem_.rows()[order_[begin + random_() % (end - begin)]];
      const double slope = -row.label / (1 + std::exp(problem_.margin(row, y)));
      for (const auto& [j, a] : row.features) {
        gradient[j] += slope * a / static_cast<double>(what_.batch);
      }
    }
    for (std::size_t j = 0; j < y.size(); ++j) y[j] -= eta * gradient[j];
  }

  const Problem& problem_;
  const Case& what_;
  std::mt19937_64 random_;
  std::vector<std::size_t> order_;
  std::size_t t_ = 0;
  Vector x_;
  std::vector<Vector> y_, v_;
  std::array<Vector, 3> sums_;  // over t and workers of lambda_t x_t^w: uniform, linear, quadratic
  std::array<double, 3> weights_{};
};

/// T, looked at on a grid that grows by 10 %, 5 %, 2 %; 0: not within 100,000.
std::size_t steps_to_target(const Problem& problem, const Case& what, int seed) {
  constexpr double kMost = 100'000;
  Run run(problem, what, seed);
  for (double look = 1; look < kMost;) {
    while (static_cast<double>(run.t()) < look) run.round();
    const double gap = run.value() - what.f_star;
    if (gap <= what.target) return run.t();
    const double growth = gap > 4 * what.target ? 1.1 : gap > 1.5 * what.target ? 1.05 : 1.02;
    const auto now = static_cast<double>(run.t());
    look = std::max(now + 1, std::ceil(now * growth));
  }
  return 0;
}

std::optional<Case> parse(const std::vector<std::string>& words) {
  Case what;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto number = [&] {
      return i + 1 < words.size() ? std::strtod(words[++i].c_str(), nullptr) : 0;
    };
    if (word == "--sorted") {
      what.sorted = true;
    } else if (word == "--corrected") {
      what.corrected = true;
    } else if (word == "--constant") {
      what.constant = number();
    } else if (word == "--decaying") {
      what.decaying = number();
    } else if (word == "--devices") {
      what.workers = static_cast<std::size_t>(number());
    } else if (word == "--steps") {
      what.h = static_cast<std::size_t>(number());
    } else {
      return {};
    }
  }
  const bool one_step_size = (what.constant > 0) != (what.decaying > 0);
  if (!one_step_size || what.workers < 1 || what.h < 1) return {};
  return what;
}

}  // namespace

int main(int argc, char** argv) {
  const auto what = parse({argv + 1, argv + argc});
  if (!what) {
    std::cerr << "usage: second_opinion [--sorted] [--corrected] --constant ETA | --decaying C"
                 " [--devices W] [--steps H] < FILE\n";
    return 2;
  }
  const Problem problem(std::cin);
  double sum = 0;
  for (int seed = 1; seed <= what->seeds; ++seed) {
    const auto steps = steps_to_target(problem, *what, seed);
    std::cout << "seed " << seed << ": T " << steps << std::endl;
    sum += static_cast<double>(steps);
  }
  std::cout << "mean: T " << std::lround(sum / what->seeds) << '\n';
  return 0;
}
