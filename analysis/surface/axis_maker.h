// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>

#include "analysis/operators/transforms.h"
#include "analysis/run_checkpoints.h"
#include "analysis/surface/axis_kind.h"
#include "analysis/surface/directions.h"
#include "analysis/surface/trajectory_pca.h"

namespace analysis {

struct MadeAxis {
  at::Tensor vector;     ///< double [P] on the CPU; undefined: not known before it is computed
  at::Tensor buffers{};  ///< how the running statistics move along it; undefined: not at all
  AxisReport report;
};

/// Makes the axes of a surface, each apart; what two of them share (a gradient, the Gram matrix) is computed once.
class AxisMaker {
 public:
  /// `preview`: what takes Hessian products is estimated instead of made.
  AxisMaker(const LoadedRun& run, const SurfaceSpec& spec, const Context& context, bool preview)
      : run_(run), spec_(spec), context_(context), preview_(preview) {}
  MadeAxis make(const std::string& name, const AxisSpec& axis);  ///< "x" | "y"

 private:
  MadeAxis random(const std::string& name, const AxisSpec& axis) const;
  MadeAxis eigen(const AxisKind& kind, const std::vector<IndexRange>& layer) const;
  MadeAxis gradient(const AxisKind& kind);
  MadeAxis pca(const AxisKind& kind);
  MadeAxis toward(const AxisKind& kind) const;
  TrajectoryRows trajectory(const RunCheckpoints& run) const;

  const LoadedRun& run_;
  const SurfaceSpec& spec_;
  const Context& context_;
  bool preview_;
  at::Tensor gradient_;
  std::map<bool, TrajectoryPca> pca_;  ///< by `centred`
};

}  // namespace analysis
