/// Files that are there whole or not at all, also after the power goes.
#include "runtime/durable_file.hpp"

#include <array>
#include <system_error>

#include "runtime/descriptor.hpp"
#include "runtime/file_error.hpp"

namespace annulet::runtime {
namespace {

void write_and_sync(const std::filesystem::path& path,
                    std::span<const std::span<const std::byte>> pieces) {
  auto file = Descriptor::create(path);
  for (const auto& piece : pieces) file.write(piece);
  file.sync();
  file.close();
}

}  // namespace

void write_durably(const std::filesystem::path& path,
                   std::span<const std::span<const std::byte>> pieces) {
  auto temporary = path;
  temporary += ".tmp";
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  try {
    write_and_sync(temporary, pieces);
    std::filesystem::rename(temporary, path);
    Descriptor::folder(folder).sync();
  } catch (const std::system_error& error) {
    std::error_code ignored;  // the first error is the one to tell
    std::filesystem::remove(temporary, ignored);
    throw FileError(ErrorCode::cannot_write, error.code(), "cannot write " + path.string());
  }
}

void write_durably(const std::filesystem::path& path, std::string_view text) {
  const std::array<std::span<const std::byte>, 1> pieces = {std::as_bytes(std::span(text))};
  write_durably(path, pieces);
}

}  // namespace annulet::runtime
