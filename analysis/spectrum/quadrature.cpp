// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/quadrature.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/spectrum/krylov_space.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

constexpr int kMoments = 4;

void check(const LinearOperator& a, const QuadratureOptions& o) {
  if (o.probes < 1 || o.steps < 1) throw std::invalid_argument(fmt::format("--density needs at least 1 probe and 1 step, got {}x{}", o.probes, o.steps));
  const std::int64_t bytes = std::min(o.steps + 1, a.size()) * a.size() * static_cast<std::int64_t>(a.options().dtype().itemsize());
  if (o.memoryBytes > 0 && bytes > o.memoryBytes)
    throw std::invalid_argument(fmt::format("--density {}x{}: the basis of {} steps takes {} MB, more than the {} MB there are for it; use fewer steps or more --memory", o.probes,
                                            o.steps, o.steps, bytes >> 20, o.memoryBytes >> 20));
}

ProbeQuadrature probe(LinearOperator& a, const QuadratureOptions& o, std::uint64_t seed, const std::function<void()>& beforeProduct) {
  KrylovSpace space(a, {}, trainer::deriveSeed(seed, "go on"), randomUnitVector(a.size(), a.options(), seed));
  while (space.size() < o.steps && !space.exhausted() && (space.size() == 0 || !space.invariant())) {
    beforeProduct();
    space.extend();
  }
  space.diagonalise();
  ProbeQuadrature q;
  for (std::int64_t i = 0; i < space.size(); ++i) {
    const double s = space.firstComponent(i);
    q.nodes.push_back(space.values()[i]);
    q.weights.push_back(s * s);
  }
  if (o.radau && !space.exhausted() && !space.invariant()) space.radauAtZero(q.radauNodes, q.radauWeights);
  return q;
}

double integral(const std::vector<double>& nodes, const std::vector<double>& weights, const std::function<double(double)>& f) {
  double sum = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) sum += weights[i] * f(nodes[i]);
  return sum;
}

}  // namespace

std::vector<ProbeQuadrature> lanczosQuadrature(LinearOperator& a, const QuadratureOptions& options, const trainer::Context& context, std::int64_t* products) {
  check(a, options);
  std::vector<ProbeQuadrature> all;
  std::int64_t done = 0;
  for (std::int64_t p = 0; p < options.probes; ++p)
    all.push_back(probe(a, options, trainer::deriveSeed(options.seed, fmt::format("quadrature/{}", p)), [&] {
      context.checkpoint();
      context.report({.stage = fmt::format("density, probe {} of {}", p + 1, options.probes), .unit = "products", .done = done, .total = options.probes * options.steps});
      ++done;
    }));
  if (products != nullptr) *products = done;
  return all;
}

Density densityOf(const std::vector<ProbeQuadrature>& quadratures, const QuadratureOptions& options, std::int64_t products) {
  Density d{.probes = options.probes, .steps = options.steps, .products = products, .nodes = {}, .weights = {}, .moments = {}};
  for (const ProbeQuadrature& q : quadratures) {
    d.nodes.insert(d.nodes.end(), q.nodes.begin(), q.nodes.end());
    for (const double w : q.weights) d.weights.push_back(w / static_cast<double>(options.probes));
  }
  for (int k = 1; k <= kMoments; ++k) d.moments.push_back(traceOfFunction(quadratures, 1, [k](double x) { return std::pow(x, k); }));
  return d;
}

Estimate traceOfFunction(const std::vector<ProbeQuadrature>& quadratures, std::int64_t parameters, const std::function<double(double)>& f) {
  std::vector<double> samples;
  for (const ProbeQuadrature& q : quadratures) samples.push_back(integral(q.nodes, q.weights, f));
  return scaled(estimateOf(samples), static_cast<double>(parameters));
}

EffectiveDimension effectiveDimension(const std::vector<ProbeQuadrature>& quadratures, std::int64_t parameters, double c) {
  if (!(c > 0) || !std::isfinite(c)) throw std::invalid_argument(fmt::format("--effective-dimension must be above 0, got {}", c));
  const auto f = [c](double x) { return std::max(x, 0.0) / (std::max(x, 0.0) + c); };
  EffectiveDimension e{.c = c, .operatorName = {}, .estimate = traceOfFunction(quadratures, parameters, f), .quadratureBound = 0, .products = 0};
  double excess = 0;
  for (const ProbeQuadrature& q : quadratures)
    if (!q.radauNodes.empty()) excess += std::max(0.0, integral(q.nodes, q.weights, f) - integral(q.radauNodes, q.radauWeights, f));
  e.quadratureBound = excess * static_cast<double>(parameters) / static_cast<double>(quadratures.size());
  return e;
}

}  // namespace analysis
