// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/spectrum/trace.h"

namespace analysis {

/// XTrace with a standard error that holds. P above the probes.
///
/// Probes omega_i uniform on the sphere of radius sqrt(P); Y = A Omega = Q R; Q_(i) an orthonormal basis of Y without its i-th column. Each
///   t_i = tr(Q_(i)^T A Q_(i)) + (P - n + 1) r_i^T A r_i / ||r_i||^2,   r_i = (I - Q_(i) Q_(i)^T) omega_i
/// is unbiased; the value is their mean T. With s_i the normalised columns of R^-T, Q_(i) Q_(i)^T = Q (I - s_i s_i^T) Q^T: all is small algebra in Q's coordinates.
///
/// The spread of the t_i alone (the published error estimate) is too small: they share their bases. Over eight spectra at 20 probes it covered 51-64 % for 68 %
/// and 78-92 % for 95 %; the jackknife covered 78-99 % and 98-100 %. What is used here is unbiased. Let u_ij be t_i with omega_j left out of the basis too.
/// E[t_i | others] = E[u_ij | others] = tr A, so that in Cov(t_i, t_j) all vanishes but E[(t_i - u_ij)(t_j - u_ji)], and
///   Var T = E[ s^2/n + mean over pairs of (t_i - u_ij)(t_j - u_ji) ],   s^2 the sample variance of the t_i.
/// The second part is not let below 0. u_ij takes the span of s_i and s_j out of Q: O(n) a pair.
///
/// Where a product lies in the span of Q to rounding, the range of A has been found: the trace is tr(Q^T A Q), what may be missing at most sqrt(P) times the
/// remainder's norm, which stands as the standard error.
/// Cost: 2 products a probe, 8 n P flops of vector work a probe, O(n^3) at each look; memory 2 n P numbers.
/// Source: Epperly, Tropp, Webber, XTrace, SIAM J. Matrix Anal. Appl. 45 (2024), section 2 and supplement; the variance of T: this program.
Trace xtrace(LinearOperator& a, const TraceOptions& options, const trainer::Context& context);

}  // namespace analysis
