/// A file or folder that cannot be read or written.
#pragma once

#include <string>
#include <system_error>

#include "devices/error_code.hpp"

namespace annulet::runtime {

/// what() is "cannot write PATH: why". It is no failure of the network, though both come from the
/// system: the program ends with exit code 4.
class FileError : public std::system_error {
 public:
  FileError(ErrorCode error, const std::error_code& reason, const std::string& what)
      : std::system_error(reason, what), error_(error) {}
  FileError(const std::error_code& reason, const std::string& what)
      : FileError(ErrorCode::file, reason, what) {}
  [[nodiscard]] ErrorCode error() const noexcept { return error_; }

 private:
  ErrorCode error_;
};

}  // namespace annulet::runtime
