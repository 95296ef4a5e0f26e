// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

/// Lengths as 0-dim double tensors that stay on the device, so that a step never waits for it.
namespace trainer {

/// ||v||, summed in double.
at::Tensor lengthOf(const at::Tensor& v);

/// a / ||v|| from lengthOf(v), at most 1e38; 0 where it is 0. a >= 0.
at::Tensor perLength(double a, const at::Tensor& length);
at::Tensor perLength(const at::Tensor& a, const at::Tensor& length);

/// v - (v.u/u.u) u; v itself where u = 0. The products are rounded in v's dtype and summed in double.
at::Tensor orthogonalTo(const at::Tensor& v, const at::Tensor& u);

}  // namespace trainer
