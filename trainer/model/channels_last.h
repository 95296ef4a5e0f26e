// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace trainer {

/// x [N,C,H,W] with a pixel's channels side by side in memory, where the convolutions behind it are faster so: float on the CPU (oneDNN). Elsewhere x as it is: double
/// convolutions do not go to oneDNN. What follows keeps the order, in all derivatives. Called by the networks that it was measured to pay for (RESULTS.md): not by vgg,
/// whose few pixels of 512 channels are a fifth slower so, nor by vit, whose one convolution does not show.
at::Tensor channelsLast(const at::Tensor& x);

/// Every `stride`-th pixel of x [N,C,H,W] in both directions, in x's order of memory, as are its derivatives (those of a slice are not).
at::Tensor everyPixel(const at::Tensor& x, std::int64_t stride);

/// 2x2 max pool, rounding down: LibTorch's values and first derivatives, bit by bit. Differentiable any number of times; all derivatives keep x's order of memory
/// (LibTorch's second ones do not: what is behind them would run in two orders).
at::Tensor maxPool(const at::Tensor& x);

}  // namespace trainer
