/// Unpacking the program for newer CPUs, and becoming it.
#include "runtime/commands/faster_program.hpp"

#ifdef ANNULET_FASTER_PROGRAM

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>

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

/// Inflates all of a gzip member into `out`, which has its size; whether it did.
bool unpack(std::span<const unsigned char> packed, std::span<char> out) {
  constexpr int kGzip = 16 + MAX_WBITS;
  z_stream stream{};
  if (inflateInit2(&stream, kGzip) != Z_OK) return false;
  stream.next_in = packed.data();
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<unsigned char*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int end = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  return end == Z_STREAM_END;
}

}  // namespace

void go_on_faster(char** argv) noexcept {
  if (!may_be_newer()) return;
  const std::span packed(annulet_faster_program_begin, annulet_faster_program_end);
  std::uint32_t size = 0;  // a gzip member ends with what it becomes, little-endian
  std::memcpy(&size, packed.last(sizeof(size)).data(), sizeof(size));
  const std::unique_ptr<char[]> program(new (std::nothrow) char[size]);
  if (program && unpack(packed, {program.get(), size}))
    devices::become({program.get(), size}, argv);
}

}  // namespace annulet::runtime

#else

void annulet::runtime::go_on_faster(char** /*argv*/) noexcept {}

#endif
