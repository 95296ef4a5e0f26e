// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/batch_sharpness.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <vector>

#include "trainer/base/random.h"
#include "trainer/run/mini_batch.h"

namespace trainer {
namespace {

at::Tensor drawnItems(const PreparedRun& run, std::int64_t step, std::int64_t number) {
  std::vector<std::int64_t> items = permutation(run.data.train.count(), deriveSeed(run.spec.seed, fmt::format("curvature/batch/{}/{}", step, number)));
  items.resize(static_cast<std::size_t>(std::min(run.batchSize, run.data.train.count())));
  return at::tensor(items, at::kLong).to(run.device());
}

/// g'Hg/||g||^2 of one batch, NaN where g = 0.
double quotientOf(MiniBatch batch, const at::Tensor& theta) {
  at::Tensor g = at::zeros_like(theta), product = at::zeros_like(theta);
  const bool kept = batch.groups() == 1;  // a graph is kept for the next call only
  for (std::int64_t j = 0; j < batch.groups(); ++j) g.add_((kept ? batch.firstForProduct(j, theta) : batch.first(j, theta)).gradient, batch.weight(j));
  for (std::int64_t j = 0; j < batch.groups(); ++j) product.add_(batch.hessianProduct(j, theta, g), batch.weight(j));
  const at::Tensor wide = g.to(at::kDouble);
  return (at::dot(wide, product.to(at::kDouble)) / at::dot(wide, wide)).item<double>();
}

}  // namespace

TrackedValue batchSharpness(const PreparedRun& run, const at::Tensor& theta, const at::Tensor& buffers, std::int64_t step, std::int64_t batches, const Context& context) {
  const auto started = std::chrono::steady_clock::now();
  const bool whole = run.batchSize >= run.data.train.count();
  TrackedValue value{.name = "batch-sharpness", .items = std::min(run.batchSize, run.data.train.count())};
  double sum = 0, squares = 0, count = 0;
  for (std::int64_t number = 0; number < (whole ? 1 : batches); ++number) {
    context.checkpoint();
    const double quotient = quotientOf(batchOf(run, drawnItems(run, step, number), buffers, step), theta.detach());
    ++value.gradients, ++value.products;
    if (std::isnan(quotient)) continue;
    ++count, sum += quotient, squares += quotient * quotient;
  }
  value.value = sum / count;
  value.error = whole ? 0 : count > 1 ? std::sqrt(std::max(0.0, squares / count - value.value * value.value) / (count - 1)) : std::numeric_limits<double>::quiet_NaN();
  value.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return value;
}

}  // namespace trainer
