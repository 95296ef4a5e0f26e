// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace trainer {

struct ConvolutionShape {
  std::int64_t stride = 1, padding = 0;
};

/// conv2d of x [N,C,H,W] and w [O,C,k,k], plus b [O] where it is defined: LibTorch's values and first derivatives, bit by bit; in double on the CPU up to the
/// order of the sums (double_convolution.h).
/// A backward that is differentiated again computes what is asked for and nothing else, by the kernels of a first backward: LibTorch's own second backward also
/// takes the derivative by w where nobody asks for it, as a convolution with the batch for channels, which cost a third of a Hessian product.
/// Differentiable any number of times.
at::Tensor convolution(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b, const ConvolutionShape& shape);

}  // namespace trainer
