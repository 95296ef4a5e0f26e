// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trainer/model/layers.h"

namespace trainer {

/// Self-attention of x [N,T,W], written out as matmul, softmax, matmul: fused kernels have no second derivative.
/// softmax(q k^T / sqrt(W/heads)) v, then a linear layer; `qkv` gives q, k and v behind one another, heads side by side.
/// Source: Vaswani et al., Attention is all you need, 2017, section 3.2.
struct Attention {
  Linear qkv, projection;
  std::int64_t heads = 1;
  bool causal = false;           ///< a position sees itself and what is before it
  std::string weightDropout{};   ///< name of the dropout on the attention's weights; empty: none
  at::Tensor operator()(const Forward& f, const at::Tensor& x, double dropout) const;
};

}  // namespace trainer
