// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "analysis/operators/linear_operator.h"
#include "analysis/spectrum/spectrum.h"
#include "trainer/base/context.h"

namespace analysis {

struct LanczosOptions {
  std::int64_t top = 1;
  std::int64_t bottom = 0;
  double tolerance = 1e-3;       ///< of the residual, relative to max|lambda|
  std::int64_t maxProducts = 200;
  std::uint64_t seed = 0;        ///< of the start vectors
  std::int64_t basisLimit = 0;   ///< basis vectors at most (see basisVectors); 0: no limit
};

struct Eigenpairs {
  std::vector<Eigenvalue> top, bottom;           ///< descending; ascending
  std::vector<at::Tensor> topVectors, bottomVectors;  ///< [P], unit, sign fixed: the component of largest magnitude is positive
  std::int64_t products = 0, residualProducts = 0;
  std::int64_t restarts = 0;  ///< because the basis was full
  bool stopped = false;
};

/// How many basis vectors of `a` fit `bytes`, with what a restart needs beside them (half as many again).
std::int64_t basisVectors(const LinearOperator& a, std::int64_t bytes);

/// Eigenpairs at both ends of a symmetric operator from one Krylov space, by Lanczos with full re-orthogonalisation (twice).
///
/// alpha and beta in double, T_m diagonalised in double; every pair is reported with the residual ||A q - lambda q|| of a fresh product.
/// One start vector finds one copy of a multiple eigenvalue, so where more than one pair is asked for at an end, that end is searched again from a random vector
/// orthogonal to what was accepted until that finds nothing new there: until its outermost Ritz value, after five products or more, lies inside the accepted ones
/// by twice its residual, or has converged. Of an end that asks for one pair no copies are looked for.
/// A basis that reaches basisLimit is restarted with the Ritz vectors of both ends and half of the room between them (KrylovSpace::restart): the same pairs
/// from more products. A limit that leaves no room (below twice what is wanted and 16 more) counts as that.
/// Cost: one product a Krylov vector, 4 m P flops of vector work each; memory m P numbers.
/// @throws std::invalid_argument  counts < 0, none asked for, or more than P
/// @throws NumericalError         a product is not finite
/// Source: Golub, Van Loan, Matrix Computations, 4th ed., section 10.3; Parlett, The Symmetric Eigenvalue Problem, chapter 13.
Eigenpairs extremeEigenpairs(LinearOperator& a, const LanczosOptions& options, const trainer::Context& context);

}  // namespace analysis
