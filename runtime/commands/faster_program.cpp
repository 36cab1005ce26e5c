/// Unpacking the program for newer CPUs, and becoming it.
#include "runtime/commands/faster_program.hpp"

#ifdef ANNULET_FASTER_PROGRAM

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#define ZLIB_CONST  // it does not write to what it reads
#include <zlib.h>

#include "devices/program_image.hpp"

extern "C" const unsigned char annulet_faster_program_begin[], annulet_faster_program_end[];

namespace annulet::runtime {
namespace {

bool may_be_newer() {
  const char* wanted = std::getenv("ANNULET_CPU");
  if (wanted != nullptr && std::string_view(wanted) == "x86-64") return false;
  __builtin_cpu_init();
  return __builtin_cpu_supports("x86-64-v3") != 0;
}

/// All of a gzip member; empty where it is damaged.
std::vector<unsigned char> unpacked(std::span<const unsigned char> packed) {
  std::uint32_t size = 0;  // a gzip member ends with what it becomes, little-endian
  std::memcpy(&size, packed.last(sizeof(size)).data(), sizeof(size));
  std::vector<unsigned char> bytes(size);
  constexpr int kGzip = 16 + MAX_WBITS;
  z_stream stream{};
  if (inflateInit2(&stream, kGzip) != Z_OK) return {};
  stream.next_in = packed.data();
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = bytes.data();
  stream.avail_out = static_cast<uInt>(bytes.size());
  const int end = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  if (end != Z_STREAM_END) return {};
  return bytes;
}

}  // namespace

void go_on_faster(char** argv) {
  if (!may_be_newer()) return;
  const auto program = unpacked({annulet_faster_program_begin, annulet_faster_program_end});
  if (!program.empty()) devices::become(std::as_bytes(std::span(program)), argv);
}

}  // namespace annulet::runtime

#else

void annulet::runtime::go_on_faster(char** /*argv*/) {}

#endif
