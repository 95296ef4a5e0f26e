// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "analysis/model_objective.h"

namespace analysis {

/// H v of the mean loss at a fixed theta, by double backward through torch::autograd::grad (never backward(create_graph), which leaks).
///
/// H v = sum_c d(g_c . v)/d theta + wd v, g_c the weighted gradient of chunk c. The first-order graph of g_c is kept, chunk by chunk, while
/// the bytes allocated for the kept graphs fit the budget; the chunks beyond it are rebuilt in every product. Both give the same numbers.
/// Cost of a product: about 2 gradients where kept, 3 where rebuilt. The objective must outlive it.
/// @throws NumericalError with the chunk's samples when a product is not finite; Cancelled.
class HessianOperator : public LinearOperator {
 public:
  HessianOperator(const ModelObjective& objective, const ModelObjective::Point& at, std::int64_t memoryBytes, Context context);
  std::string name() const override { return "hessian"; }
  std::int64_t size() const override { return at_.theta.numel(); }
  at::TensorOptions options() const override { return at_.theta.options().requires_grad(false); }
  at::Tensor apply(const at::Tensor& v) override;

  std::int64_t keptChunks() const { return static_cast<std::int64_t>(kept_.size()); }

 private:
  at::Tensor product(const at::Tensor& v);
  const ModelObjective& objective_;
  ModelObjective::Point at_;      ///< theta is a leaf that requires grad; its values are never written
  Context context_;
  std::vector<at::Tensor> kept_;  ///< g_c [P] with its graph, for the first chunks
  std::int64_t keptSize_ = 0;     ///< chunkSize() they were made with
};

}  // namespace analysis
