// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/sharpness/measure_kappa.h"

#include <ATen/ATen.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <string_view>
#include <variant>

#include "analysis/kinks.h"
#include "analysis/load_objective.h"
#include "analysis/sharpness/ball.h"
#include "analysis/spectrum/eigenvector.h"
#include "analysis/surface/directions.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

constexpr double kSmoothFloat = 1e-2, kSmoothDouble = 1e-4;

std::vector<double> stepsOf(const KappaSpec& spec) {
  if (!spec.steps.empty()) return spec.steps;
  std::vector<double> steps;
  for (int k = 0; k <= 12; ++k) steps.push_back(std::pow(10.0, -4 + k / 3.0));
  return steps;
}

/// K of "eigen:K"; 0 for the other directions.
std::int64_t eigenOf(const std::string& direction) {
  constexpr std::string_view prefix = "eigen:";
  if (direction == "gradient" || direction == "random") return 0;
  std::int64_t index = 0;
  const char* end = direction.data() + direction.size();
  if (direction.starts_with(prefix)) {
    const auto [stop, error] = std::from_chars(direction.data() + prefix.size(), end, index);
    if (error == std::errc() && stop == end && index >= 1) return index;
  }
  throw std::invalid_argument(fmt::format("--direction '{}' is unknown; this version has: eigen:K with K = 1, 2, ..., gradient, random", direction));
}

struct Direction {
  at::Tensor u;
  std::string text;
};

Direction directionOf(Objective& f, const KappaSpec& spec, const Context& context) {
  const at::Tensor& theta = f.theta0();
  if (spec.direction == "gradient") {
    const at::Tensor g = f.gradient(theta);
    const double length = normOf(g);
    if (!(length > 0)) throw std::invalid_argument("--direction gradient: the gradient is zero here and has no direction; choose another");
    return {g / length, fmt::format("gradient, ||g|| {:.4g}", length)};
  }
  if (spec.direction == "random") {
    const at::Tensor d = randomDirection(f.layout(), theta, {.seed = spec.directionSeed});
    const double length = normOf(d);
    if (!(length > 0)) throw std::invalid_argument("--direction random: filter-normalised against weights that are all zero it has no length; choose another");
    return {(d / length).to(theta.options()), fmt::format("random, filter-normalised, then unit, seed {}", spec.directionSeed)};
  }
  const HessianDirection e = hessianEigenvector(f, eigenOf(spec.direction), spec.measure.memoryBytes, spec.measure.seed, context);
  return {e.vector.to(theta.options()), fmt::format("eigenvector {}, lambda {:.6g}", spec.direction.substr(6), e.eigenvalue)};
}

Kappa measure(const KappaSpec& spec, const LoadedRun& run, const Context& context) {
  Objective& f = *run.train;
  Kappa k;
  k.step = run.step, k.samples = f.sampleCount(), k.parameters = f.layout().size();
  k.batchNorm = spec.measure.batchNorm, k.precision = run.precision, k.device = run.device, k.kinked = isKinked(run.spec);
  k.lossValue = f.evaluate(f.theta0()).loss;
  const Direction d = directionOf(f, spec, context);
  k.direction = d.text;
  k.reference = dotOf(d.u, f.hessian(f.theta0(), spec.measure.memoryBytes, context)->apply(d.u));
  k.closest = std::numeric_limits<double>::infinity();
  const std::vector<double> steps = stepsOf(spec);
  try {
    for (const double h : steps) {
      context.checkpoint();
      k.points.push_back(kappaAt(f, d.u, k.lossValue, h));
      k.closest = std::min(k.closest, std::abs(k.points.back().fromGradient - k.reference) / std::abs(k.reference));
      context.report({.stage = "kappa(h)", .unit = "steps", .done = static_cast<std::int64_t>(k.points.size()), .total = static_cast<std::int64_t>(steps.size())});
    }
  } catch (const trainer::Cancelled&) {
    if (k.points.empty()) throw;
    k.stopped = true;
  }
  const double bound = f.theta0().scalar_type() == at::kDouble ? kSmoothDouble : kSmoothFloat;
  k.verdict = k.kinked ? "informative" : k.closest <= bound ? "passed" : "failed";
  return k;
}

}  // namespace

KappaPoint kappaAt(Objective& f, const at::Tensor& u, double loss, double h) {
  const at::Tensor ahead = f.theta0() + u * h, behind = f.theta0() - u * h;
  KappaPoint p{.h = h};
  p.fromLoss = (f.evaluate(ahead).loss + f.evaluate(behind).loss - 2 * loss) / (h * h);
  p.fromGradient = dotOf(u, f.gradient(ahead) - f.gradient(behind)) / (2 * h);
  const double eps = u.scalar_type() == at::kDouble ? std::numeric_limits<double>::epsilon() : std::numeric_limits<float>::epsilon();
  p.rounding = 4 * eps * std::abs(loss) / (h * h);
  return p;
}

Kappa measureKappa(const KappaSpec& spec, const trainer::Context& context) {
  for (const double h : spec.steps)
    if (!(h > 0) || !std::isfinite(h)) throw std::invalid_argument(fmt::format("--steps must be numbers > 0, got {}", h));
  eigenOf(spec.direction);
  try {
    const auto started = std::chrono::steady_clock::now();
    Kappa k = measure(spec, loadRun(spec.measure), context);
    k.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return k;
  } catch (const c10::Error& e) {
    throw trainer::Error(fmt::format("kappa(h) could not be measured: {}", e.what_without_backtrace()));
  }
}

}  // namespace analysis
