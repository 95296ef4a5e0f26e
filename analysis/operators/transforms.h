// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "analysis/operators/linear_operator.h"

/// Operators made of operators. Each owns what it is made of; a product costs those of its parts and a few passes over P numbers.
namespace analysis {

using OwnedOperator = std::unique_ptr<LinearOperator>;

/// A + s I.
OwnedOperator shifted(OwnedOperator a, double s);
/// s A.
OwnedOperator scaled(OwnedOperator a, double s);
/// A + s B. @throws std::invalid_argument for different sizes.
OwnedOperator sumOf(OwnedOperator a, double s, OwnedOperator b);
/// A - sum_i lambda_i q_i q_i', rows of `vectors` [k,P] orthonormal: eigenpairs taken out, their eigenvalues become 0.
OwnedOperator deflated(OwnedOperator a, at::Tensor vectors, const std::vector<double>& values);
/// D^-1/2 A D^-1/2, `diagonal` [P] > 0: the symmetric matrix with the eigenvalues of D^-1 A. @throws std::invalid_argument where it is not positive.
OwnedOperator preconditioned(OwnedOperator a, const at::Tensor& diagonal);

/// Indices [from, to) of the flat vector.
struct IndexRange {
  std::int64_t from = 0, to = 0;
  bool operator==(const IndexRange&) const = default;
};
/// S'AS on R^p, S the columns of the identity in `ranges` (ascending, apart): the block of A that belongs to some of the parameters.
OwnedOperator restricted(OwnedOperator a, std::vector<IndexRange> ranges);
/// The same over an operator that lives elsewhere and must outlive it.
OwnedOperator restricted(LinearOperator& a, std::vector<IndexRange> ranges);
/// The vector on R^P with zeros elsewhere; and back.
at::Tensor embedded(const at::Tensor& part, const std::vector<IndexRange>& ranges, std::int64_t size);
at::Tensor taken(const at::Tensor& whole, const std::vector<IndexRange>& ranges);

}  // namespace analysis
