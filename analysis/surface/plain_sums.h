// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/ATen.h>

#include <cmath>
#include <span>

/// Plain loops over doubles on the CPU, for what may not depend on devices or threads: the bits of directions, and what is measured on them.
namespace analysis {

inline double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}
inline double norm(std::span<const double> a) { return std::sqrt(dot(a, a)); }

inline at::Tensor doublesOnCpu(const at::Tensor& t) { return t.detach().to(at::kCPU, at::kDouble).contiguous(); }

inline std::span<const double> numbers(const at::Tensor& t) { return {t.const_data_ptr<double>(), static_cast<std::size_t>(t.numel())}; }
inline std::span<double> mutableNumbers(at::Tensor& t) { return {t.mutable_data_ptr<double>(), static_cast<std::size_t>(t.numel())}; }

/// out += a v
inline void addTo(std::span<double> out, double a, std::span<const double> v) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += a * v[i];
}

}  // namespace analysis
