// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// Second backward passes in one sweep over rows that lie behind one another, Real float or double; on all threads. A null output is not computed.
/// The same bits for every number of threads and every instruction set.
namespace trainer {

/// Of s o (g - <s, g>), row by row, with a at it: toG = s o (a - <s, a>), toS = a o (g - <s, g>) - g <s, a>.
template <class Real>
struct SoftmaxSecond {
  const Real *s, *g, *a;
  Real *toG, *toS;
  std::int64_t rows, width;
};
template <class Real>
void softmaxSecond(const SoftmaxSecond<Real>& x);

/// Of a layer norm's backward P(gamma o g), sum g o n, sum g, with a, c, d at them; n = (x - mean) r the normalised row, h = gamma o g, M the mean over a row and
///   P(v) = r (v - M v - n M(v o n)):
///   toG = gamma o P(a) + c o n + d,   toGamma = sum over rows of g o P(a),
///   toX = -r^2 n (M(a o h) - M a M h - M(a n) M(h n)) - r (M(h n) P(a) + M(a n) P(h)) + P(c o g).
/// toGamma is given in parts [parts,width] over rowsAPart rows each.
template <class Real>
struct LayerNormSecond {
  static constexpr std::int64_t rowsAPart = 64;
  const Real *x, *mean, *r, *gamma, *g;
  const Real *a, *c, *d;
  Real *toG, *toX, *toGammaParts;
  std::int64_t rows, width;
};
template <class Real>
void layerNormSecond(const LayerNormSecond<Real>& x);

}  // namespace trainer
