// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string_view>

namespace trainer {

/// Element i (row-major) is 1/(1-p) where uniform_i >= p and 0 elsewhere, uniform_i the i-th draw of RandomStream(seed).uniform(): the same
/// mask on every device. Of `like`'s shape, dtype, device and memory format. 0 < p < 1.
at::Tensor dropoutMask(const at::Tensor& like, double p, std::uint64_t seed);

/// The masks' two ways, alike to the bit: a loop on the CPU, and int64 tensor arithmetic on any device. Contiguous, 0 or 1/(1-p) in `options`.
at::Tensor dropoutMaskByLoop(at::IntArrayRef shape, double p, std::uint64_t seed, const at::TensorOptions& options);
at::Tensor dropoutMaskByTensors(at::IntArrayRef shape, double p, std::uint64_t seed, const at::TensorOptions& options);

}  // namespace trainer
