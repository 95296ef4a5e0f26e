// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/model.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "trainer/base/random.h"

namespace trainer {

at::Tensor Model::forward(const at::Tensor& theta, const at::Tensor& x) const {
  if (theta.dim() != 1 || theta.size(0) != layout_.size())
    throw std::invalid_argument(fmt::format("{} needs theta of {} numbers, got {}", name_, layout_.size(), theta.numel()));
  std::vector<at::Tensor> pieces = theta.split_with_sizes(layout_.counts());
  for (std::size_t i = 0; i < pieces.size(); ++i) pieces[i] = pieces[i].view(layout_.slices()[i].shape);
  return apply(pieces, x);
}

at::Tensor initialise(const ParameterLayout& layout, std::uint64_t seed, at::ScalarType dtype) {
  const at::Tensor theta = at::empty({layout.size()}, at::kDouble);
  auto* const values = theta.data_ptr<double>();
  double bound = 1;
  for (const ParameterSlice& slice : layout.slices()) {
    // A layer's bias follows its weight and shares its fan-in.
    if (slice.kind == ParameterKind::weight) bound = 1.0 / std::sqrt(static_cast<double>(slice.count() / slice.shape.front()));
    RandomStream stream(deriveSeed(seed, "init/" + slice.name));
    for (std::int64_t i = 0; i < slice.count(); ++i) values[slice.offset + i] = bound * (2.0 * stream.uniform() - 1.0);
  }
  return theta.to(dtype);
}

at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& labels) { return at::cross_entropy_loss(logits, labels); }

}  // namespace trainer
