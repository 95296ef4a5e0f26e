// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/loss.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>

#include "trainer/model/model.h"

namespace trainer {
namespace {

at::Tensor lossOf(const at::Tensor& logits, const at::Tensor& labels, const LossOptions& options, at::Reduction::Reduction reduction) {
  const at::Tensor rows = logits.flatten(0, -2), wanted = labels.flatten();
  if (options.kind == "cross-entropy") return at::cross_entropy_loss(rows, wanted, {}, reduction, -100, options.labelSmoothing);
  if (options.kind != "mse") throw std::invalid_argument(fmt::format("--loss must be cross-entropy or mse, got '{}'", options.kind));
  const at::Tensor squares = (rows - at::one_hot(wanted, rows.size(1))).square();
  return reduction == at::Reduction::Mean ? squares.mean() : squares.mean(1);
}

}  // namespace

at::Tensor meanLoss(const at::Tensor& logits, const at::Tensor& labels, const LossOptions& options) {
  return lossOf(logits, labels, options, at::Reduction::Mean);
}

at::Tensor itemLosses(const at::Tensor& logits, const at::Tensor& labels, const LossOptions& options) {
  return lossOf(logits, labels, options, at::Reduction::None);
}

at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& labels) { return meanLoss(logits, labels, {}); }

}  // namespace trainer
