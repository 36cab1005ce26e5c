/// What is claimed of networks: Fashion-MNIST and 8x8 digits, sorted by label.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "benchmarks/acceptance/claims.hpp"

namespace annulet::benchmarks {

/// An MLP 784-64-10 on four devices, each with few of the classes: what drift correction keeps of
/// the test accuracy of H = 1. Each run with three seeds, the same for all; `show` hears of each
/// that is done. Where the folder lacks the data the claims say that they were not measured.
[[nodiscard]] std::vector<Claim> network_claims(
    const std::filesystem::path& fashion_mnist, std::size_t threads,
    const std::function<void(const std::string&)>& show);

/// Where Debian's package python3-sklearn puts its digits.
inline constexpr const char* kDigits =
    "/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz";

/// An MLP 64-32-10 of tanh on 8x8 digits: its test accuracy after 2,000 steps, five seeds. Else as
/// above; throws model::DataError where the file is another.
[[nodiscard]] std::vector<Claim> digits_claims(const std::filesystem::path& file,
                                               std::size_t threads,
                                               const std::function<void(const std::string&)>& show);

}  // namespace annulet::benchmarks
