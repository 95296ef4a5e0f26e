// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/random_words.h"

#include <ATen/ATen.h>

namespace trainer {
namespace {

/// The same 64 bits: tensors know no unsigned 64-bit arithmetic, but sums and products of two's complement have the same bits.
std::int64_t bits(std::uint64_t word) { return static_cast<std::int64_t>(word); }

/// z ^ (z >> shift), the shift being logical: the copies of the sign bit that an arithmetic one brings in are cut off.
void xorShifted(at::Tensor& z, std::int64_t shift) {
  const std::uint64_t kept = ~std::uint64_t{0} >> shift;
  z.bitwise_xor_(at::bitwise_right_shift(z, shift).bitwise_and_(bits(kept)));
}

}  // namespace

at::Tensor randomWords(const at::Tensor& indices, std::uint64_t seed) {
  constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ULL;
  at::Tensor z = indices.mul(bits(kStep)).add_(bits(seed + kStep));
  xorShifted(z, 30);
  z.mul_(bits(0xbf58476d1ce4e5b9ULL));
  xorShifted(z, 27);
  z.mul_(bits(0x94d049bb133111ebULL));
  xorShifted(z, 31);
  return z;
}

}  // namespace trainer
