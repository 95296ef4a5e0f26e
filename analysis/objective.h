// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <stdexcept>
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

/// The symmetric matrix M_n [C,C] between the two Jacobians of J' M J, for each item n with outputs z, p = softmax(z), r(y) = dl(z, y)/dz:
/// gaussNewton: d2l/dz2; fisher: sum_c p_c r(c) r(c)' (for mse, as a Gaussian likelihood, the same as gaussNewton); empiricalFisher: r(y_n) r(y_n)'.
enum class OutputCurvature { gaussNewton, fisher, empiricalFisher };

/// The mean loss on a fixed sample as a function of theta [P]. What is above it assumes no module and no process.
///
/// What has a default is for networks; an objective that is none (a quadratic) throws std::logic_error there.
/// Every call leaves theta0, its data and the random state as they were, on success, error and cancel (stateHash() tells).
class Objective {
 public:
  virtual ~Objective() = default;
  virtual const trainer::ParameterLayout& layout() const = 0;
  virtual const at::Tensor& theta0() const = 0;  ///< [P], in the objective's precision, on its device; do not write
  virtual std::int64_t sampleCount() const = 0;
  /// The running statistics [B] that are used at `theta`: the checkpoint's, or re-estimated there by the policy `recomputed` (one forward pass of the samples
  /// the statistics are taken from). Not looked at by the policy `train`. Empty where there are none.
  virtual at::Tensor statistics(const at::Tensor&) { return {}; }
  /// One forward pass over the sample. A loss that is not finite is returned as it is.
  virtual Evaluation evaluate(const at::Tensor& theta) = 0;
  /// The same with these running statistics [B] in evaluation mode, whatever the policy: for what moves them along or computes them once for two objectives.
  virtual Evaluation evaluateWith(const at::Tensor& theta, const at::Tensor&) { return evaluate(theta); }
  /// d loss / d theta [P], in chunks weighted by sample count, statistics(theta) held. Cost: one gradient.
  virtual at::Tensor gradient(const at::Tensor& theta) = 0;
  /// Outputs at `theta` of the network for every sample, [N,C] (tokens: [N T,V]), in the objective's precision.
  virtual at::Tensor outputs(const at::Tensor&) { throw std::logic_error("this objective is not a network: it has no outputs"); }
  /// The mean loss on the samples [from, to) of this one, everything else the same. @throws std::invalid_argument for an empty or impossible range.
  virtual std::unique_ptr<Objective> part(std::int64_t, std::int64_t) const { throw std::logic_error("this objective has no samples to take a part of"); }
  /// The Hessian at `theta`. First-order graphs are kept, chunk by chunk, while they fit `memoryBytes`, and rebuilt beyond it.
  /// Cost of a product: about 2 gradients where kept, 3 where rebuilt. The operator must not outlive the objective.
  virtual std::unique_ptr<LinearOperator> hessian(const at::Tensor& theta, std::int64_t memoryBytes, const Context& context) = 0;
  /// J' M J / N at a theta, with the L2 term's curvature for gaussNewton. Cost of a product: about 4/3 gradients where kept, 7/3 where rebuilt.
  virtual std::unique_ptr<LinearOperator> outputCurvature(OutputCurvature, const at::Tensor&, std::int64_t, const Context&) {
    throw std::logic_error("this objective is not a network: it has no outputs");
  }
  /// Of theta0, the running statistics, the sample and the random state: unchanged by any analysis.
  virtual std::string stateHash() const = 0;
};

}  // namespace analysis
