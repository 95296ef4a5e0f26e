// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/trace.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "analysis/spectrum/krylov_space.h"
#include "analysis/spectrum/xtrace.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

std::int64_t productsAProbe(const TraceOptions& o) { return o.method == "xtrace" ? 2 : 1; }

}  // namespace

void validate(const TraceOptions& o) {
  if (o.method != "xtrace" && o.method != "hutchinson") throw std::invalid_argument(fmt::format("--trace '{}' is unknown; this version has: xtrace, hutchinson", o.method));
  if (!(o.target > 0) || !std::isfinite(o.target)) throw std::invalid_argument(fmt::format("--trace-error must be above 0, got {}", o.target));
  const std::int64_t least = kLeastProbes * productsAProbe(o);
  if (o.maxProducts < least)
    throw std::invalid_argument(fmt::format("--max-products {} is too few for --trace {}: a standard error needs {} probes, {} products", o.maxProducts, o.method, kLeastProbes, least));
}

namespace {

Trace exactTrace(LinearOperator& a, const trainer::Context& context) {
  double trace = 0, squares = 0;
  const std::int64_t n = a.size();
  for (std::int64_t i = 0; i < n; ++i) {
    context.checkpoint();
    at::Tensor e = at::zeros({n}, a.options());
    e[i] = 1;
    const at::Tensor column = a.apply(e);
    trace += column[i].item<double>();
    squares += dotInDouble(column, column);
  }
  return {.estimate = boundedEstimate(trace, 0, n), .frobenius = boundedEstimate(std::sqrt(squares), 0, n), .method = "exact", .products = n, .reached = true};
}

Trace hutchinson(LinearOperator& a, const TraceOptions& o, const trainer::Context& context) {
  Trace result{.estimate = {}, .frobenius = {}, .method = "hutchinson", .products = 0, .reached = false};
  std::vector<double> forms, squares;
  while (!result.reached && result.products < o.maxProducts) {
    for (const std::int64_t stop = nextProbes(result.products, o.maxProducts); result.products < stop; ++result.products) {
      context.checkpoint();
      context.report({.stage = "trace, hutchinson", .unit = "products", .done = result.products, .total = 0});
      const at::Tensor v = rademacherVector(a.size(), a.options(), trainer::deriveSeed(o.seed, fmt::format("hutchinson/{}", result.products)));
      const at::Tensor product = a.apply(v);
      forms.push_back(dotInDouble(v, product));
      squares.push_back(dotInDouble(product, product));
    }
    result.estimate = estimateOf(forms);
    result.reached = meets(result.estimate, o.target);
  }
  result.frobenius = squareRoot(estimateOf(squares));
  return result;
}

}  // namespace

at::Tensor rademacherVector(std::int64_t size, const at::TensorOptions& options, std::uint64_t seed) {
  at::Tensor v = at::empty({size}, at::kDouble);
  trainer::RandomStream stream(seed);
  auto* out = v.mutable_data_ptr<double>();
  for (std::int64_t i = 0; i < size; i += 64) {
    std::uint64_t word = stream.next();
    for (std::int64_t j = i; j < std::min(size, i + 64); ++j, word >>= 1) out[j] = (word & 1) != 0 ? 1 : -1;
  }
  return v.to(options.device(), options.dtype().toScalarType());
}

Trace estimateTrace(LinearOperator& a, const TraceOptions& options, const trainer::Context& context) {
  validate(options);
  if (a.size() <= kLeastProbes * productsAProbe(options)) return exactTrace(a, context);
  return options.method == "xtrace" ? xtrace(a, options, context) : hutchinson(a, options, context);
}

}  // namespace analysis
