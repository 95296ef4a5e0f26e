// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/operators/linear_operator.h"
#include "analysis/spectrum/spectrum.h"
#include "trainer/base/context.h"

namespace analysis {

struct TraceOptions {
  std::string method = "xtrace";     ///< xtrace | hutchinson
  double target = 0.02;              ///< relative standard error at which it stops, considered at 20, 30, 45, ... probes
  std::int64_t maxProducts = 200;
  std::int64_t memoryBytes = 0;      ///< of XTrace's basis and probes; 0: no limit
  std::uint64_t seed = 0;
};

/// The trace of a symmetric operator and its Frobenius norm, each with a standard error.
///
/// hutchinson: mean of v^T A v over Rademacher probes, a product each; nothing is stored. Variance 2 (||A||_F^2 - sum A_ii^2) / n.
/// xtrace: see xtrace.h; two products a probe.
/// exact: the sum of the diagonal from P products, where P is at most the products of the smallest estimate (20, or 40 for xtrace): no error.
/// ||A||_F^2 is the mean of ||A v||^2 over the same probes, its root the Frobenius norm.
/// Stops when the target is met or the products are used up, which `reached` tells. Intervals: skewedEstimate.
/// Coverage over 200 seeds and eight spectra, with and without the stop: see tests/benchmarks/RESULTS.md.
/// @throws std::invalid_argument  unknown method, target not above 0, maxProducts below what 20 probes need
/// @throws NumericalError, Cancelled
/// Source: Hutchinson, Commun. Stat. Simul. 18 (1989).
Trace estimateTrace(LinearOperator& a, const TraceOptions& options, const trainer::Context& context);

/// What estimateTrace() refuses. @throws std::invalid_argument
void validate(const TraceOptions& options);

/// Entries +1 or -1 [size] by `seed`, the same on every device: bit j of word i of RandomStream(seed) is entry 64 i + j.
at::Tensor rademacherVector(std::int64_t size, const at::TensorOptions& options, std::uint64_t seed);

}  // namespace analysis
