/// Words for transport errors.
#include "transport/errors.hpp"

namespace annulet::transport {
namespace {

class Category final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "annulet.transport"; }
  [[nodiscard]] std::string message(int code) const override {
    switch (static_cast<errc>(code)) {
      case errc::closed:
        return "connection closed";
      case errc::bad_frame:
        return "not an annulet frame, or damaged";
      case errc::version_mismatch:
        return "another protocol version";
      case errc::too_large:
        return "a message longer than its type allows";
      case errc::bad_checksum:
        return "data damaged on the way (checksum differs)";
      case errc::out_of_step:
        return "another round than ours";
      case errc::model_mismatch:
        return "the neighbour's model, or how many steps it has taken, differs from ours";
      case errc::unexpected_message:
        return "a message out of order";
      case errc::silent:
        return "no sign of life";
      case errc::codec_mismatch:
        return "the neighbour compresses its rounds in another way (net.compress)";
    }
    return "unknown transport error";
  }
};

}  // namespace

ErrorCode told(std::uint32_t number, ErrorCode otherwise) noexcept {
  constexpr int kRunFile = 3, kTooFew = 6;  // docs/exit-codes.md
  const auto error = devices::find_error(number);
  const int code = error ? devices::exit_code(*error) : 0;
  return code >= kRunFile && code <= kTooFew ? *error : otherwise;
}

const std::error_category& transport_category() noexcept {
  static const Category category;
  return category;
}

}  // namespace annulet::transport
