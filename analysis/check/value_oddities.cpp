// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/check/probed_surface.h"

namespace analysis {
namespace {

constexpr double kColours = 256, kPolicy = 0.1, kStandardError = 0.1;
constexpr std::size_t kNotFinite = 4;  ///< cells that are not finite and are looked at in double

Finding none(const char* name, std::string why) { return {.name = name, .verdict = OddityVerdict::notApplicable, .sentence = std::move(why), .advice = {}}; }

void judge(Finding& f) { f.verdict = f.value > f.limit || std::isnan(f.value) ? OddityVerdict::found : OddityVerdict::passed; }

Finding centreValue(ProbedSurface& s) {
  const SurfaceGrid& g = s.grid();
  const std::int64_t cell = centreCell(g);
  if (cell < 0) return none("centre-value", "no cell lies at (0, 0)");
  const double stored = g.train.loss[static_cast<std::size_t>(cell)];
  Finding f{.name = "centre-value", .limit = s.rounding(1e-6, 1e-10)};
  f.value = std::max(std::abs(stored - s.centre()), std::abs(g.centre - s.centre())) / std::max(1.0, std::abs(s.centre()));
  judge(f);
  f.sentence = fmt::format("the centre says {:.8g}, the checkpoint of step {} has {:.8g} on the same {} samples", stored, g.step, s.centre(), s.run().train->sampleCount());
  if (f.verdict == OddityVerdict::found) f.advice = "it is not this checkpoint on these samples: the run has been trained again, or the surface was made elsewhere; compute it again";
  return f;
}

Finding recordedLoss(ProbedSurface& s) {
  const MeasureSpec& m = s.spec().measure;
  const bool all = s.spec().measure.split == "train" && s.run().train->sampleCount() == s.record().trainItems;
  if (!all || m.loss != "plain" || m.weights != "trained" || m.logits != "raw" || m.batchNorm == "train" || m.batchNorm == "recomputed" || !m.mean.empty())
    return none("recorded-loss", "training records the plain loss of all training samples, another one is drawn here");
  const auto at = std::find_if(s.record().evaluations.begin(), s.record().evaluations.end(), [&](const trainer::EvaluationRecord& e) { return e.step == s.grid().step; });
  if (at == s.record().evaluations.end()) return none("recorded-loss", fmt::format("training recorded nothing at step {}", s.grid().step));
  Finding f{.name = "recorded-loss", .value = std::abs(at->trainLoss - s.grid().centre) / std::max(1.0, at->trainLoss), .limit = 1e-6};
  judge(f);
  f.sentence = fmt::format("the centre says {:.8g}, training recorded {:.8g} at step {}", s.grid().centre, at->trainLoss, at->step);
  if (f.verdict == OddityVerdict::found) f.advice = "the curves of the run and this surface are not of the same weights or samples: compute it again";
  return f;
}

/// Whether the values fit better with rows and columns exchanged: found where every cell's mirror across the diagonal agrees.
bool isTransposed(const ProbedSurface& s, double limit) {
  const SurfaceGrid& g = s.grid();
  if (g.rows() != g.columns()) return false;
  return std::all_of(s.cells().begin(), s.cells().end(), [&](const ProbedCell& c) {
    return std::abs(g.train.loss[c.column * g.x.size() + c.row] - c.again) <= limit * std::max(1.0, std::abs(c.again));
  });
}

Finding cellsAgain(ProbedSurface& s) {
  if (s.cells().empty()) return none("cells-again", "no cell beside the centre is finite");
  bool eigen = false;
  for (const AxisReport& a : s.directions().axes) eigen = eigen || std::isfinite(a.eigenvalue);
  Finding f{.name = "cells-again", .value = 0, .limit = eigen ? 1e-2 : s.rounding(1e-5, 1e-9)};
  const ProbedCell* worst = &s.cells().front();
  for (const ProbedCell& c : s.cells()) {
    const double d = std::abs(c.stored - c.again) / std::max(1.0, std::abs(c.again));
    if (!(d <= f.value)) f.value = d, worst = &c;
  }
  judge(f);
  f.sentence = fmt::format("{} cells evaluated again: at ({:.4g}, {:.4g}) the surface says {:.6g} and the network {:.6g}", s.cells().size(), worst->x, worst->y, worst->stored, worst->again);
  if (f.verdict == OddityVerdict::found)
    f.advice = isTransposed(s, f.limit) ? "rows and columns are exchanged: every value is right at (y, x)" : "the values are not those of this run along these axes: other directions, another checkpoint or another order of the cells";
  return f;
}

Finding spikes(ProbedSurface& s) {
  const std::vector<Spike> all = spikesOf(s.grid());
  Finding f{.name = "spikes", .value = static_cast<double>(all.size()), .limit = 0};
  judge(f);
  if (all.empty()) {
    f.sentence = "no cell stands out from its neighbours";
    return f;
  }
  const Spike& worst = *std::max_element(all.begin(), all.end(), [](const Spike& a, const Spike& b) { return std::abs(a.value - a.neighbours) < std::abs(b.value - b.neighbours); });
  const double x = s.grid().x[static_cast<std::size_t>(worst.column)], y = s.grid().y[static_cast<std::size_t>(worst.row)], again = s.loss(x, y);
  const bool real = std::abs(again - worst.value) <= 1e-2 * std::max(1.0, std::abs(worst.value));
  f.sentence = fmt::format("{} cell{} far off the neighbours; the one at ({:.4g}, {:.4g}) holds {:.6g} between {:.6g}, evaluated again it is {:.6g}", all.size(), all.size() == 1 ? " stands" : "s stand", x, y,
                           worst.value, worst.neighbours, again);
  f.advice = real ? "it is there: the loss changes faster than the grid, take a finer one or a smaller range" : "the stored value is wrong: compute the surface again";
  return f;
}

Finding rounding(ProbedSurface& s) {
  if (s.run().precision == "double") return none("rounding", "it was computed in double");
  MeasureSpec exact = s.spec().measure;
  exact.precision = "double";
  const LoadedRun run = loadRun(exact, Statistics::moveAlong);
  Finding f{.name = "rounding", .limit = 1 / kColours};
  double worst = std::abs(s.lossOf(run, exact, 0, 0) - s.centre());
  for (const ProbedCell& c : s.cells()) worst = std::max(worst, std::abs(s.lossOf(run, exact, c.x, c.y) - c.again));
  f.value = s.span() > 0 ? worst / s.span() : INFINITY;
  judge(f);
  f.sentence = fmt::format("in double the loss moves by up to {:.2g}, {:.2g} of the span shown", worst, f.value);
  if (f.verdict == OddityVerdict::found) f.advice = "what looks like texture is rounding: --precision double, or a larger range";
  std::size_t seen = 0, finite = 0;
  const SurfaceGrid& g = s.grid();
  for (std::size_t i = 0; i < g.train.loss.size() && seen < kNotFinite; ++i)
    if (g.computed[i] && !std::isfinite(g.train.loss[i])) ++seen, finite += std::isfinite(s.lossOf(run, exact, g.x[i % g.x.size()], g.y[i / g.x.size()])) ? 1 : 0;
  if (seen > 0) f.sentence += fmt::format("; of {} cells that are not finite {} are in double", seen, finite);
  if (finite > 0) f.verdict = OddityVerdict::found, f.advice = "the network overflows in float only: --precision double";
  return f;
}

Finding batchNorm(ProbedSurface& s) {
  if (s.run().model->bufferLayout().size() == 0) return none("batch-norm", "the network has no batch normalisation: every policy is the same");
  Finding f{.name = "batch-norm", .value = 0, .limit = kPolicy};
  std::string policies;
  const ProbedCell* at = s.cells().empty() ? nullptr : &s.cells().front();
  for (const char* policy : {"eval", "train", "recomputed"}) {
    if (policy == s.grid().batchNorm) continue;
    MeasureSpec other = s.spec().measure;
    other.batchNorm = policy;
    const LoadedRun run = loadRun(other);
    for (const ProbedCell& c : s.cells()) {
      const double loss = s.lossOf(run, other, c.x, c.y);
      const double d = std::abs(loss - c.again) / std::max(std::abs(c.again), 1e-12);
      if (!(d <= f.value)) f.value = d;
      if (&c == at) policies += fmt::format(", {} by {}", fmt::format("{:.4g}", loss), policy);
    }
  }
  judge(f);
  if (at) f.sentence = fmt::format("at ({:.4g}, {:.4g}) the loss is {:.4g} by {}{}; the policies differ by up to {:.2g} of it", at->x, at->y, at->again, s.grid().batchNorm, policies, f.value);
  if (f.verdict == OddityVerdict::found) f.advice = "away from the checkpoint its running statistics are no longer those of the network: name the policy, and look at --bn recomputed too";
  return f;
}

/// Mean and standard error.
std::pair<double, double> meanOf(const at::Tensor& v) {
  const auto n = static_cast<double>(v.numel());
  return {v.mean().item<double>(), n > 1 ? v.std().item<double>() / std::sqrt(n) : INFINITY};
}

Finding samples(ProbedSurface& s) {
  const at::Tensor centre = s.itemLosses(0, 0);
  const auto [loss, error] = meanOf(centre);
  Finding f{.name = "samples", .value = error / s.span(), .limit = kStandardError};
  f.sentence = fmt::format("{} samples: the loss at the centre is {:.4g} with a standard error of {:.2g}, {:.2g} of the span shown", s.run().train->sampleCount(), loss, error, f.value);
  if (!s.cells().empty()) {
    const ProbedCell& far = s.cells().front();
    const auto [rise, riseError] = meanOf(s.itemLosses(far.x, far.y) - centre);
    f.value = std::max(f.value, riseError / std::abs(rise));
    f.sentence += fmt::format("; the rise to ({:.4g}, {:.4g}) is {:.4g} with {:.2g} (paired)", far.x, far.y, rise, riseError);
  }
  judge(f);
  if (f.verdict == OddityVerdict::passed) return f;
  f.advice = "with other samples the picture would be another: take more (--samples all)";
  if (s.grid().split == "train" && s.run().train->sampleCount() == s.record().trainItems)
    f.verdict = OddityVerdict::informative, f.advice = "it is the loss of all training samples, and exact as such; of the loss on unseen ones it says little";
  return f;
}

}  // namespace

std::vector<Finding> valueOddities(ProbedSurface& s) { return {centreValue(s), recordedLoss(s), cellsAgain(s), spikes(s), rounding(s), batchNorm(s), samples(s)}; }

}  // namespace analysis
