/// A file or folder that cannot be read or written.
#pragma once

#include <system_error>

namespace annulet::runtime {

/// what() is "cannot write PATH: why". It is no failure of the network, though both come from the
/// system: the program ends with exit code 4.
class FileError : public std::system_error {
 public:
  using std::system_error::system_error;
};

}  // namespace annulet::runtime
