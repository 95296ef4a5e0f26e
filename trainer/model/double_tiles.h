// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// Inner loops of matrix products in double, whose sums stay in registers: AVX-512, AVX2 or what the compiler makes of plain vectors, whichever this machine has.
/// Fused multiply-adds where the machine has them; each result is one running sum in order, so that bits depend on the instruction set and on nothing else.
namespace trainer {

inline constexpr std::int64_t kTileRows = 8;      ///< rows of outerTile()'s result
inline constexpr std::int64_t kTileColumns = 24;  ///< its columns are done by so many
inline constexpr std::int64_t kLanes = 8;         ///< partial sums of dotTile()
inline constexpr std::int64_t kDotLeft = 6, kDotRight = 4;

struct Outer {
  const double* a;  ///< [depth,8]
  const double* b;  ///< [depth,columns]
  std::int64_t depth, columns;  ///< columns a multiple of 24
};
/// c [8,columns] = a^T b.
void outerTile(const Outer& x, double* c);

struct Dot {
  const double* a;  ///< 6 rows, `aStride` apart
  const double* b;  ///< 4 rows, `bStride` apart
  std::int64_t aStride, bStride, length;  ///< length a multiple of 8
};
/// sums [6,4,8] += a b^T, lane j taking the products of the indices that are j modulo 8.
void dotTile(const Dot& x, double* sums);

}  // namespace trainer
