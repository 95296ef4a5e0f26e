// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "trainer/model/model.h"

namespace trainer {

constexpr std::int64_t kAugmentBorder = 4;

/// Standard augmentation (He et al. 2016, section 4.2): a crop of the original size out of a zero border of 4, mirrored half of the time. `inputs` [n,C,H,W]
/// as they were read, `items` [n] int64 their indices in the training set; on the same device. A new tensor of the
/// inputs' type, there too. On the CPU 128 images of 3 x 32 x 32 take about 0.1 ms.
///
/// With w = randomWord(deriveSeed(seed, "augment/<epoch>"), item): dx = 9 (w mod 2^16) / 2^16, dy = 9 (w / 2^16 mod 2^16) / 2^16, both rounded down, and
/// the image is mirrored when bit 32 of w is set: out[y][x] = in[y + dy - 4][x' + dx - 4], 0 outside, x' = W - 1 - x where mirrored, else x.
at::Tensor augment(const at::Tensor& inputs, const at::Tensor& items, std::uint64_t seed, std::int64_t epoch);

/// The same by tensor operations: what augment() does where the inputs are not on the CPU.
at::Tensor augmentByTensors(const at::Tensor& inputs, const at::Tensor& items, std::uint64_t seed, std::int64_t epoch);

/// @throws std::invalid_argument for data that is not images: tokens or features.
void requireAugmentable(const InputShape& shape);

}  // namespace trainer
