// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace trainer {

/// randomWord(seed, i) of base/random.h for each element i of `indices` (int64), bit by bit, as int64 on their device. A dozen passes over the tensor.
at::Tensor randomWords(const at::Tensor& indices, std::uint64_t seed);

}  // namespace trainer
