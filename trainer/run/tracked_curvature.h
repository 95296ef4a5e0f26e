// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trainer/optim/base_step.h"
#include "trainer/optim/sharpness_step.h"
#include "trainer/run/curvature_tracker.h"
#include "trainer/run/prepare_run.h"

namespace trainer {

/// What is tracked of the curvature while one network trains (curvature_measures.h): on which items, along which update, and what is kept from one
/// measurement to the next. Values are a function of the spec, the events and the training's state, so that a resumed run has the same.
class TrackedCurvature {
 public:
  /// Where the training is. Nothing of it is changed.
  struct Place {
    const at::Tensor &theta, &buffers;  ///< [P], [B]
    const BaseStep& base;
    SharpnessStep sharpness;            ///< a copy
    std::int64_t step = 0;              ///< steps taken
  };
  /// `run` must outlive it.
  TrackedCurvature(const PreparedRun& run, std::shared_ptr<CurvatureTracker> tracker);

  /// Whether --curvature-share allows one more: what the earlier ones took is at most that share of all gradients so far. The first one always is.
  bool affords(const std::vector<CurvatureRecord>& before, std::int64_t gradientEvaluations) const;
  /// @throws NumericalError, Cancelled
  CurvatureRecord measure(const Place& place, const std::vector<RunEvent>& events, const Context& context);

  /// curvature_vector, curvature_bottom, curvature_preconditioned, curvature_eigenspace_0...: what is defined.
  OptimizerState state() const;
  void restore(const OptimizerState& state);

 private:
  bool wants(std::string_view measure) const;
  CurvatureRequest request(const Place& place, const std::vector<RunEvent>& events, TrackedValue& updateCost) const;
  at::Tensor nextUpdate(const Place& place, const std::vector<RunEvent>& events, TrackedValue& cost) const;
  at::Tensor preconditioner(const BaseStep& base) const;
  static void charge(CurvatureRecord& record, const TrackedValue& cost);

  const PreparedRun& run_;
  std::shared_ptr<CurvatureTracker> tracker_;
  std::vector<std::string> measures_;
  Dataset data_;
  at::Tensor vector_;  ///< [P] of lambda_max
  CurvatureMemory memory_;
};

}  // namespace trainer
