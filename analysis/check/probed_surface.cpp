// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/check/probed_surface.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "trainer/base/random.h"
#include "trainer/run/run_store.h"

namespace analysis {
namespace {

/// At the step that was measured; nothing is written.
SurfaceSpec madeAgain(const SurfaceResult& surface, const OdditySpec& spec) {
  SurfaceSpec s = surface.spec;
  s.measure = spec.measure;
  s.measure.step = std::to_string(surface.grid.step);
  s.saveDirections.clear();
  return s;
}

}  // namespace

ProbedSurface::ProbedSurface(const SurfaceResult& surface, const OdditySpec& spec, const Context& context)
    : surface_(surface), context_(context), made_(madeAgain(surface, spec)), plane_(loadSurfaceRun(made_), made_, context) {
  network_ = dynamic_cast<const ModelObjective*>(plane_.run().train.get());
  if (network_ == nullptr) throw std::invalid_argument("its network is not one of this program's");
  record_ = trainer::readRunRecord(made_.measure.run);
  for (const AxisReport& axis : plane_.directions().axes)
    if (std::isfinite(axis.eigenvalue)) products += axis.products;
  centre_ = loss(0, 0);
  choose(spec.probes, spec.measure.seed);
}

void ProbedSurface::choose(std::int64_t probes, std::uint64_t seed) {
  const SurfaceGrid& g = grid();
  std::vector<std::size_t> all;
  const std::int64_t centre = centreCell(g);
  for (std::size_t i = 0; i < g.train.loss.size(); ++i)
    if (g.computed[i] && std::isfinite(g.train.loss[i]) && static_cast<std::int64_t>(i) != centre) all.push_back(i);
  const auto squared = [&](std::size_t i) {
    const double x = g.x[i % g.x.size()], y = g.y[i / g.x.size()];
    return x * x + y * y;
  };
  std::vector<std::size_t> chosen;
  if (!all.empty()) chosen.push_back(*std::max_element(all.begin(), all.end(), [&](std::size_t a, std::size_t b) { return squared(a) < squared(b); }));
  trainer::RandomStream stream(trainer::deriveSeed(seed, "oddities"));
  while (chosen.size() < std::min<std::size_t>(static_cast<std::size_t>(probes), all.size())) {
    const std::size_t i = all[stream.below(all.size())];
    if (std::find(chosen.begin(), chosen.end(), i) == chosen.end()) chosen.push_back(i);
  }
  for (const std::size_t i : chosen) {
    context_.checkpoint();
    ProbedCell cell{.row = i / g.x.size(), .column = i % g.x.size(), .x = g.x[i % g.x.size()], .y = g.y[i / g.x.size()], .stored = g.train.loss[i]};
    cell.again = loss(cell.x, cell.y);
    cells_.push_back(cell);
    context_.report({.stage = "cells again", .unit = "points", .done = static_cast<std::int64_t>(cells_.size()), .total = probes});
  }
}

double ProbedSurface::rounding(double single, double exact) const { return run().precision == "double" ? exact : single; }

double ProbedSurface::loss(double x, double y) {
  ++evaluations;
  return plane_.evaluate(x, y).train.loss;
}

double ProbedSurface::lossOf(const LoadedRun& other, const MeasureSpec& measure, double x, double y) {
  context_.checkpoint();
  ++evaluations;
  const Directions& d = directions();
  const at::Tensor& theta0 = other.train->theta0();
  at::Tensor theta = theta0 + x * d.d1.to(theta0.options());
  if (d.d2.defined()) theta += y * d.d2.to(theta0.options());
  const PointEvaluator evaluate(other, measure);
  if (!evaluate.movesStatistics()) return evaluate(theta).train.loss;
  at::Tensor statistics = other.train->statistics(theta0);
  if (d.b1.defined()) statistics = statistics + x * d.b1.to(theta0.options());
  if (d.b2.defined()) statistics = statistics + y * d.b2.to(theta0.options());
  return evaluate(theta, statistics).train.loss;
}

at::Tensor ProbedSurface::itemLosses(double x, double y) {
  const at::NoGradGuard noGradient;
  const at::Tensor theta = plane_.pointAt(x, y);
  const at::Tensor statistics = plane_.run().train->statistics(theta);
  std::vector<at::Tensor> parts;
  for (std::int64_t c = 0; c < network_->chunkCount(); ++c)
    parts.push_back(trainer::itemLosses(network_->chunkOutputs(c, {theta, statistics}).to(at::kDouble), network_->chunkLabels(c), network_->parts().loss).reshape({-1}));
  ++evaluations;
  return at::cat(parts).cpu();
}

}  // namespace analysis
