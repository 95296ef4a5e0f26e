// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>

#include "analysis/operators/linear_operator.h"
#include "trainer/base/context.h"
#include "trainer/model/parameter_layout.h"

namespace analysis {

using trainer::Context;

/// Loss and accuracy (0..1) over one sample, sums in double.
struct Evaluation {
  double loss = 0;
  double accuracy = 0;
};

/// The mean loss on a fixed sample as a function of theta [P]. What is above it assumes no module and no process.
///
/// Every call leaves theta0, its data and the random state as they were, on success, error and cancel (stateHash() tells).
class Objective {
 public:
  virtual ~Objective() = default;
  virtual const trainer::ParameterLayout& layout() const = 0;
  virtual const at::Tensor& theta0() const = 0;  ///< [P], in the objective's precision, on its device; do not write
  virtual std::int64_t sampleCount() const = 0;
  /// One forward pass over the sample. A loss that is not finite is returned as it is.
  virtual Evaluation evaluate(const at::Tensor& theta) = 0;
  /// d loss / d theta [P], in chunks weighted by sample count. Cost: one gradient.
  virtual at::Tensor gradient(const at::Tensor& theta) = 0;
  /// The Hessian at `theta`. First-order graphs are kept, chunk by chunk, while they fit `memoryBytes`, and rebuilt beyond it.
  /// Cost of a product: about 2 gradients where kept, 3 where rebuilt. The operator must not outlive the objective.
  virtual std::unique_ptr<LinearOperator> hessian(const at::Tensor& theta, std::int64_t memoryBytes, const Context& context) = 0;
  /// Of theta0, the running statistics, the sample and the random state: unchanged by any analysis.
  virtual std::string stateHash() const = 0;
};

}  // namespace analysis
