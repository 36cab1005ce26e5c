/// OpenMPI's MPI_Allreduce, timed: mpirun -np WORLD openmpi_bench NAME
///
/// NAME is what the rows call the algorithm; which one it is, mpirun is told. What is measured and
/// what is printed: benchmarks/harness/harness.hpp. Exit codes: 0; 1 what went wrong is said; 3 a
/// wrong sum.
#include <cstddef>
#include <mpi.h>
#include <span>
#include <stdexcept>

#include "benchmarks/harness/harness.hpp"

namespace annulet::benchmarks {
namespace {

/// What an MPI query of that form says.
std::size_t asked(int (*query)(MPI_Comm, int*)) {
  int answer = 0;
  query(MPI_COMM_WORLD, &answer);
  return static_cast<std::size_t>(answer);
}

void bench(std::span<char*> words) {
  if (words.size() != 2) throw std::invalid_argument("usage: mpirun -np WORLD openmpi_bench NAME");
  const auto settings = settings_of_environment();
  MPI_Init(nullptr, nullptr);
  const Subject subject{.program = "openmpi",
                        .algorithm = words[1],
                        .rank = asked(MPI_Comm_rank),
                        .world = asked(MPI_Comm_size)};
  measure(subject, settings, [](std::span<float> values) {
    MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_FLOAT, MPI_SUM,
                  MPI_COMM_WORLD);
  });
  MPI_Finalize();  // not after an error: that ends the process, and so mpirun ends the others
}

}  // namespace
}  // namespace annulet::benchmarks

int main(int count, char** words) {
  return annulet::benchmarks::exit_code_of("openmpi_bench", [&] {
    annulet::benchmarks::bench({words, static_cast<std::size_t>(count)});
  });
}
