// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/sharpness/flatness.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <stdexcept>

#include "analysis/sharpness/ball.h"
#include "analysis/sharpness/mean_interval.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

constexpr std::int64_t kExactProducts = 256;

const trainer::ParameterSlice& lastMatrix(const trainer::ParameterLayout& layout) {
  for (const trainer::ParameterSlice& slice : layout.slices() | std::views::reverse)
    if (slice.kind == trainer::ParameterKind::weight && slice.shape.size() == 2) return slice;
  throw std::invalid_argument("relative flatness needs a last linear layer; this model has no parameter that is a matrix");
}

/// [P] with `block` [C,d] in the slice and zeros elsewhere.
at::Tensor placed(const at::Tensor& block, const trainer::ParameterSlice& slice, const at::Tensor& like) {
  at::Tensor v = at::zeros_like(like);
  v.narrow(0, slice.offset, slice.count()).copy_(block.reshape({-1}));
  return v;
}

double exact(LinearOperator& hessian, const trainer::ParameterSlice& slice, const at::Tensor& theta, const at::Tensor& gram, const Context& context) {
  const std::int64_t rows = slice.shape[0], columns = slice.shape[1];
  double sum = 0;
  for (std::int64_t s = 0; s < rows; ++s)
    for (std::int64_t j = 0; j < columns; ++j) {
      context.checkpoint();
      at::Tensor unit = at::zeros({rows, columns}, theta.options());
      unit[s][j] = 1;
      const at::Tensor column = hessian.apply(placed(unit, slice, theta)).narrow(0, slice.offset, slice.count()).view({rows, columns}).select(1, j);
      sum += dotOf(gram.select(0, s), column);
    }
  return sum;
}

at::Tensor signs(std::int64_t count, std::uint64_t seed, const at::Tensor& like) {
  std::vector<double> out(static_cast<std::size_t>(count));
  trainer::RandomStream stream(seed);
  for (double& v : out) v = stream.below(2) == 0 ? -1 : 1;
  return at::tensor(out, at::kDouble).to(like.options());
}

}  // namespace

RelativeFlatness relativeFlatness(Objective& objective, LinearOperator& hessian, std::int64_t probes, std::uint64_t seed, const Context& context) {
  const trainer::ParameterSlice& slice = lastMatrix(objective.layout());
  const at::Tensor& theta = objective.theta0();
  const std::int64_t rows = slice.shape[0], columns = slice.shape[1];
  const at::Tensor w = theta.narrow(0, slice.offset, slice.count()).view({rows, columns});
  RelativeFlatness r{.layer = slice.name};
  if (rows * columns <= std::max(kExactProducts, probes)) {
    r.value = exact(hessian, slice, theta, at::matmul(w, w.t()), context);
    r.products = rows * columns;
    return r;
  }
  std::vector<double> draws;
  for (std::int64_t i = 0; i < probes; ++i) {
    context.checkpoint();
    const at::Tensor v = flatnessProbe(objective.layout(), theta, trainer::deriveSeed(seed, fmt::format("flatness/{}", i)));
    draws.push_back(dotOf(v, hessian.apply(v)));
  }
  const MeanEstimate e = estimateMean(draws);
  r.value = e.mean, r.standardError = e.standardError, r.interval68 = e.interval68, r.interval95 = e.interval95, r.products = probes;
  return r;
}

at::Tensor flatnessProbe(const trainer::ParameterLayout& layout, const at::Tensor& theta, std::uint64_t seed) {
  const trainer::ParameterSlice& slice = lastMatrix(layout);
  const at::Tensor w = theta.narrow(0, slice.offset, slice.count()).view({slice.shape[0], slice.shape[1]});
  const at::Tensor xi = signs(slice.shape[1], trainer::deriveSeed(seed, "rows"), theta), eps = signs(slice.shape[1], trainer::deriveSeed(seed, "columns"), theta);
  return placed(at::outer(at::mv(w, xi), eps), slice, theta);
}

std::vector<PenaltyApproximation> penaltyApproximation(Objective& objective, const at::Tensor& gradient, const at::Tensor& product, const std::vector<double>& rho,
                                                       const Context& context) {
  std::vector<PenaltyApproximation> list;
  const double length = normOf(gradient), reference = normOf(product);
  if (!(length > 0)) return list;
  for (const double r : rho) {
    context.checkpoint();
    const at::Tensor difference = (objective.gradient(objective.theta0() + gradient * (r / length)) - gradient).to(at::kDouble) / r;
    const at::Tensor exactly = product.to(at::kDouble);
    const double size = normOf(difference);
    PenaltyApproximation a{.rho = r};
    a.relativeError = normOf(difference - exactly) / reference;
    a.cosine = size > 0 && reference > 0 ? dotOf(difference, exactly) / (size * reference) : 0;
    list.push_back(a);
  }
  return list;
}

}  // namespace analysis
