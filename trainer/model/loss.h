// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace trainer {

struct LossOptions {
  std::string kind = "cross-entropy";  ///< cross-entropy | mse
  double labelSmoothing = 0;           ///< cross-entropy only: targets (1 - s) onehot + s/C
};

/// Mean over the items of logits [N,C] and labels [N] int64, or [N,T,V] and [N,T] (an item a position); mse: the mean over items and
/// classes of (logits - onehot)^2. A scalar, differentiable any number of times. @throws std::invalid_argument for an unknown kind.
at::Tensor meanLoss(const at::Tensor& logits, const at::Tensor& labels, const LossOptions& options);

/// The same for every item alone: [N] or [N*T].
at::Tensor itemLosses(const at::Tensor& logits, const at::Tensor& labels, const LossOptions& options);

}  // namespace trainer
