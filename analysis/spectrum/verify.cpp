// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/verify.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/operators/dense.h"

namespace analysis {
namespace {

at::Tensor columns(LinearOperator& a, const trainer::Context& context) {
  at::Tensor matrix = at::empty({a.size(), a.size()}, a.options());
  for (std::int64_t i = 0; i < a.size(); ++i) {
    context.checkpoint();
    context.report({.stage = "dense matrix", .unit = "products", .done = i, .total = a.size()});
    at::Tensor e = at::zeros({a.size()}, a.options());
    e[i] = 1;
    matrix.select(1, i).copy_(a.apply(e));
  }
  return matrix.to(at::kCPU, at::kDouble);
}

}  // namespace

void requireDense(std::int64_t parameters) {
  if (parameters > kDenseLimit)
    throw std::invalid_argument(fmt::format("--verify makes the dense matrix, for at most {} parameters; there are {}. Verify a smaller model, or measure without it", kDenseLimit, parameters));
}

void verifySpectrum(LinearOperator& a, Spectrum& spectrum, const trainer::Context& context) {
  requireDense(a.size());
  const at::Tensor matrix = columns(a, context);
  const at::Tensor values = denseEigenvalues(matrix);
  const double* ascending = values.const_data_ptr<double>();
  const std::int64_t p = values.numel();
  Verification v;
  for (std::size_t i = 0; i < spectrum.top.size(); ++i) {
    v.top.push_back(ascending[p - 1 - static_cast<std::int64_t>(i)]);
    v.largestDeviation = std::max(v.largestDeviation, std::abs(v.top.back() - spectrum.top[i].value));
  }
  for (std::size_t i = 0; i < spectrum.bottom.size(); ++i) {
    v.bottom.push_back(ascending[i]);
    v.largestDeviation = std::max(v.largestDeviation, std::abs(v.bottom.back() - spectrum.bottom[i].value));
  }
  v.trace = matrix.trace().item<double>();
  v.frobenius = matrix.norm().item<double>();
  const double largest = matrix.abs().max().item<double>();
  v.asymmetry = largest > 0 ? (matrix - matrix.t()).abs().max().item<double>() / largest : 0;
  spectrum.verification = v;
}

}  // namespace analysis
