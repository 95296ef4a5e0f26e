// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "trainer/model/convolution.h"

/// Convolutions in double on the CPU: LibTorch has vendor kernels for float only and unfolds whole batches into memory for double.
/// Here tiles of the unfolded input are made in the cache and multiplied in registers (double_tiles.h). The same numbers up to the order of the sums (1e-13 of
/// the sums of magnitudes is far on the safe side); they do not depend on the number of threads. No derivatives are recorded.
namespace trainer {

/// Whether these are meant for x: double, on the CPU, four dimensions, not empty.
bool hasDoubleConvolution(const at::Tensor& x);

/// conv2d of x [N,C,H,W] and w [O,C,k,l], plus b [O] where it is defined.
at::Tensor doubleConvolution(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b, const ConvolutionShape& shape);

/// The derivative of <g, conv2d(x, w)> by x, of the shape `input`, g [N,O,H',W'].
at::Tensor doubleConvolutionToInput(const at::Tensor& g, at::IntArrayRef input, const at::Tensor& w, const ConvolutionShape& shape);

/// The derivative of <g, conv2d(x, w)> by w, of the shape `weight`.
at::Tensor doubleConvolutionToWeight(const at::Tensor& g, const at::Tensor& x, at::IntArrayRef weight, const ConvolutionShape& shape);

}  // namespace trainer
