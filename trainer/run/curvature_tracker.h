// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "trainer/base/context.h"
#include "trainer/data/dataset.h"
#include "trainer/model/model.h"
#include "trainer/run/run_record.h"

namespace trainer {

/// What later measurements start from, beside the vector of lambda_max; undefined where there has been none.
struct CurvatureMemory {
  at::Tensor bottom;          ///< [P] of lambda_min
  at::Tensor preconditioned;  ///< [P] of the preconditioned lambda_max
  at::Tensor eigenspace;      ///< [k,P] orthonormal rows
};

/// What is to be measured: the training objective in evaluation mode (batch norm with the running statistics), on a fixed subset.
struct CurvatureRequest {
  std::shared_ptr<const Model> model;
  at::Tensor theta;    ///< [P]
  at::Tensor buffers;  ///< [B]
  Dataset data;        ///< on theta's device
  Normalisation normalisation;
  std::string loss = "cross-entropy";
  double labelSmoothing = 0;
  double weightDecay = 0;           ///< the L2 term's
  std::int64_t maxProducts = 30;    ///< for each measure
  std::uint64_t seed = 0;           ///< of the start vectors where there is no warm one, and of the probes
  at::Tensor start;                 ///< [P] the last eigenvector of lambda_max; undefined the first time
  std::vector<std::string> measures = {"lambda-max"};  ///< curvature_measures.h; batch-sharpness is not measured here
  std::int64_t top = 5;             ///< K of the eigenspaces
  double rate = 1;                  ///< where the search of the critical step begins
  at::Tensor update{};              ///< [P] the next step is theta -= rate update; needed by critical- and directional-sharpness
  at::Tensor preconditioner{};      ///< [P] D > 0; undefined: there is none yet
  CurvatureMemory memory{};
};

struct CurvatureResult {
  CurvatureRecord record;  ///< without step
  at::Tensor vector;       ///< [P], unit: the next start
  CurvatureMemory memory{};
};

/// Measures curvature during training. An interface here, so that the trainer needs to know nothing of eigenvalue solvers; analysis has the one
/// implementation. Results are a function of the request alone.
class CurvatureTracker {
 public:
  virtual ~CurvatureTracker() = default;
  virtual CurvatureResult measure(const CurvatureRequest& request, const Context& context) = 0;
};

}  // namespace trainer
