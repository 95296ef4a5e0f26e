// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

namespace trainer {
class CurvatureTracker;
}

namespace analysis {

/// Measures the curvature of the training objective while a network trains: what trainer/run/curvature_measures.h lists, by tracked_measures.h. lambda_max is the
/// algebraically largest eigenvalue of its Hessian, by Lanczos with full re-orthogonalisation.
///
/// Starts from q + r, q the last eigenvector and r a random unit vector (another one for another q), so that an eigenvalue that has overtaken
/// orthogonally to q can come up. Ends when the residual is at most 1e-2 |lambda|, not before five products, and not while the second Ritz value is within
/// twice its residual of the first; or when the products are used up. The residual of a fresh product (which counts) is reported whatever it is.
/// It bounds the distance to some eigenvalue, not that none is larger: started at the second eigenvector itself, 14 of 88 small networks were more than
/// 2 % low in the first measurement, 2 in the next, none in the third. Results are a function of the request alone.
/// Cost: at most maxProducts products for each measure; memory maxProducts P numbers and the graphs of request.data.
/// measure() @throws std::invalid_argument for a start of another size, no samples or maxProducts < 1; NumericalError when a product is not finite; Cancelled.
std::shared_ptr<trainer::CurvatureTracker> makeCurvatureTracker();

}  // namespace analysis
