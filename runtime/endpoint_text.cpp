/// Addresses as people write them.
#include "runtime/endpoint_text.hpp"

#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

namespace annulet::runtime {

std::optional<transport::Endpoint> parse_endpoint(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  std::string host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.find(':') != std::string::npos) return std::nullopt;
  constexpr std::size_t kLongestName = 253;  // RFC 1035, section 2.3.4
  if (host.size() > kLongestName) return std::nullopt;
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return transport::Endpoint(std::move(host), port);
}

}  // namespace annulet::runtime
