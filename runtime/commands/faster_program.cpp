/// Unpacking the program for newer CPUs, and becoming it.
#include "runtime/commands/faster_program.hpp"

#ifdef ANNULET_FASTER_PROGRAM

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
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
  if (wanted != nullptr && *wanted != '\0' && std::string_view(wanted) != "x86-64-v3") {
    std::cerr << "annulet: ANNULET_CPU is neither x86-64 nor x86-64-v3, and is not looked at\n";
  }
  __builtin_cpu_init();
  return __builtin_cpu_supports("x86-64-v3") != 0;
}

struct Unpacked {
  std::unique_ptr<unsigned char, decltype(&std::free)> bytes{
      nullptr, &std::free};  // none: damaged, or there is no memory for it
  std::size_t size = 0;
};

/// All of a gzip member.
Unpacked unpacked(std::span<const unsigned char> packed) {
  std::uint32_t size = 0;  // a gzip member ends with what it becomes, little-endian
  std::memcpy(&size, packed.last(sizeof(size)).data(), sizeof(size));
  Unpacked whole;
  whole.bytes.reset(static_cast<unsigned char*>(std::malloc(size)));
  whole.size = size;
  if (!whole.bytes) return {};
  constexpr int kGzip = 16 + MAX_WBITS;
  z_stream stream{};
  if (inflateInit2(&stream, kGzip) != Z_OK) return {};
  stream.next_in = packed.data();
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = whole.bytes.get();
  stream.avail_out = size;
  const int end = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  if (end != Z_STREAM_END) return {};
  return whole;
}

}  // namespace

void go_on_faster(char** argv) {
  if (!may_be_newer()) return;
  const auto program = unpacked({annulet_faster_program_begin, annulet_faster_program_end});
  if (program.bytes) {
    devices::become(std::as_bytes(std::span(program.bytes.get(), program.size)), argv);
  }
}

}  // namespace annulet::runtime

#else

void annulet::runtime::go_on_faster(char** /*argv*/) {}

#endif
