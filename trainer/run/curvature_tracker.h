// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trainer/base/context.h"
#include "trainer/data/dataset.h"
#include "trainer/model/model.h"
#include "trainer/run/run_record.h"

namespace trainer {

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
  std::int64_t maxProducts = 30;
  std::uint64_t seed = 0;           ///< of the start vector where there is no warm one
  at::Tensor start;                 ///< [P] the last eigenvector; undefined the first time
};

struct CurvatureResult {
  CurvatureRecord record;  ///< without step
  at::Tensor vector;       ///< [P], unit: the next start
};

/// Measures lambda_max during training. An interface here, so that the trainer needs to know nothing of eigenvalue solvers; analysis has the one
/// implementation. Results are a function of the request alone.
class CurvatureTracker {
 public:
  virtual ~CurvatureTracker() = default;
  virtual CurvatureResult measure(const CurvatureRequest& request, const Context& context) = 0;
};

}  // namespace trainer
