// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

namespace trainer {
class CurvatureTracker;
}

namespace analysis {

/// Measures lambda_max of the training objective while a network trains: the algebraically largest eigenvalue of its Hessian, by Lanczos with full
/// re-orthogonalisation.
///
/// Starts from the last eigenvector q + 0.3 r, r a random unit vector (another one for another q), and believes no convergence before five products, so
/// that an eigenvalue that has overtaken orthogonally to q comes up, at once where it stands apart, within a few measurements where it is close.
/// Ends when the residual is at most 1e-2 |lambda| or the products are used up; the residual of a fresh product (which counts) is reported
/// whatever it is. Results are a function of the request alone.
/// Cost: at most maxProducts products; memory maxProducts P numbers and the graphs of request.data.
/// measure() @throws std::invalid_argument for a start of another size, no samples or maxProducts < 1; NumericalError when a product is not finite; Cancelled.
std::shared_ptr<trainer::CurvatureTracker> makeCurvatureTracker();

}  // namespace analysis
