// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

#include "trainer/optim/optimizer_state.h"

namespace trainer {

/// theta [P] and the running statistics [B] of a model; buffers may be undefined.
struct AveragedModel {
  at::Tensor theta, buffers;
};

/// Averages of theta and of the running statistics along training, in theta's dtype and on its device, without synchronising with it.
///
///   EMA  average = F average + (1 - F) theta after each step, started at the first theta (no correction of the start is needed)
///   SWA  the mean over the calls of addEpoch(): mean += (theta - mean)/(n + 1)
///
/// The running statistics are averaged likewise. For SWA the training recomputes them by a pass over the data (recomputedBuffers()), as its source does.
/// Cost: a few passes over P numbers. Source: Izmailov et al., UAI 2018, alg. 1 (SWA); Polyak, Juditsky 1992 (averaging).
class WeightAverages {
 public:
  /// `first` is copied. Without `decay` there is no EMA.
  WeightAverages(std::optional<double> decay, const AveragedModel& first);
  void addStep(const AveragedModel& model);
  void addEpoch(const AveragedModel& model);

  /// Undefined without a decay. Views: copy what is to be kept.
  const AveragedModel& exponential() const { return exponential_; }
  /// Undefined before the first addEpoch(). Views: copy what is to be kept.
  const AveragedModel& mean() const { return mean_; }
  std::int64_t epochs() const { return epochs_; }  ///< calls of addEpoch()

  /// ema, ema_buffers, swa, swa_buffers (what is defined) and the number swa_epochs. Copies, not views.
  OptimizerState state() const;
  void restore(const OptimizerState& state);  ///< vectors may lie on another device

 private:
  std::optional<double> decay_;
  at::Device device_;
  AveragedModel exponential_, mean_;
  std::int64_t epochs_ = 0;
};

}  // namespace trainer
