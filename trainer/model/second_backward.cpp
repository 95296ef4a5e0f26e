// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/second_backward.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "trainer/model/instruction_set.h"

namespace trainer {
namespace {

constexpr int kLanes = 16;
constexpr std::int64_t kNumbersAThread = 1 << 14;

/// Sums over a row in 16 running sums, which are added at the end: K of them at once, term(i, k).
template <class Real, int K, class Term>
[[gnu::always_inline]] inline void rowSums(std::int64_t width, Real* sums, const Term& term) {
  Real lanes[K][kLanes] = {};
  std::int64_t i = 0;
  for (; i + kLanes <= width; i += kLanes)
    for (int j = 0; j < kLanes; ++j)
#pragma GCC unroll 8
      for (int k = 0; k < K; ++k) lanes[k][j] += term(i + j, k);
  for (int j = 0; i < width; ++i, ++j)
    for (int k = 0; k < K; ++k) lanes[k][j] += term(i, k);
  for (int k = 0; k < K; ++k) {
    sums[k] = 0;
    for (int j = 0; j < kLanes; ++j) sums[k] += lanes[k][j];
  }
}

template <class Real>
[[gnu::always_inline]] inline void softmaxRow(const SoftmaxSecond<Real>& x, std::int64_t row) {
  const std::int64_t n = x.width, at = row * n;
  const Real *const s = x.s + at, *const g = x.g + at, *const a = x.a + at;
  Real sums[2];
  rowSums<Real, 2>(n, sums, [&](std::int64_t i, int k) { return k == 0 ? s[i] * g[i] : s[i] * a[i]; });
  const Real m = sums[0], q = sums[1];
  if (x.toG != nullptr) {
    Real* const __restrict to = x.toG + at;
    for (std::int64_t i = 0; i < n; ++i) to[i] = s[i] * (a[i] - q);
  }
  if (x.toS != nullptr) {
    Real* const __restrict to = x.toS + at;
    for (std::int64_t i = 0; i < n; ++i) to[i] = a[i] * (g[i] - m) - g[i] * q;
  }
}

template <class Real>
[[gnu::always_inline]] inline void layerNormRow(const LayerNormSecond<Real>& x, std::int64_t row, Real* const __restrict toGamma) {
  const std::int64_t w = x.width, at = row * w;
  const Real *const in = x.x + at, *const g = x.g + at, *const a = x.a + at, *const c = x.c, *const gamma = x.gamma;
  const Real mean = x.mean[row], r = x.r[row], inverse = Real(1) / static_cast<Real>(w);
  const auto n = [&](std::int64_t i) { return (in[i] - mean) * r; };
  Real s[7];  // means of a, a n, a h, h, h n, c g, c g n
  rowSums<Real, 7>(w, s, [&](std::int64_t i, int k) {
    const Real h = gamma[i] * g[i], cg = c[i] * g[i];
    return k == 0 ? a[i] : k == 1 ? a[i] * n(i) : k == 2 ? a[i] * h : k == 3 ? h : k == 4 ? h * n(i) : k == 5 ? cg : cg * n(i);
  });
  for (Real& sum : s) sum *= inverse;
  if (x.toG != nullptr) {
    Real* const __restrict to = x.toG + at;
    for (std::int64_t i = 0; i < w; ++i) to[i] = gamma[i] * (r * (a[i] - s[0] - n(i) * s[1])) + c[i] * n(i) + x.d[i];
  }
  if (x.toX != nullptr) {
    Real* const __restrict to = x.toX + at;
    const Real along = r * r * (s[2] - s[0] * s[3] - s[1] * s[4]);
    for (std::int64_t i = 0; i < w; ++i) {
      const Real pa = r * (a[i] - s[0] - n(i) * s[1]), ph = r * (gamma[i] * g[i] - s[3] - n(i) * s[4]), pc = r * (c[i] * g[i] - s[5] - n(i) * s[6]);
      to[i] = pc - along * n(i) - r * (s[4] * pa + s[1] * ph);
    }
  }
  if (toGamma != nullptr)
    for (std::int64_t i = 0; i < w; ++i) toGamma[i] += g[i] * (r * (a[i] - s[0] - n(i) * s[1]));
}

template <class Real>
[[gnu::always_inline]] inline void rowsOf(const SoftmaxSecond<Real>& x, std::int64_t from, std::int64_t to) {
  for (std::int64_t row = from; row < to; ++row) softmaxRow(x, row);
}

/// Parts [from, to).
template <class Real>
[[gnu::always_inline]] inline void rowsOf(const LayerNormSecond<Real>& x, std::int64_t from, std::int64_t to) {
  for (std::int64_t part = from; part < to; ++part) {
    Real* const toGamma = x.toGammaParts != nullptr ? x.toGammaParts + part * x.width : nullptr;
    if (toGamma != nullptr) std::fill_n(toGamma, x.width, Real(0));
    for (std::int64_t row = part * x.rowsAPart; row < std::min(x.rows, (part + 1) * x.rowsAPart); ++row) layerNormRow(x, row, toGamma);
  }
}

SHARPSCAPE_AVX512 void rowsAvx512(const SoftmaxSecond<float>& x, std::int64_t from, std::int64_t to) { rowsOf(x, from, to); }
SHARPSCAPE_AVX512 void rowsAvx512(const SoftmaxSecond<double>& x, std::int64_t from, std::int64_t to) { rowsOf(x, from, to); }
SHARPSCAPE_AVX512 void rowsAvx512(const LayerNormSecond<float>& x, std::int64_t from, std::int64_t to) { rowsOf(x, from, to); }
SHARPSCAPE_AVX512 void rowsAvx512(const LayerNormSecond<double>& x, std::int64_t from, std::int64_t to) { rowsOf(x, from, to); }
SHARPSCAPE_AVX2 void rowsAvx2(const SoftmaxSecond<float>& x, std::int64_t from, std::int64_t to) { rowsOf(x, from, to); }
SHARPSCAPE_AVX2 void rowsAvx2(const SoftmaxSecond<double>& x, std::int64_t from, std::int64_t to) { rowsOf(x, from, to); }
SHARPSCAPE_AVX2 void rowsAvx2(const LayerNormSecond<float>& x, std::int64_t from, std::int64_t to) { rowsOf(x, from, to); }
SHARPSCAPE_AVX2 void rowsAvx2(const LayerNormSecond<double>& x, std::int64_t from, std::int64_t to) { rowsOf(x, from, to); }

/// `count` units of `numbers` numbers each.
template <class Second>
void onAllThreads(const Second& x, std::int64_t count, std::int64_t numbers) {
  at::parallel_for(0, count, std::max<std::int64_t>(1, kNumbersAThread / numbers), [&](std::int64_t from, std::int64_t to) {
    const InstructionSet set = instructionSet();
    if (set == InstructionSet::avx512) return rowsAvx512(x, from, to);
    if (set == InstructionSet::avx2) return rowsAvx2(x, from, to);
    rowsOf(x, from, to);
  });
}

}  // namespace

template <class Real>
void softmaxSecond(const SoftmaxSecond<Real>& x) {
  onAllThreads(x, x.rows, x.width);
}

template <class Real>
void layerNormSecond(const LayerNormSecond<Real>& x) {
  onAllThreads(x, (x.rows + x.rowsAPart - 1) / x.rowsAPart, x.rowsAPart * x.width);
}

template void softmaxSecond(const SoftmaxSecond<float>&);
template void softmaxSecond(const SoftmaxSecond<double>&);
template void layerNormSecond(const LayerNormSecond<float>&);
template void layerNormSecond(const LayerNormSecond<double>&);

}  // namespace trainer
