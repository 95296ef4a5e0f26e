// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trainer/optim/batch_objective.h"
#include "trainer/run/prepare_run.h"

namespace trainer {

/// The training objective on one mini-batch of a run: mean loss in training mode (with label smoothing) + (wd/2) ||theta||^2 where the decay belongs to the
/// loss. With --perturbation-group M it is cut into groups of M items; batch norm then works per group, and the running statistics are the mean of
/// what the groups give, weighted by their items (as over the devices of the penalty's published code).
///
/// Dropout: the seed of group j at step t (0-based) is deriveSeed(seed, "dropout/t/j"), the same for every pass of that step.
class MiniBatch final : public BatchObjective {
 public:
  struct Items {
    at::Tensor inputs;   ///< normalised [n,C,H,W] or tokens
    at::Tensor labels;   ///< [n] or [n,T]
    at::Tensor buffers;  ///< [B] running statistics before the step
    std::int64_t step = 0;
  };
  MiniBatch(const PreparedRun& run, Items items);

  std::int64_t groups() const override { return groups_; }
  double weight(std::int64_t group) const override;
  LossAndGradient first(std::int64_t group, const at::Tensor& theta) override { return measure(group, theta, false); }
  LossAndGradient firstForProduct(std::int64_t group, const at::Tensor& theta) override { return measure(group, theta, true); }
  at::Tensor again(std::int64_t group, const at::Tensor& theta) override;
  at::Tensor hessianProduct(std::int64_t group, const at::Tensor& theta, const at::Tensor& v) override;

  /// [B] after the first passes of all groups.
  const at::Tensor& updatedBuffers() const { return updated_; }

 private:
  /// The gradient [P] of a group's mean loss by theta, with its graph.
  struct Graph {
    std::int64_t group = -1;
    at::Tensor leaf, gradient;
  };
  LossAndGradient measure(std::int64_t group, const at::Tensor& theta, bool keepGraph);
  Graph graphOf(std::int64_t group, const at::Tensor& theta) const;
  std::int64_t size(std::int64_t group) const;
  at::Tensor meanLossAt(std::int64_t group, const at::Tensor& theta, at::Tensor* updatedBuffers) const;

  const PreparedRun& run_;
  Items items_;
  std::int64_t groupSize_, groups_;
  double weightDecay_;
  at::Tensor updated_;
  Graph kept_;  ///< of firstForProduct(), until the next call
};

/// The batch of a step (0-based): `items` [n] of the training set as the run feeds them, augmented where it does so and normalised. `run` must outlive it.
MiniBatch batchOf(const PreparedRun& run, const at::Tensor& items, const at::Tensor& buffers, std::int64_t step);

/// The items [n] of the step's batch, in their order, on the run's device.
at::Tensor itemsOf(const PreparedRun& run, std::int64_t step);

}  // namespace trainer
