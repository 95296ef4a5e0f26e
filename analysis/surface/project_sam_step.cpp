// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/project_sam_step.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>

#include "analysis/surface/plain_sums.h"
#include "analysis/surface/project.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

constexpr double kUsualRho = 0.05;

/// `v`, scaled to `length`, over the plane. The nearest point and what is left are orthogonal: their squares add up.
PlaneVector seen(const std::string& name, const at::Tensor& v, double length, const at::Tensor& theta0, const Projector& project) {
  PlaneVector out{.name = name, .norm = norm(numbers(v)), .length = length};
  if (!(out.norm > 0)) return out;
  const Projection p = project(theta0 + v * (length / out.norm));
  out.x = p.x, out.y = p.y;
  out.inPlane = std::sqrt(std::max(0.0, 1 - std::pow(p.distance / length, 2)));
  return out;
}

}  // namespace

SamStep projectSamStep(Plane& plane, std::optional<double> rho) {
  if (plane.statisticsMove()) throw std::invalid_argument("--sam-step with --bn interpolated does not work: where the running statistics move along the plane, gradients are not those of the surface");
  const LoadedRun& run = plane.run();
  Objective& objective = *run.train;
  const at::Tensor theta0 = doublesOnCpu(objective.theta0());
  const at::Tensor g1 = doublesOnCpu(objective.gradient(objective.theta0()));
  const double length = norm(numbers(g1));
  if (!(length > 0) || !std::isfinite(length)) throw trainer::NumericalError(fmt::format("the gradient's norm is {:g} here: SAM has no step", length));
  SamStep s;
  s.rho = rho.value_or(run.spec.rho.value_or(kUsualRho));
  if (run.spec.sharpness == "penalty") s.alpha = run.spec.alpha.value_or(1);
  const at::Tensor e = g1 * (s.rho / length), there = (theta0 + e).to(objective.theta0().options());
  const at::Tensor g2 = doublesOnCpu(objective.gradient(there)), mix = (1 - s.alpha) * g1 + s.alpha * g2;
  const Projector project(objective.theta0(), plane.directions().d1, plane.directions().d2);
  s.loss = plane.evaluate(0, 0).train.loss;
  s.perturbedLoss = plane.evaluateAt(there, {}).train.loss;
  s.predicted = s.loss + s.rho * length;
  const Projection under = project(theta0 + e);
  s.outOfPlane = under.distance;
  s.planeLoss = plane.evaluate(under.x, under.y).train.loss;
  s.cosine = dot(numbers(g1), numbers(g2)) / (length * norm(numbers(g2)));
  s.vectors.push_back(seen("perturbation", g1, s.rho, theta0, project));
  s.vectors.push_back(seen("gradient", -g1, s.rho, theta0, project));
  s.vectors.push_back(seen("perturbed gradient", -g2, s.rho, theta0, project));
  if (s.alpha != 1) s.vectors.push_back(seen("step", -mix, s.rho, theta0, project));
  return s;
}

}  // namespace analysis
