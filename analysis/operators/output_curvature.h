// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "analysis/model_objective.h"

namespace analysis {

/// (1/N) sum_n J_n' M_n J_n v at a fixed theta, J_n = dz_n/d theta [C,P], M_n [C,C] by OutputCurvature; items are positions for tokens. Gauss-Newton also has
/// wd v. Positive semi-definite wherever the loss is convex in the outputs.
///
/// J v is the derivative of u -> J'u, kept as a graph (a linear function of u), so that a product is two passes for J v and two for J'w where a gradient is three:
/// 4/3 gradients where the graphs are kept, about 7/3 where rebuilt. M_n is applied in closed form.
/// Source: Schraudolph, Fast curvature matrix-vector products, 2002; Martens, New insights and perspectives on the natural gradient method, 2020, section 5, 8 and 10.
/// @throws NumericalError when a product is not finite; Cancelled.
class OutputCurvatureOperator : public LinearOperator {
 public:
  OutputCurvatureOperator(const ModelObjective& objective, OutputCurvature kind, const ModelObjective::Point& at, std::int64_t memoryBytes, Context context);
  std::string name() const override;
  std::int64_t size() const override { return at_.theta.numel(); }
  at::TensorOptions options() const override { return at_.theta.options().requires_grad(false); }
  at::Tensor apply(const at::Tensor& v) override;

  std::int64_t keptChunks() const { return static_cast<std::int64_t>(kept_.size()); }

 private:
  struct Graph {
    at::Tensor z;         ///< outputs [n,C] of a chunk
    at::Tensor u;         ///< [n,C], zeros: a leaf
    at::Tensor backward;  ///< J'u [P]
  };
  Graph build(std::int64_t c) const;
  at::Tensor product(const at::Tensor& v);
  /// M (J v) of the chunk's items, over the number of all items.
  at::Tensor weighted(const at::Tensor& z, const at::Tensor& jv, std::int64_t c) const;

  const ModelObjective& objective_;
  OutputCurvature kind_;
  ModelObjective::Point at_;
  Context context_;
  std::vector<Graph> kept_;
  std::int64_t keptSize_ = 0;  ///< chunkSize() they were made with
};

}  // namespace analysis
