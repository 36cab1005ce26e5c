/// acceptance: measures what annulet claims to reach, and writes the table of it.
#include <algorithm>
#include <cmath>
#include <exception>
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
  std::filesystem::path digits = kDigits;
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

/// How many per cent T is off the reference's; 100: it was never reached.
long off(const runtime::Measurements& found, const TableEntry& entry) {
  const auto& tuned = found.at(entry.cell);
  if (!tuned) return 100;
  return std::lround(100 * (tuned->steps().mean / entry.reference - 1));
}
constexpr long kMostOff = 20;

/// T beside the reference's.
void write_table(std::ostream& out, const runtime::Measurements& found) {
  out << "| W | H | reference T (step) | T (step) | ratio |\n| --- | --- | --- | --- | --- |\n";
  for (const auto& entry : reference_table()) {
    if (!found.contains(entry.cell)) continue;
    const auto& tuned = found.at(entry.cell);
    const auto percent = off(found, entry);
    out << "| " << entry.devices << " | " << entry.h << " | "
        << runtime::count_text(std::llround(entry.reference)) << " ± "
        << runtime::count_text(std::llround(entry.deviation)) << " (" << entry.reference_step
        << ") | " << steps_text(tuned) << " | " << (percent < 0 ? "-" : "+") << std::abs(percent)
        << " %" << (std::abs(percent) <= kMostOff ? "" : " **off**") << " |\n";
  }
}

/// What the page begins with.
constexpr const char* kHead = R"(# What annulet claims, measured

`script/acceptance --data DIR` writes this page (`w8a.xz` in DIR). The networks are simulated on four
devices, and their figures are test accuracies of the last model: MLP 784-64-10 on Fashion-MNIST (T =
800, B = 32, step size 0.1 falling linearly, three seeds), and MLP 64-32-10 on scikit-learn's 8x8 digits
(T = 2,000, B = 8, step size 0.2 falling linearly to 0.01, l2 = 1e-4, five seeds). All else: logistic
regression on w8a, l2 = 1/n, mini-batches of 4, eps = 0.005 unless a line says otherwise, in virtual time on a ring in memory
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
  const auto show = [](const runtime::CellProgress& now) {
    if (!now.begins) std::cerr << now.done << '/' << now.all << "  " << now.name << '\n';
  };
  auto cells = acceptance_cells(options.brief);
  std::erase_if(cells, [&](const runtime::Cell& cell) {
    return cell.name.find(options.only) == std::string::npos;
  });
  if (cells.empty())
    std::cerr << "nothing that is measured has " << options.only << " in its name\n";
  return measure(problem, cells, threads, show);
}

/// Whether all that was to be measured has been, and is as claimed.
bool is_as_claimed(const Options& options, const runtime::Measurements& found,
                   const std::vector<Claim>& table) {
  // A claim whose cells were renamed would be left out without a word.
  constexpr std::size_t kBrief = 19, kAll = 60;
  const std::size_t expected = options.brief ? kBrief : kAll;
  if (options.only.empty() && !options.data.empty() && table.size() != expected) {
    std::cerr << "acceptance: " << table.size() << " claims in place of " << expected << '\n';
    return false;
  }
  const auto misses = [&](const Claim& claim) {
    if (claim.instead == kNotMeasured) return !options.out.empty();  // the page would lack them
    return !claim.holds && claim.instead.empty();
  };
  const auto is_off = [&](const TableEntry& entry) {
    return found.contains(entry.cell) && std::abs(off(found, entry)) > kMostOff;
  };
  return std::ranges::none_of(table, misses) && std::ranges::none_of(reference_table(), is_off);
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
    std::ranges::move(digits_claims(options.digits, threads, show), std::back_inserter(table));
  }
  if (table.empty() && found.empty()) return 2;
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
    if (!file.flush()) {
      std::cerr << "acceptance: cannot write " << options.out.string() << '\n';
      return 1;
    }
  }
  return is_as_claimed(options, found, table) ? 0 : 1;
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
    } else if (words[i] == "--digits" && i + 1 < words.size()) {
      options.digits = words[++i];
    } else if (words[i] == "--only" && i + 1 < words.size()) {
      options.only = words[++i];
    } else if (!words[i].starts_with("-")) {
      options.data = words[i];
    } else {
      std::cerr
          << "usage: acceptance [FILE] [--brief] [--only PART] [--fashion-mnist DIR] "
             "[--digits FILE] [--out FILE]\n"
             "FILE is w8a; without it, only the networks are measured. --only: of all that is "
             "measured on w8a, what has PART in its name\n";
      return 2;
    }
  }
  try {
    return annulet::benchmarks::run(options);
  } catch (const std::exception& error) {
    std::cerr << "acceptance: " << error.what() << '\n';
    return 1;
  }
}
