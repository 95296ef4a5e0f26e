// SPDX-License-Identifier: GPL-3.0-or-later
// Uniform k 2^-53 >= p means k >= p 2^53.
#include "trainer/model/dropout.h"

#include <ATen/ATen.h>
#include <c10/util/accumulate.h>

#include <cmath>

#include "trainer/base/random.h"
#include "trainer/model/random_words.h"

namespace trainer {
namespace {

std::int64_t smallestKept(double p) { return static_cast<std::int64_t>(std::ceil(p * 0x1.0p53)); }

/// Tensors shift arithmetically: the sign's copies are masked off.
at::Tensor upper53Bits(const at::Tensor& words) { return at::bitwise_right_shift(words, 11).bitwise_and_(static_cast<std::int64_t>(~0ULL >> 11)); }

}  // namespace

at::Tensor dropoutMaskByLoop(at::IntArrayRef shape, double p, std::uint64_t seed, const at::TensorOptions& options) {
  const at::Tensor kept = at::empty(shape, at::kBool);
  bool* const out = kept.data_ptr<bool>();
  const auto least = static_cast<std::uint64_t>(smallestKept(p));
  RandomStream stream(seed);
  for (std::int64_t i = 0; i < kept.numel(); ++i) out[i] = (stream.next() >> 11) >= least;
  return kept.to(options).mul_(1 / (1 - p));
}

at::Tensor dropoutMaskByTensors(at::IntArrayRef shape, double p, std::uint64_t seed, const at::TensorOptions& options) {
  const at::Tensor words = randomWords(at::arange(c10::multiply_integers(shape), options.dtype(at::kLong)), seed);
  return upper53Bits(words).ge(smallestKept(p)).view(shape).to(options).mul_(1 / (1 - p));
}

at::Tensor dropoutMask(const at::Tensor& like, double p, std::uint64_t seed) {
  const at::TensorOptions options = like.options().requires_grad(false);
  const at::Tensor mask = like.is_cpu() ? dropoutMaskByLoop(like.sizes(), p, seed, options) : dropoutMaskByTensors(like.sizes(), p, seed, options);
  return mask.contiguous(like.suggest_memory_format());
}

}  // namespace trainer
