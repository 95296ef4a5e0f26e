// SPDX-License-Identifier: GPL-3.0-or-later
// SplitMix64 counts: its i-th state is seed + (i+1) gamma, so that draws can be made in any order. Uniform k 2^-53 >= p means k >= p 2^53.
#include "trainer/model/dropout.h"

#include <ATen/ATen.h>
#include <c10/util/accumulate.h>

#include <cmath>

#include "trainer/base/random.h"

namespace trainer {
namespace {

constexpr std::uint64_t kGamma = 0x9e3779b97f4a7c15ULL;

std::int64_t asSigned(std::uint64_t word) { return static_cast<std::int64_t>(word); }
std::int64_t smallestKept(double p) { return static_cast<std::int64_t>(std::ceil(p * 0x1.0p53)); }

/// Tensors shift arithmetically: the sign's copies are masked off.
at::Tensor shiftRight(const at::Tensor& words, int bits) {
  return at::bitwise_and(at::bitwise_right_shift(words, bits), asSigned(~0ULL >> bits));
}

at::Tensor mix(at::Tensor z) {
  z = at::bitwise_xor(z, shiftRight(z, 30)) * asSigned(0xbf58476d1ce4e5b9ULL);
  z = at::bitwise_xor(z, shiftRight(z, 27)) * asSigned(0x94d049bb133111ebULL);
  return at::bitwise_xor(z, shiftRight(z, 31));
}

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
  const at::Tensor counter = at::arange(1, c10::multiply_integers(shape) + 1, options.dtype(at::kLong));
  const at::Tensor words = mix(counter * asSigned(kGamma) + asSigned(seed));
  return shiftRight(words, 11).ge(smallestKept(p)).view(shape).to(options).mul_(1 / (1 - p));
}

at::Tensor dropoutMask(const at::Tensor& like, double p, std::uint64_t seed) {
  const at::TensorOptions options = like.options().requires_grad(false);
  const at::Tensor mask = like.is_cpu() ? dropoutMaskByLoop(like.sizes(), p, seed, options) : dropoutMaskByTensors(like.sizes(), p, seed, options);
  return mask.contiguous(like.suggest_memory_format());
}

}  // namespace trainer
