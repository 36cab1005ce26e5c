/// The program for newer CPUs that a program may hold.
#pragma once

namespace annulet::runtime {

/// Where this program holds one for x86-64-v3 (cmake/FasterProgram.cmake) and this CPU is such a
/// one, that takes this one's place: same process, same arguments. ANNULET_CPU=x86-64 keeps this
/// one. Returns where there is nothing to become, or the kernel does not allow it. Throws
/// std::bad_alloc.
void go_on_faster(char** argv);

}  // namespace annulet::runtime
