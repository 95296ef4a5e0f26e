// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/sharpness/ball.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>

#include "trainer/base/random.h"

namespace analysis {

Ball::Ball(const std::string& norm, bool adaptive, const at::Tensor& theta) : max_(norm == "linf"), like_(theta.detach()) {
  if (norm != "l2" && norm != "linf") throw std::invalid_argument(fmt::format("--norm '{}' is unknown; this version has: l2, linf", norm));
  if (adaptive) scale_ = like_.abs();
}

at::Tensor Ball::scaled(const at::Tensor& u) const { return adaptive() ? u * scale_ : u; }

at::Tensor Ball::unitAscent(const at::Tensor& gradient) const {
  const at::Tensor g = scaled(gradient);
  if (max_) return g.sign();
  const double length = normOf(g);
  return length > 0 ? g / length : at::zeros_like(g);
}

at::Tensor Ball::project(const at::Tensor& u, double rho) const {
  if (max_) return u.clamp(-rho, rho);
  const double length = normOf(u);
  return length > rho ? u * (rho / length) : u;
}

at::Tensor Ball::random(double rho, std::uint64_t seed) const {
  at::Tensor u;
  if (max_) {
    const at::Tensor drawn = at::empty({like_.numel()}, at::kDouble);
    trainer::RandomStream stream(seed);
    double* out = drawn.mutable_data_ptr<double>();
    for (std::int64_t i = 0; i < drawn.numel(); ++i) out[i] = rho * (2 * stream.uniform() - 1);
    u = drawn.to(like_.options());
  } else {
    u = gaussianLike(like_, seed);
  }
  if (adaptive()) u = u * scale_.ne(0);
  if (max_) return u;
  const double length = normOf(u);
  return length > 0 ? u * (rho / length) : u;
}

at::Tensor gaussianLike(const at::Tensor& like, std::uint64_t seed) {
  const at::Tensor drawn = at::empty({like.numel()}, at::kDouble);
  trainer::fillNormal({drawn.mutable_data_ptr<double>(), static_cast<std::size_t>(drawn.numel())}, seed);
  return drawn.to(like.options());
}

double normOf(const at::Tensor& v) { return v.to(at::kDouble).norm().item<double>(); }
double dotOf(const at::Tensor& a, const at::Tensor& b) { return a.to(at::kDouble).dot(b.to(at::kDouble)).item<double>(); }

}  // namespace analysis
