// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/curvature_tracker.h"

#include <ATen/ATen.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "analysis/model_objective.h"
#include "analysis/operators/transforms.h"
#include "analysis/spectrum/tracked_measures.h"
#include "trainer/base/error.h"
#include "trainer/base/random.h"
#include "trainer/run/curvature_tracker.h"

namespace analysis {
namespace {

void check(const trainer::CurvatureRequest& request) {
  if (request.maxProducts < 1) throw std::invalid_argument(fmt::format("--curvature-products must be >= 1, got {}", request.maxProducts));
  if (request.start.defined() && request.start.numel() != request.theta.numel())
    throw std::invalid_argument(fmt::format("the start vector of the curvature has {} numbers, theta has {}", request.start.numel(), request.theta.numel()));
  const auto asked = [&](const char* name) { return std::find(request.measures.begin(), request.measures.end(), name) != request.measures.end(); };
  if ((asked("critical-sharpness") || asked("directional-sharpness")) && !request.update.defined())
    throw std::invalid_argument("critical and directional sharpness need the update of the next step, and the request has none");
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

/// One measurement: what several measures share is made when the first of them asks for it.
class Measurement {
 public:
  Measurement(const trainer::CurvatureRequest& request, const Context& context)
      : request_(request), context_(context), objective_(objectiveOf(request)), seed_(trainer::deriveSeed(request.seed, "curvature")) {}

  trainer::CurvatureResult run() {
    result_.vector = request_.start;
    result_.memory = request_.memory;
    result_.record = {.lambdaMax = kNone, .residual = kNone, .samples = objective_.sampleCount()};
    for (const std::string& name : request_.measures) {
      const auto started = std::chrono::steady_clock::now();
      const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count(); };
      if (name == "batch-sharpness") continue;
      if (name == "lambda-max") {
        lambdaMax();
        result_.record.seconds = seconds();
        continue;
      }
      trainer::TrackedValue value = measured(name);
      value.name = name;
      value.items = objective_.sampleCount();
      value.seconds = seconds();
      result_.record.more.push_back(std::move(value));
    }
    return std::move(result_);
  }

 private:
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  LinearOperator& hessian() {
    if (!hessian_) hessian_ = objective_.hessian(objective_.theta0(), 0, context_);
    return *hessian_;
  }

  /// The Hessian as a part of other operators.
  OwnedOperator borrowed() { return restricted(hessian(), {{0, hessian().size()}}); }

  void lambdaMax() {
    TopPair top = topPair(hessian(), request_.start, request_.maxProducts, seed_, context_);
    result_.vector = std::move(top.vector);
    result_.record.lambdaMax = top.value;
    result_.record.residual = top.residual;
    result_.record.products = top.products;
  }

  trainer::TrackedValue measured(const std::string& name) {
    if (name == "lambda-min") return lambdaMin();
    if (name == "trace") return hutchinsonTrace(hessian(), request_.maxProducts, seed_, context_);
    if (name == "critical-sharpness") return criticalSharpness(objective_, request_.update, request_.rate, context_);
    if (name == "directional-sharpness") return directionalSharpness(hessian(), request_.update);
    if (name == "gradient-share") return gradientShare();
    if (name == "eigenspace-overlap") return overlap();
    if (name == "preconditioned-lambda-max") return preconditioned();
    throw std::invalid_argument(fmt::format("unknown --curvature-measures '{}'", name));
  }

  static trainer::TrackedValue valueOf(const TopPair& pair, double sign) { return {.value = sign * pair.value, .error = pair.residual, .products = pair.products}; }

  trainer::TrackedValue lambdaMin() {
    const OwnedOperator negative = scaled(borrowed(), -1);
    const TopPair pair = topPair(*negative, request_.memory.bottom, request_.maxProducts, trainer::deriveSeed(seed_, "bottom"), context_);
    result_.memory.bottom = pair.vector;
    return valueOf(pair, -1);
  }

  trainer::TrackedValue preconditioned() {
    if (!request_.preconditioner.defined()) return {};
    const OwnedOperator a = analysis::preconditioned(borrowed(), request_.preconditioner);
    const TopPair pair = topPair(*a, request_.memory.preconditioned, request_.maxProducts, trainer::deriveSeed(seed_, "preconditioned"), context_);
    result_.memory.preconditioned = pair.vector;
    return valueOf(pair, 1);
  }

  /// The products stand with the measure that asked first.
  trainer::TrackedValue eigenspace() {
    const bool made = space_.vectors.defined();
    if (!made) space_ = topSpace(hessian(), request_.memory.eigenspace, request_.top, request_.maxProducts, trainer::deriveSeed(seed_, "eigenspace"), context_);
    result_.memory.eigenspace = space_.vectors;
    return {.error = space_.sine, .products = made ? 0 : space_.products};
  }

  trainer::TrackedValue gradientShare() {
    trainer::TrackedValue v = eigenspace();
    const at::Tensor g = objective_.gradient(objective_.theta0()).to(at::kDouble);
    ++v.gradients;
    v.value = (at::mv(space_.vectors.to(at::kDouble), g).square().sum() / g.square().sum()).item<double>();
    return v;
  }

  trainer::TrackedValue overlap() {
    trainer::TrackedValue v = eigenspace();
    const at::Tensor& last = request_.memory.eigenspace;
    if (!last.defined()) return v;
    const at::Tensor now = space_.vectors.to(at::kDouble);
    v.value = at::mm(last.to(now.options()), now.t()).square().sum().item<double>() / static_cast<double>(std::min(last.size(0), now.size(0)));
    return v;
  }

  const trainer::CurvatureRequest& request_;
  const Context& context_;
  ModelObjective objective_;
  std::unique_ptr<LinearOperator> hessian_;
  std::uint64_t seed_;
  TopSpace space_;
  trainer::CurvatureResult result_;
};

class LanczosTracker : public trainer::CurvatureTracker {
 public:
  trainer::CurvatureResult measure(const trainer::CurvatureRequest& request, const Context& context) override {
    try {
      check(request);
      return Measurement(request, context).run();
    } catch (const c10::Error& e) {
      throw trainer::Error(fmt::format("the curvature could not be measured: {}", e.what_without_backtrace()));
    }
  }
};

}  // namespace

std::shared_ptr<trainer::CurvatureTracker> makeCurvatureTracker() { return std::make_shared<LanczosTracker>(); }

}  // namespace analysis
