/// Addresses as people write them.
#pragma once

#include <optional>
#include <string>

#include "transport/link.hpp"

namespace annulet::runtime {

/// "192.168.1.20:7077", "[::1]:7077", "laptop.local:7077"; nullopt for anything else.
[[nodiscard]] std::optional<transport::Endpoint> parse_endpoint(const std::string& text);

}  // namespace annulet::runtime
