/// acceptance: measures what annulet claims to reach, and writes the table of it.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "benchmarks/acceptance/cells.hpp"
#include "benchmarks/acceptance/claims.hpp"
#include "benchmarks/acceptance/networks.hpp"
#include "model/read_dataset.hpp"
#include "runtime/data_source.hpp"
#include "runtime/text.hpp"

namespace annulet::benchmarks {
namespace {

constexpr int kSkipped = 77;

struct Options {
  std::filesystem::path data;  // empty: networks only
  std::filesystem::path fashion_mnist = runtime::kFashionMnist;
  std::filesystem::path out;
  bool brief = false;
  std::string only;  // cells whose name has this in it; empty: all
};

void write_claims(std::ostream& out, const std::vector<Claim>& claims) {
  out << "| about | what | target | measured | |\n| --- | --- | --- | --- | --- |\n";
  for (const auto& claim : claims) {
    out << "| " << claim.about << " | " << claim.what << " | " << claim.target << " | "
        << claim.measured << " | "
        << (!claim.instead.empty() ? claim.instead
            : claim.holds          ? "holds"
                                   : "**misses**")
        << " |\n";
  }
}

/// T beside the reference's.
void write_table(std::ostream& out, const runtime::Measurements& found) {
  out << "| W | H | reference T (step) | T (step) | ratio |\n| --- | --- | --- | --- | --- |\n";
  for (const auto& entry : reference_table()) {
    if (!found.contains(entry.cell)) continue;
    const auto& tuned = found.at(entry.cell);
    const double ratio = tuned ? tuned->steps().mean / entry.reference : 0;
    const auto percent = std::lround(100 * (ratio - 1));
    out << "| " << entry.devices << " | " << entry.h << " | "
        << runtime::count_text(std::llround(entry.reference)) << " ± "
        << runtime::count_text(std::llround(entry.deviation)) << " (" << entry.reference_step
        << ") | " << steps_text(tuned) << " | " << (percent < 0 ? "-" : "+") << std::abs(percent)
        << " %" << (std::abs(percent) <= 20 ? "" : " **off**") << " |\n";
  }
}

/// What the page begins with.
constexpr const char* kHead = R"(# What annulet claims, measured

`script/acceptance --data DIR` writes this page (`w8a.xz` in DIR). The network (T = 800, B = 32, step
size 0.1 falling linearly, three seeds) is simulated on Fashion-MNIST, and its figures are test
accuracies of the last model. All else: logistic regression on w8a, l2 =
1/n, mini-batches of 4, eps = 0.005 unless a line says otherwise, in virtual time on a ring in memory
that gives the same bits as a real one (`tests/cluster/memory_ring_test.cpp`). T: local steps per
device until the last iterate or the uniform, linear or quadratic average is within eps of the least
value. Step sizes are the best of d: min(32, c n/(t+1)), c = 2^-6 ... 2^2, and c: the constant 32 c,
c = 2^-9 ... 2^0, by the mean over seeds (three; ten for iid shards at eps = 0.005,
five in the second table); the same seeds on both
sides of a ratio. "±": deviation over the seeds, of a ratio over the pairs.

)";

runtime::Measurements measure_cells(const Options& options, std::size_t threads) {
  const auto problem = runtime::make_paper_problem(
      std::make_shared<const model::Dataset>(model::read_dataset({.file = options.data})));
  const auto show = [](std::size_t done, std::size_t all, const std::string& name) {
    std::cerr << done << '/' << all << "  " << name << '\n';
  };
  auto cells = acceptance_cells(options.brief);
  std::erase_if(cells, [&](const runtime::Cell& cell) {
    return cell.name.find(options.only) == std::string::npos;
  });
  return measure(problem, cells, threads, show);
}

int run(const Options& options) {
  if (!options.data.empty() && !std::filesystem::exists(options.data)) {
    std::cout << "skipped: " << options.data.string() << " is not there\n";
    return kSkipped;
  }
  const auto threads = std::max(1U, std::thread::hardware_concurrency());
  const auto found =
      options.data.empty() ? runtime::Measurements{} : measure_cells(options, threads);
  auto table = claims(found);
  if (!options.brief && options.only.empty()) {
    const auto show = [](const std::string& name) { std::cerr << name << '\n'; };
    std::ranges::move(network_claims(options.fashion_mnist, threads, show),
                      std::back_inserter(table));
  }
  const auto write = [&](std::ostream& out) {
    write_claims(out, table);
    if (found.empty()) return;
    out << "\n";
    write_table(out, found);
  };
  write(std::cout);
  if (!options.out.empty()) {
    std::ofstream file(options.out);
    file << kHead;
    write(file);
  }
  const auto misses = [](const Claim& claim) { return !claim.holds && claim.instead.empty(); };
  return std::ranges::none_of(table, misses) ? 0 : 1;
}

}  // namespace
}  // namespace annulet::benchmarks

int main(int argc, char** argv) {
  annulet::benchmarks::Options options;
  const std::vector<std::string> words(argv + 1, argv + argc);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--brief") {
      options.brief = true;
    } else if (words[i] == "--out" && i + 1 < words.size()) {
      options.out = words[++i];
    } else if (words[i] == "--fashion-mnist" && i + 1 < words.size()) {
      options.fashion_mnist = words[++i];
    } else if (words[i] == "--only" && i + 1 < words.size()) {
      options.only = words[++i];
    } else if (!words[i].starts_with("-")) {
      options.data = words[i];
    } else {
      std::cerr
          << "usage: acceptance [FILE] [--brief] [--only PART] [--fashion-mnist DIR] [--out FILE]\n"
             "FILE is w8a; without it, only the network is measured. --only: of all that is "
             "measured on w8a, what has PART in its name\n";
      return 2;
    }
  }
  return annulet::benchmarks::run(options);
}
