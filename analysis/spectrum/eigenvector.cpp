// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/eigenvector.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/spectrum/lanczos.h"
#include "trainer/base/error.h"

namespace analysis {

double defaultResidual(at::ScalarType precision) { return precision == at::kDouble ? 1e-8 : 1e-3; }

std::int64_t defaultMaxProducts(std::int64_t parameters) { return std::max<std::int64_t>(200, std::min<std::int64_t>(parameters, 2000)); }

HessianDirection hessianEigenvector(Objective& objective, std::int64_t index, std::int64_t memoryBytes, std::uint64_t seed, const Context& context) {
  const std::int64_t parameters = objective.layout().size();
  if (index < 1 || index > parameters)
    throw std::invalid_argument(fmt::format("eigen:{} is not between 1 and the {} parameters there are", index, parameters));
  const auto hessian = objective.hessian(objective.theta0(), memoryBytes, context);
  const auto pairs = extremeEigenpairs(*hessian,
                                       {.top = index, .bottom = 0, .tolerance = defaultResidual(objective.theta0().scalar_type()),
                                        .maxProducts = defaultMaxProducts(parameters), .seed = seed},
                                       context);
  if (pairs.stopped) throw trainer::Cancelled();
  const Eigenvalue& last = pairs.top.back();
  if (static_cast<std::int64_t>(pairs.top.size()) < index || !last.converged)
    throw trainer::NumericalError(fmt::format("eigen:{} did not converge in {} products (residual {:.2g}); a smaller index or double precision may", index,
                                              pairs.products, last.residual));
  return {last.value, pairs.topVectors.back()};
}

}  // namespace analysis
