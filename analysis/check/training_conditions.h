// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "analysis/check/self_check.h"
#include "analysis/model_objective.h"

namespace analysis {

/// A ModelObjective measured under conditions of training: what the self-check warns of, made on purpose. Every pass over the samples draws again: dropout masks
/// (a model made with a rate; batch norm is in training mode then), augmentation and the order of the samples. Not for measuring.
class TrainingConditionsObjective : public ModelObjective {
 public:
  TrainingConditionsObjective(Parts parts, Conditions conditions, std::uint64_t seed);
  /// Products with fewer bits under kReducedPrecision; with deterministic kernels only, where kKernels does not hold.
  std::unique_ptr<LinearOperator> hessian(const at::Tensor& theta, std::int64_t memoryBytes, const Context& context) override;

 protected:
  Chunk chunk(std::int64_t c) const override;
  trainer::Pass pass(std::int64_t c, const at::Tensor& statistics) const override;
  bool chunksAreBatches() const override { return ModelObjective::chunksAreBatches() || (has(condition::kDropout) && parts().buffers.numel() > 0); }

 private:
  bool has(const char* condition) const { return conditions_.count(condition) > 0; }
  Conditions conditions_;
  std::uint64_t seed_;
  mutable std::int64_t pass_ = 0;  ///< counts passes: it begins again with chunk 0
  mutable std::vector<std::int64_t> order_;  ///< of this pass
};

}  // namespace analysis
