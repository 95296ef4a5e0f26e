// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

namespace trainer {

constexpr double kBatchNormEps = 1e-5;
constexpr double kBatchNormMomentum = 0.1;

/// Running statistics [C] each, undefined where not wanted; updated in place as PyTorch does: r = 0.9 r + 0.1 s, s the batch's mean or its
/// unbiased variance.
struct RunningStatistics {
  at::Tensor mean, variance;
};

/// gamma (x - mean) / sqrt(variance + eps) + beta over N, H, W of x [N,C,H,W] with the batch's own mean and biased variance.
/// Forward and first backward are LibTorch's fused kernels; a backward that is differentiated again is written out, so that derivatives
/// of every order are right (LibTorch's own second backward takes the saved statistics for constants: its third derivative is wrong).
/// Source: Ioffe, Szegedy, Batch normalization, 2015, algorithm 1.
at::Tensor batchNorm(const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta, const RunningStatistics& running);

/// The same, written out. Slower in training; has forward-mode derivatives.
at::Tensor batchNormWrittenOut(const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta);

}  // namespace trainer
