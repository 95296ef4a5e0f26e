// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace analysis {

/// A symmetric linear map on R^P.
class LinearOperator {
 public:
  virtual ~LinearOperator() = default;
  virtual std::string name() const = 0;  ///< "hessian", for messages and results
  virtual std::int64_t size() const = 0; ///< P
  virtual at::TensorOptions options() const = 0;  ///< dtype and device of the vectors
  /// y = A v, both [P]. @throws NumericalError when y is not finite; Cancelled.
  virtual at::Tensor apply(const at::Tensor& v) = 0;
};

}  // namespace analysis
