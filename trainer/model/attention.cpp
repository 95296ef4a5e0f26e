// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/attention.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

#include "trainer/model/transformer_layers.h"

namespace trainer {

at::Tensor Attention::operator()(const Forward& f, const at::Tensor& x, double dropout) const {
  const std::int64_t items = x.size(0), length = x.size(1), width = x.size(2), headWidth = width / heads;
  const at::Tensor parts = qkv(f, x).view({items, length, 3, heads, headWidth}).permute({2, 0, 3, 1, 4});  // [3,N,heads,T,headWidth]
  at::Tensor scores = at::matmul(parts[0] / std::sqrt(static_cast<double>(headWidth)), parts[1].transpose(-2, -1));
  if (causal) {
    const at::Tensor later = at::ones({length, length}, x.options().dtype(at::kBool).requires_grad(false)).triu_(1);
    scores = scores.masked_fill(later, -std::numeric_limits<double>::infinity());
  }
  at::Tensor weights = softmax(scores);
  if (!weightDropout.empty()) weights = f.dropout(weights, dropout, weightDropout);
  return projection(f, at::matmul(weights, parts[2]).transpose(1, 2).reshape({items, length, width}));
}

}  // namespace trainer
