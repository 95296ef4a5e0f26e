// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/curvature_tracker.h"

#include <ATen/ATen.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <string_view>

#include "analysis/model_objective.h"
#include "analysis/spectrum/krylov_space.h"
#include "trainer/base/error.h"
#include "trainer/base/random.h"
#include "trainer/run/curvature_tracker.h"

namespace analysis {
namespace {

constexpr double kTolerance = 1e-2;   ///< of the residual, relative to |lambda|
constexpr double kRandomPart = 1;     ///< length of what is added to a unit start
constexpr double kDoubt = 2;          ///< residuals that the second Ritz value stays below the first by
constexpr std::int64_t kLeastSteps = 5;  ///< before convergence is believed

void check(const trainer::CurvatureRequest& request) {
  if (request.maxProducts < 1) throw std::invalid_argument(fmt::format("--curvature-products must be >= 1, got {}", request.maxProducts));
  if (request.start.defined() && request.start.numel() != request.theta.numel())
    throw std::invalid_argument(fmt::format("the start vector of the curvature has {} numbers, theta has {}", request.start.numel(), request.theta.numel()));
}

ModelObjective objectiveOf(const trainer::CurvatureRequest& request) {
  ModelObjective::Parts parts;
  parts.model = request.model;
  parts.theta = request.theta;
  parts.buffers = request.buffers;
  parts.data = request.data;
  parts.normalisation = request.normalisation;
  parts.loss = {.kind = request.loss, .labelSmoothing = request.labelSmoothing};
  parts.weightDecay = request.weightDecay;
  return ModelObjective(std::move(parts));
}

/// The last vector with as much of everything in it, another draw each time; undefined where there is no usable one.
at::Tensor startOf(const trainer::CurvatureRequest& request, std::uint64_t seed) {
  if (!request.start.defined()) return {};
  const at::Tensor last = request.start.detach().to(request.theta.options().requires_grad(false));
  const double length = last.to(at::kDouble).norm().item<double>();
  if (!std::isfinite(length) || length == 0) return {};
  const at::Tensor bytes = last.cpu().contiguous();
  const std::string_view all(static_cast<const char*>(bytes.const_data_ptr()), bytes.nbytes());
  return last / length + kRandomPart * randomUnitVector(last.numel(), last.options(), trainer::deriveSeed(seed, all));
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

class LanczosTracker : public trainer::CurvatureTracker {
 public:
  trainer::CurvatureResult measure(const trainer::CurvatureRequest& request, const Context& context) override {
    try {
      check(request);
      return measured(request, context);
    } catch (const c10::Error& e) {
      throw trainer::Error(fmt::format("the curvature could not be measured: {}", e.what_without_backtrace()));
    }
  }

 private:
  static trainer::CurvatureResult measured(const trainer::CurvatureRequest& request, const Context& context) {
    const auto started = std::chrono::steady_clock::now();
    ModelObjective objective = objectiveOf(request);
    const auto hessian = objective.hessian(objective.theta0(), 0, context);
    const std::uint64_t seed = trainer::deriveSeed(request.seed, "curvature");
    KrylovSpace space(*hessian, {}, seed, startOf(request, seed));
    grow(space, request.maxProducts, context);
    const std::int64_t top = space.size() - 1;
    trainer::CurvatureResult result;
    result.vector = withFixedSign(space.vector(top));
    result.record = {.lambdaMax = space.values()[top], .residual = space.estimate(top), .products = space.size(), .samples = objective.sampleCount()};
    // After one product the Ritz vector is the start itself: its product is known, and the estimate is the residual.
    if (space.size() < request.maxProducts) refresh(result, *hessian);
    result.record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return result;
  }

  static void refresh(trainer::CurvatureResult& result, LinearOperator& hessian) {
    const at::Tensor product = hessian.apply(result.vector);
    ++result.record.products;
    result.record.lambdaMax = dotInDouble(result.vector, product);
    result.record.residual = (product.to(at::kDouble) - result.record.lambdaMax * result.vector.to(at::kDouble)).norm().item<double>();
  }
};

}  // namespace

std::shared_ptr<trainer::CurvatureTracker> makeCurvatureTracker() { return std::make_shared<LanczosTracker>(); }

}  // namespace analysis
