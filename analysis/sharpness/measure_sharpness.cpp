// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/sharpness/measure_sharpness.h"

#include <ATen/ATen.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "analysis/load_objective.h"
#include "analysis/sharpness/ascent.h"
#include "analysis/sharpness/flatness.h"
#include "analysis/sharpness/noise.h"
#include "analysis/sharpness/rises.h"
#include "trainer/base/error.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

std::vector<double> penaltyRadii(const SharpnessSpec& spec, const trainer::RunSpec& run) {
  if (!spec.penaltyRho.empty()) return spec.penaltyRho;
  std::vector<double> radii = {0.001, 0.01, 0.05, 0.1, 0.5};
  const double own = run.sharpness == "none" ? 0 : run.rho.value_or(0);
  if (own > 0 && std::ranges::find(radii, own) == radii.end()) radii.push_back(own);
  std::ranges::sort(radii);
  return radii;
}

/// theta, what is known there, and what is measured from it.
class Measuring {
 public:
  Measuring(const SharpnessSpec& spec, const LoadedRun& run, const Context& context) : spec_(spec), run_(run), objective_(*run.train), context_(context) {}

  Sharpness run() {
    start();
    try {
      penalty();
      s_.measures = measureRises(objective_, spec_, {gradient_, s_.lossValue}, s_, context_);
      objectives();
      if (spec_.relativeFlatness)
        s_.relativeFlatness = relativeFlatness(objective_, *hessian(), spec_.probes, trainer::deriveSeed(spec_.measure.seed, "flatness"), context_);
      if (spec_.pacBayes) pacBayes();
    } catch (const trainer::Cancelled&) {
      s_.stopped = true;
    }
    return std::move(s_);
  }

 private:
  std::unique_ptr<LinearOperator> hessian() { return objective_.hessian(objective_.theta0(), spec_.measure.memoryBytes, context_); }

  void start() {
    context_.checkpoint();
    s_.step = run_.step, s_.samples = objective_.sampleCount(), s_.parameters = objective_.layout().size();
    s_.batchNorm = spec_.measure.batchNorm, s_.precision = run_.precision, s_.device = run_.device;
    s_.parameterNorm = normOf(objective_.theta0());
    s_.lossValue = objective_.evaluate(objective_.theta0()).loss;
    if (!std::isfinite(s_.lossValue))
      throw trainer::NumericalError(fmt::format("the loss at step {} is not finite; sharpness is a rise from it, so measure an earlier step", run_.step));
    gradient_ = objective_.gradient(objective_.theta0());
    s_.gradientNorm = normOf(gradient_);
  }

  void penalty() {
    if (run_.spec.sharpness == "penalty") {
      s_.ownPenaltyLambda = run_.spec.alpha.value_or(1) * run_.spec.rho.value_or(0);
      s_.ownPenaltyObjective = s_.lossValue + s_.ownPenaltyLambda * s_.gradientNorm;
    }
    if (!(s_.gradientNorm > 0)) return;
    const at::Tensor product = hessian()->apply(gradient_ / s_.gradientNorm);
    s_.penaltyApproximation = penaltyApproximation(objective_, gradient_, product, penaltyRadii(spec_, run_.spec), context_);
  }

  void objectives() {
    const Ball ball("l2", false, objective_.theta0());
    for (const double rho : spec_.rho.empty() ? defaultRho("one-step", "l2", false) : spec_.rho)
      s_.objectives.push_back({rho, s_.lossValue + rho * s_.gradientNorm, s_.lossValue + oneStep(objective_, ball, gradient_, s_.lossValue, rho)});
  }

  void pacBayes() {
    for (const std::string& scale : spec_.scales) {
      const Ball ball("l2", scale == "adaptive", objective_.theta0());
      const NoisePoint at{objective_, ball, gradient_, s_.lossValue, spec_.draws, trainer::deriveSeed(spec_.measure.seed, "pac-bayes")};
      s_.pacBayes.push_back(pacBayesSigma(at, *spec_.pacBayes, context_));
    }
  }

  const SharpnessSpec& spec_;
  const LoadedRun& run_;
  Objective& objective_;
  const Context& context_;
  Sharpness s_;
  at::Tensor gradient_;
};

}  // namespace

Sharpness measureSharpness(const SharpnessSpec& spec, const trainer::Context& context) {
  validate(spec);
  try {
    const auto started = std::chrono::steady_clock::now();
    const LoadedRun run = loadRun(spec.measure);
    if (spec.group > run.train->sampleCount())
      throw std::invalid_argument(fmt::format("--group {} is more than the {} samples there are", spec.group, run.train->sampleCount()));
    Sharpness s = Measuring(spec, run, context).run();
    s.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return s;
  } catch (const c10::Error& e) {
    throw trainer::Error(fmt::format("the sharpness could not be measured: {}", e.what_without_backtrace()));
  }
}

}  // namespace analysis
