// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include "trainer/base/random.h"
#include "trainer/data/dataset.h"

namespace trainer {

at::Tensor normalise(const at::Tensor& inputs, const Normalisation& normalisation, at::ScalarType dtype) {
  if (inputs.scalar_type() == at::kLong) return inputs;
  const auto channels = static_cast<std::int64_t>(normalisation.mean.size());
  const auto perChannel = [&](const std::vector<double>& values) {
    return at::tensor(values, at::kDouble).to(inputs.device(), dtype).view({1, channels, 1, 1});
  };
  return inputs.to(dtype, /*non_blocking=*/false, /*copy=*/true).div_(normalisation.scale).sub_(perChannel(normalisation.mean)).div_(perChannel(normalisation.deviation));
}

std::vector<std::int64_t> epochOrder(std::int64_t count, std::uint64_t seed, std::int64_t epoch) {
  return permutation(count, deriveSeed(seed, fmt::format("order/{}", epoch)));
}

}  // namespace trainer
