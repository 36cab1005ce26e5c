/// One message of each kind, of ordinary and of the largest size.
#pragma once

#include <vector>

#include "transport/messages.hpp"

namespace annulet::tests {

[[nodiscard]] std::vector<transport::Message> ordinary_messages();
/// Every text, list and number at its bound.
[[nodiscard]] std::vector<transport::Message> largest_messages();

}  // namespace annulet::tests
