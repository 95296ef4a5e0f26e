// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/double_tiles.h"

#include "trainer/model/instruction_set.h"

namespace trainer {
namespace {

typedef double Lanes __attribute__((vector_size(64), aligned(8), may_alias));

inline const Lanes& lanesAt(const double* p) { return *reinterpret_cast<const Lanes*>(p); }
inline Lanes& lanesAt(double* p) { return *reinterpret_cast<Lanes*>(p); }

/// Rows [0, M) and 8 N columns of outerTile().
template <int M, int N>
[[gnu::always_inline]] inline void outerPart(const double* a, const double* b, std::int64_t depth, std::int64_t columns, double* c) {
  Lanes sums[M][N] = {};
  for (std::int64_t t = 0; t < depth; ++t, a += kTileRows, b += columns) {
    Lanes x[N];
#pragma GCC unroll 8
    for (int n = 0; n < N; ++n) x[n] = lanesAt(b + kLanes * n);
#pragma GCC unroll 8
    for (int m = 0; m < M; ++m)
#pragma GCC unroll 8
      for (int n = 0; n < N; ++n) sums[m][n] += x[n] * a[m];
  }
#pragma GCC unroll 8
  for (int m = 0; m < M; ++m)
#pragma GCC unroll 8
    for (int n = 0; n < N; ++n) lanesAt(c + m * columns + kLanes * n) = sums[m][n];
}

template <int M, int N>
[[gnu::always_inline]] inline void outerAll(const Outer& x, double* c) {
  for (std::int64_t q = 0; q < x.columns; q += kLanes * N)
    for (std::int64_t m = 0; m < kTileRows; m += M) outerPart<M, N>(x.a + m, x.b + q, x.depth, x.columns, c + m * x.columns + q);
}

/// L rows of a by R rows of b.
template <int L, int R>
[[gnu::always_inline]] inline void dotPart(const Dot& x, const double* a, const double* b, double* out) {
  Lanes sums[L][R];
#pragma GCC unroll 8
  for (int i = 0; i < L; ++i)
#pragma GCC unroll 8
    for (int j = 0; j < R; ++j) sums[i][j] = lanesAt(out + kLanes * (i * kDotRight + j));
  for (std::int64_t q = 0; q < x.length; q += kLanes) {
    Lanes right[R];
#pragma GCC unroll 8
    for (int j = 0; j < R; ++j) right[j] = lanesAt(b + j * x.bStride + q);
#pragma GCC unroll 8
    for (int i = 0; i < L; ++i) {
      const Lanes left = lanesAt(a + i * x.aStride + q);
#pragma GCC unroll 8
      for (int j = 0; j < R; ++j) sums[i][j] += left * right[j];
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < L; ++i)
#pragma GCC unroll 8
    for (int j = 0; j < R; ++j) lanesAt(out + kLanes * (i * kDotRight + j)) = sums[i][j];
}

template <int L, int R>
[[gnu::always_inline]] inline void dotAll(const Dot& x, double* sums) {
  for (std::int64_t i = 0; i < kDotLeft; i += L)
    for (std::int64_t j = 0; j < kDotRight; j += R) dotPart<L, R>(x, x.a + i * x.aStride, x.b + j * x.bStride, sums + kLanes * (i * kDotRight + j));
}

// As many sums as the registers hold: 32 of 8 numbers, 16 of 4, 16 of 2.
SHARPSCAPE_AVX512 void outerAvx512(const Outer& x, double* c) { outerAll<8, 3>(x, c); }
SHARPSCAPE_AVX512 void dotAvx512(const Dot& x, double* sums) { dotAll<6, 4>(x, sums); }
SHARPSCAPE_AVX2 void outerAvx2(const Outer& x, double* c) { outerAll<4, 1>(x, c); }
SHARPSCAPE_AVX2 void dotAvx2(const Dot& x, double* sums) { dotAll<2, 2>(x, sums); }

}  // namespace

void outerTile(const Outer& x, double* c) {
  const InstructionSet set = instructionSet();
  if (set == InstructionSet::avx512) return outerAvx512(x, c);
  if (set == InstructionSet::avx2) return outerAvx2(x, c);
  outerAll<2, 1>(x, c);
}

void dotTile(const Dot& x, double* sums) {
  const InstructionSet set = instructionSet();
  if (set == InstructionSet::avx512) return dotAvx512(x, sums);
  if (set == InstructionSet::avx2) return dotAvx2(x, sums);
  dotAll<1, 2>(x, sums);
}

}  // namespace trainer
