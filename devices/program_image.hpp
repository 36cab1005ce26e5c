/// Programs that are held in memory.
#pragma once

#include <cstddef>
#include <span>

namespace annulet::devices {

/// Puts that program, an ELF file's bytes, in this process's place: same process, same arguments
/// (`argv` ends with a null pointer), same environment. Returns where the kernel does not allow it,
/// as with files of memory that may not be executed (vm.memfd_noexec).
void become(std::span<const std::byte> program, char** argv) noexcept;

/// What `ps` and `top` call this process, at most 15 characters: the kernel takes a file's name,
/// and one that became a program in memory is called by a number.
void name_process(const char* name) noexcept;

}  // namespace annulet::devices
