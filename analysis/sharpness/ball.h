// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

namespace analysis {

/// The set of perturbations delta = T u with ||u|| <= rho, T = 1 (plain) or |theta| elementwise (adaptive): nothing is divided by, so a weight that is zero
/// stays put and no 0/0 arises. Everything below is in u, [P].
///
/// When a ReLU network's layer is multiplied by a and the next divided by it, T u changes the network as before, so an adaptive measure with the same u is the
/// same number. Source: Kwon, Kim, Park, Choi, ASAM, ICML 2021; Andriushchenko et al., ICML 2023 (without eta).
class Ball {
 public:
  /// @throws std::invalid_argument unless norm is l2 or linf.
  Ball(const std::string& norm, bool adaptive, const at::Tensor& theta);
  at::Tensor scaled(const at::Tensor& u) const;                 ///< T u
  at::Tensor unitAscent(const at::Tensor& gradient) const;      ///< of T g: l2 Tg/||Tg||, linf sign(Tg); 0 where T g = 0
  at::Tensor project(const at::Tensor& u, double rho) const;    ///< the nearest point of the ball
  /// l2: uniform on the sphere; linf: uniform in the cube; nothing where T = 0. Drawn on the CPU: the same on every device.
  at::Tensor random(double rho, std::uint64_t seed) const;
  bool adaptive() const { return scale_.defined(); }

 private:
  bool max_;
  at::Tensor scale_;  ///< T; undefined: 1
  at::Tensor like_;   ///< dtype and device
};

/// A Gaussian vector [P] of `like`'s dtype on its device, drawn in double on the CPU from a stream of its own.
at::Tensor gaussianLike(const at::Tensor& like, std::uint64_t seed);

/// Sums in double.
double normOf(const at::Tensor& v);
double dotOf(const at::Tensor& a, const at::Tensor& b);

}  // namespace analysis
