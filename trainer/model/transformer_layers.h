// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

/// The layers of transformers whose second backward LibTorch composes of many passes: values and first derivatives are LibTorch's kernels, bit by bit; a backward
/// that is differentiated again costs one pass (gelu: two products with factors kept from the first, softmax and layer norm on the CPU: second_backward.h).
/// Differentiable any number of times.
namespace trainer {

/// x Phi(x), Phi the normal distribution function. Under a graph that is differentiated again it keeps two tensors more of x's size.
at::Tensor gelu(const at::Tensor& x);

/// Over the last dimension.
at::Tensor softmax(const at::Tensor& z);

/// gamma (x - mean) / sqrt(variance + eps) + beta over the last dimension of x [..., W]; gamma, beta [W].
at::Tensor layerNorm(const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta, double eps);

}  // namespace trainer
