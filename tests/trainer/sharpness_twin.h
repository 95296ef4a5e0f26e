// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "trainer/base/random.h"
#include "trainer/model/parameter_layout.h"
#include "trainer/optim/sharpness_step.h"

namespace trainer::twin {

/// A vector as numbers, and what can be said of place k.
using Numbers = std::vector<double>;

inline Numbers numbers(const at::Tensor& t) {
  const at::Tensor v = t.contiguous();
  return Numbers(v.const_data_ptr<double>(), v.const_data_ptr<double>() + v.numel());
}
inline at::Tensor tensor(const Numbers& v) { return at::tensor(v, at::kDouble); }

inline double dot(const Numbers& a, const Numbers& b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

/// The sharpness methods once more, number by number, as their papers' algorithms are written down; keeps what they keep.
class Sharpness {
 public:
  Sharpness(SharpnessOptions options, const ParameterLayout& layout) : o_(std::move(options)), layout_(layout) {}

  Numbers step(BatchObjective& objective, const Numbers& theta, std::int64_t t) {
    double rho = o_.rho, alpha = o_.alpha;
    const double share = o_.warmupSteps > 0 && t < o_.warmupSteps ? static_cast<double>(t) / static_cast<double>(o_.warmupSteps) : 1;
    if (o_.warmup == "r") rho *= share;
    if (o_.warmup == "lambda") alpha *= share;
    const bool off = o_.method == "none" || (o_.warmup == "zero" && t < o_.warmupSteps);
    Numbers g1(theta.size()), g2(theta.size()), hu(theta.size());
    const bool second = !off && t % o_.every == 0;
    for (std::int64_t j = 0; j < objective.groups(); ++j) {
      const Numbers g = numbers(objective.first(j, tensor(theta)).gradient);
      add(g1, objective.weight(j), g);
      if (!second) continue;
      if (o_.penaltyProduct == "exact") {
        add(hu, objective.weight(j), numbers(objective.hessianProduct(j, tensor(theta), tensor(scaled(g, 1 / std::sqrt(dot(g, g)))))));
      } else {
        Numbers moved = theta;
        add(moved, 1, perturbation(theta, g, rho, objective.groups() > 1 ? fmt::format("noise/{}/{}", t, j) : fmt::format("noise/{}", t)));
        add(g2, objective.weight(j), numbers(objective.again(j, tensor(moved))));
      }
    }
    const Numbers result = combine(g1, g2, hu, rho, alpha, off, second);
    if (m_.empty()) m_.assign(theta.size(), 0);
    for (std::size_t k = 0; k < m_.size(); ++k) m_[k] = o_.friendlyLambda * m_[k] + (1 - o_.friendlyLambda) * g1[k];
    return result;
  }

 private:
  static void add(Numbers& sum, double factor, const Numbers& v) {
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += factor * v[k];
  }
  static Numbers scaled(Numbers v, double factor) {
    for (double& x : v) x *= factor;
    return v;
  }

  Numbers combine(const Numbers& g1, const Numbers& g2, const Numbers& hu, double rho, double alpha, bool off, bool second) {
    const double n1 = std::sqrt(dot(g1, g1));
    Numbers result = g1;
    if (off) return result;
    if (o_.method == "looksam" && !second) {
      if (!gv_.empty()) add(result, alpha * n1 / std::sqrt(dot(gv_, gv_)), gv_);
      return result;
    }
    if (!second) return result;
    if (o_.method == "penalty") {
      if (o_.penaltyProduct == "exact") {
        add(result, alpha * rho, hu);
      } else {
        result = scaled(g1, o_.referenceTerm == "unit" ? (1 - alpha) / n1 : 1 - alpha);
        add(result, alpha, g2);
      }
      return result;
    }
    result = g2;
    if (o_.method == "gsam") {  // g2 - alpha (g1 - ||g1|| cos(g1, g2) g2/||g2||)
      const double n2 = std::sqrt(dot(g2, g2)), cosine = dot(g1, g2) / (n1 * n2);
      add(result, -alpha, g1);
      add(result, alpha * n1 * cosine / n2, g2);
    }
    if (o_.method == "looksam") {  // g_v = g_s - ||g_s|| cos(g, g_s) g/||g||
      gv_ = g2;
      add(gv_, -dot(g1, g2) / (n1 * n1), g1);
    }
    return result;
  }

  bool chosen(const ParameterSlice& slice) const {
    if (o_.perturbOnly == "all") return true;
    const char* kind = slice.kind == ParameterKind::bias ? "bias" : slice.kind == ParameterKind::norm ? "norm" : "weight";
    return o_.perturbOnly == kind;
  }

  Numbers perturbation(const Numbers& theta, const Numbers& g, double rho, const std::string& noise) const {
    Numbers z(theta.size());
    fillNormal(z, deriveSeed(o_.seed, noise));
    const bool adaptive = o_.method == "asam" || (o_.method != "friendly-sam" && o_.perturbation == "adaptive");
    const bool random = o_.perturbation == "random" && o_.method != "asam" && o_.method != "friendly-sam";
    Numbers direction(theta.size(), 0), weighted(theta.size(), 0);
    for (const ParameterSlice& slice : layout_.slices())
      for (auto k = static_cast<std::size_t>(slice.offset); chosen(slice) && k < static_cast<std::size_t>(slice.offset + slice.count()); ++k) {
        const double scale = adaptive && slice.name.ends_with("weight") ? std::abs(theta[k]) + o_.asamEta : 1;
        double d = random ? z[k] : g[k];
        if (o_.method == "friendly-sam") d -= o_.friendlySigma * (o_.friendlyLambda * (m_.empty() ? 0 : m_[k]) + (1 - o_.friendlyLambda) * g[k]);
        direction[k] = scale * scale * d;
        weighted[k] = scale * d;
      }
    return scaled(direction, o_.perturbation == "unnormalised" && o_.method != "asam" ? rho : rho / std::sqrt(dot(weighted, weighted)));
  }

  SharpnessOptions o_;
  const ParameterLayout& layout_;
  Numbers gv_, m_;
};

}  // namespace trainer::twin
