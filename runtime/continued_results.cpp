/// The files of a run that goes on.
#include "runtime/continued_results.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "runtime/durable_file.hpp"
#include "runtime/file_error.hpp"
#include "runtime/rounds_csv.hpp"

namespace annulet::runtime {
namespace {

/// Of a row of rounds.csv: its first field; 0 where that is no number.
std::int64_t row_round(std::string_view row) {
  std::int64_t round = 0;
  const auto [end, error] = std::from_chars(row.data(), row.data() + row.size(), round);
  return error == std::errc{} && end != row.data() + row.size() && *end == ',' ? round : 0;
}

/// A file that cannot be read holds rows all the same: it stays as it is.
[[noreturn]] void refuse(const std::filesystem::path& file) {
  throw FileError(ErrorCode::file,
                  std::error_code(errno != 0 ? errno : EIO, std::generic_category()),
                  "cannot read " + file.string());
}

}  // namespace

void cut_rounds(const std::filesystem::path& rounds_csv, std::int64_t round) {
  errno = 0;
  std::ifstream stream(rounds_csv, std::ios::binary);
  if (!stream && errno != ENOENT) refuse(rounds_csv);
  std::string kept = rounds_csv_header();
  std::string line;
  std::getline(stream, line);  // the head
  while (std::getline(stream, line) && !stream.eof()) {
    const auto row = row_round(line);
    if (row >= 1 && row <= round) kept += line + '\n';
  }
  if (stream.bad()) refuse(rounds_csv);
  write_durably(rounds_csv, kept);
}

void cut_half_line(const std::filesystem::path& file) {
  constexpr std::uintmax_t kLongest = 1U << 20U;  // no line of ours is as long
  errno = 0;
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  if (!stream) return;
  const auto size = static_cast<std::uintmax_t>(std::max<std::streamoff>(stream.tellg(), 0));
  std::string end(static_cast<std::size_t>(std::min(size, kLongest)), '\0');
  stream.seekg(-static_cast<std::streamoff>(end.size()), std::ios::end);
  if (!stream.read(end.data(), static_cast<std::streamsize>(end.size()))) refuse(file);
  const auto feed = end.rfind('\n');
  if (feed == end.npos && size > kLongest) {
    throw FileError(ErrorCode::file, std::make_error_code(std::errc::invalid_argument),
                    "no lines of a log are in " + file.string());
  }
  const auto half = end.size() - (feed + 1);  // all of it where there is no line feed
  if (half == 0) return;
  std::error_code failed;
  std::filesystem::resize_file(file, size - half, failed);
  if (failed) throw FileError(ErrorCode::file, failed, "cannot shorten " + file.string());
}

}  // namespace annulet::runtime
