/// What is claimed of networks: Fashion-MNIST sorted by label.
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

}  // namespace annulet::benchmarks
