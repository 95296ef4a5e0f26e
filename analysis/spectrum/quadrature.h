// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "analysis/operators/linear_operator.h"
#include "analysis/spectrum/spectrum.h"
#include "trainer/base/context.h"

namespace analysis {

struct QuadratureOptions {
  std::int64_t probes = 20, steps = 40;
  std::uint64_t seed = 0;
  std::int64_t memoryBytes = 0;  ///< of one probe's basis; 0: no limit
  bool radau = false;            ///< also the Gauss-Radau nodes: for positive semi-definite operators
};

/// Gauss quadrature of one unit vector v: nodes Ritz values, weights squared first components of T's eigenvectors; sum w f(node) is v^T f(A) v, exactly for
/// polynomials up to degree 2 steps - 1.
struct ProbeQuadrature {
  std::vector<double> nodes, weights;         ///< weights sum to 1
  std::vector<double> radauNodes, radauWeights;  ///< with one node prescribed at 0; empty where the space ended before `steps`
};

/// The quadratures of `probes` vectors uniform on the unit sphere, `steps` Lanczos steps each with full re-orthogonalisation. A probe whose Krylov space ends
/// earlier is exact and has fewer nodes. Cost: probes x steps products, each with 8 steps P flops of vector work; memory steps P numbers.
/// @throws std::invalid_argument  probes or steps below 1, or a basis of `steps` vectors beyond memoryBytes; NumericalError; Cancelled
/// Source: Golub, Meurant, Matrices, Moments and Quadrature (2010), chapters 6 and 11; Lin, Saad, Yang, SIAM Review 58 (2016).
std::vector<ProbeQuadrature> lanczosQuadrature(LinearOperator& a, const QuadratureOptions& options, const trainer::Context& context, std::int64_t* products);

/// Nodes and weights of all probes, and moments of order 1 to 4 with the spread over probes as their standard error.
Density densityOf(const std::vector<ProbeQuadrature>& quadratures, const QuadratureOptions& options, std::int64_t products);

/// P times the mean over probes of sum w f(node).
Estimate traceOfFunction(const std::vector<ProbeQuadrature>& quadratures, std::int64_t parameters, const std::function<double(double)>& f);

/// sum lambda/(lambda + c) of a positive semi-definite operator (rounding's negative nodes count as 0). 1/(x + c) is completely monotone, so that Gauss gives
/// an upper bound for each probe and Gauss-Radau with a node at 0 a lower one: their mean difference is `quadratureBound`, the value is Gauss's.
/// @throws std::invalid_argument  c not above 0
EffectiveDimension effectiveDimension(const std::vector<ProbeQuadrature>& quadratures, std::int64_t parameters, double c);

}  // namespace analysis
