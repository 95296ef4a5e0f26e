// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/tracked_measures.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "analysis/spectrum/krylov_space.h"
#include "trainer/base/random.h"
#include "trainer/run/curvature_measures.h"

namespace analysis {
namespace {

constexpr double kTolerance = 1e-2;   ///< of the residual, relative to |lambda|
constexpr double kRandomPart = 1;     ///< length of what is added to a unit start
constexpr double kDoubt = 2;          ///< residuals that the second Ritz value stays below the first by
constexpr std::int64_t kLeastSteps = 5;  ///< before convergence is believed
constexpr double kSine = 0.05;
constexpr double kTraceError = 0.05;
constexpr double kBracket = 1.02;
constexpr int kDoublings = 20;

/// The last vector with as much of everything in it, another draw each time; undefined where there is no usable one.
at::Tensor startFrom(const at::Tensor& last, const at::TensorOptions& options, std::uint64_t seed) {
  if (!last.defined()) return {};
  const at::Tensor wide = last.detach().to(options);
  const double length = wide.to(at::kDouble).norm().item<double>();
  if (!std::isfinite(length) || length == 0) return {};
  const at::Tensor bytes = wide.cpu().contiguous();
  const std::string_view all(static_cast<const char*>(bytes.const_data_ptr()), bytes.nbytes());
  return wide / length + kRandomPart * randomUnitVector(wide.numel(), options, trainer::deriveSeed(seed, all));
}

/// Whether the second Ritz value stays below the first by twice its own residual, so that it is not one on its way above it.
bool standsAlone(const KrylovSpace& space) {
  const std::int64_t top = space.size() - 1;
  return top > 0 && space.values()[top - 1] + kDoubt * space.estimate(top - 1) <= space.values()[top];
}

/// Grows the space until its top pair has converged and stands alone, leaving one product for the residual.
void grow(KrylovSpace& space, std::int64_t maxProducts, const Context& context) {
  do {
    context.checkpoint();
    space.extend();
    space.diagonalise();
    const std::int64_t top = space.size() - 1;
    const bool converged = space.estimate(top) <= 0.5 * kTolerance * std::abs(space.values()[top]);
    if (converged && space.size() >= kLeastSteps && standsAlone(space)) return;
  } while (!space.exhausted() && space.size() < maxProducts - 1);
}

/// The sine of TopSpace for the top `k` of a space; 1 where it cannot be told.
double sineOf(const KrylovSpace& space, std::int64_t k) {
  const std::int64_t m = space.size();
  if (space.exhausted() || k >= space.values().size()) return space.exhausted() ? 0 : 1;
  double squares = 0;
  for (std::int64_t i = m - k; i < m; ++i) squares += space.estimate(i) * space.estimate(i);
  const double gap = space.values()[m - k] - space.values()[m - k - 1];
  return gap > 0 ? std::min(1.0, std::sqrt(squares) / gap) : 1;
}

at::Tensor rademacher(const at::TensorOptions& options, std::int64_t size, std::uint64_t seed) {
  at::Tensor z = at::empty({size}, at::kDouble);
  trainer::RandomStream stream(seed);
  double* const out = z.mutable_data_ptr<double>();
  for (std::int64_t i = 0; i < size; ++i) out[i] = stream.next() >> 63 ? 1 : -1;
  return z.to(options);
}

/// Where the loss crosses L(theta0) along the update: L(low) <= L(0) < L(high); low = 0 or high = inf where there is no such end.
struct Bracket {
  double low = 0, high = std::numeric_limits<double>::infinity();
};

}  // namespace

TopPair topPair(LinearOperator& a, const at::Tensor& last, std::int64_t maxProducts, std::uint64_t seed, const Context& context) {
  KrylovSpace space(a, {}, seed, startFrom(last, a.options(), seed));
  grow(space, maxProducts, context);
  const std::int64_t top = space.size() - 1;
  TopPair pair{.value = space.values()[top], .residual = space.estimate(top), .products = space.size(), .vector = withFixedSign(space.vector(top))};
  // After one product the Ritz vector is the start itself: its product is known, and the estimate is the residual.
  if (space.size() >= maxProducts) return pair;
  const at::Tensor product = a.apply(pair.vector);
  ++pair.products;
  pair.value = dotInDouble(pair.vector, product);
  pair.residual = (product.to(at::kDouble) - pair.value * pair.vector.to(at::kDouble)).norm().item<double>();
  return pair;
}

TopSpace topSpace(LinearOperator& a, const at::Tensor& last, std::int64_t count, std::int64_t maxProducts, std::uint64_t seed, const Context& context) {
  const at::Tensor sum = last.defined() ? last.sum(0) : at::Tensor();
  KrylovSpace space(a, {}, seed, startFrom(sum, a.options(), seed));
  const std::int64_t k = std::min(count, a.size());
  do {
    context.checkpoint();
    space.extend();
    space.diagonalise();
  } while (!space.exhausted() && space.size() < maxProducts && (space.size() < k + kLeastSteps || sineOf(space, k) > kSine));
  std::vector<at::Tensor> rows;
  for (std::int64_t i = 0; i < std::min(k, space.size()); ++i) rows.push_back(withFixedSign(space.vector(space.size() - 1 - i)));
  return {.vectors = at::stack(rows), .sine = sineOf(space, k), .products = space.size()};
}

trainer::TrackedValue hutchinsonTrace(LinearOperator& a, std::int64_t maxProbes, std::uint64_t seed, const Context& context) {
  trainer::TrackedValue trace;
  double mean = 0, squares = 0;  // Welford's
  do {
    context.checkpoint();
    const at::Tensor z = rademacher(a.options(), a.size(), trainer::deriveSeed(seed, fmt::format("probe/{}", trace.products)));
    const double sample = dotInDouble(z, a.apply(z)), count = static_cast<double>(++trace.products), off = sample - mean;
    mean += off / count;
    squares += off * (sample - mean);
    trace.value = mean;
    if (count > 1) trace.error = std::sqrt(squares / (count - 1) / count);
  } while (trace.products < maxProbes && (trace.products < trainer::kLeastProbes || trace.error > kTraceError * std::abs(mean)));
  return trace;
}

trainer::TrackedValue criticalSharpness(Objective& objective, const at::Tensor& update, double rate, const Context& context) {
  trainer::TrackedValue v;
  const at::Tensor theta = objective.theta0(), step = update.to(theta.options());
  const auto lossAt = [&](double eta) {
    context.checkpoint();
    ++v.forwardPasses;
    return objective.evaluate(eta == 0 ? theta : theta - eta * step).loss;
  };
  const double here = lossAt(0);
  const auto raises = [&](double eta) { return !(lossAt(eta) <= here); };  // what is not finite counts as higher
  Bracket b;
  const bool first = raises(rate);
  (first ? b.high : b.low) = rate;
  for (int i = 1; i <= kDoublings && (b.low == 0 || std::isinf(b.high)); ++i) {
    const double eta = std::ldexp(rate, first ? -i : i);
    (raises(eta) ? b.high : b.low) = eta;
  }
  if (b.low == 0 || std::isinf(b.high)) {
    v.value = b.low == 0 ? std::numeric_limits<double>::infinity() : 0;
    return v;
  }
  while (b.high > kBracket * b.low) {
    const double eta = std::sqrt(b.low * b.high);
    (raises(eta) ? b.high : b.low) = eta;
  }
  v.value = 1 / b.low + 1 / b.high;  // the middle of [2/high, 2/low]
  v.error = 1 / b.low - 1 / b.high;
  return v;
}

trainer::TrackedValue directionalSharpness(LinearOperator& hessian, const at::Tensor& update) {
  trainer::TrackedValue v{.error = 0, .products = 1};
  const at::Tensor u = update.to(hessian.options());
  const double length = u.to(at::kDouble).norm().item<double>();
  const at::Tensor unit = u / length;
  if (length > 0) v.value = dotInDouble(unit, hessian.apply(unit));
  else v.error = std::numeric_limits<double>::quiet_NaN(), v.products = 0;
  return v;
}

}  // namespace analysis
