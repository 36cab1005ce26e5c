/// Picks the solver that suits objective and data.
#include "model/solver.hpp"

#include <utility>

namespace annulet::model {

template <class Scalar>
std::unique_ptr<LocalSolver<Scalar>> make_solver(const ObjectiveOptions& options,
                                                 SolverInputs<Scalar> inputs, Sampler sampler) {
  if (takes_sparse_steps(inputs.objective, inputs.shard)) {
    return make_sparse_linear_solver<Scalar>(options, inputs, std::move(sampler));
  }
  return make_dense_solver<Scalar>(inputs, std::move(sampler));
}

template std::unique_ptr<LocalSolver<float>> make_solver(const ObjectiveOptions&,
                                                         SolverInputs<float>, Sampler);
template std::unique_ptr<LocalSolver<double>> make_solver(const ObjectiveOptions&,
                                                          SolverInputs<double>, Sampler);

}  // namespace annulet::model
