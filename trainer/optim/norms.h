// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

/// Lengths as double tensors that stay on the device, so that a step never waits for it. Guards are masked_fill with a number: a number in at::where
/// may become a tensor that is copied to the device.
namespace trainer {

/// ||v||, 0-dim, summed in double.
at::Tensor lengthOf(const at::Tensor& v);

/// a / length, a > 0, at most 1e38; 0 where the length is 0.
at::Tensor perLength(double a, const at::Tensor& length);
at::Tensor perLength(const at::Tensor& a, const at::Tensor& length);

/// v - (v.u/u.u) u; v itself where u = 0. The products are rounded in v's dtype and summed in double.
at::Tensor orthogonalTo(const at::Tensor& v, const at::Tensor& u);

}  // namespace trainer
