// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "analysis/check/grid_oddities.h"

namespace analysis {
namespace {

constexpr double kCosine = 0.1, kLengths = 4, kVariance = 0.05, kOutOfPlane = 0.5, kScales = 1.5;

Finding none(const char* name, std::string why) {
  return {.name = name, .verdict = OddityVerdict::notApplicable, .sentence = std::move(why), .advice = {}};
}

Finding axisAngle(const SurfaceGrid& g) {
  if (g.slice) return none("axis-angle", "a slice has one axis");
  if (!std::isfinite(g.cosine) || g.directionNorms.empty()) return none("axis-angle", "the file does not say at what angle the axes stand");
  Finding f{.name = "axis-angle", .value = std::abs(g.cosine), .limit = kCosine};
  f.verdict = f.value > kCosine ? OddityVerdict::found : OddityVerdict::passed;
  f.sentence = fmt::format("the axes stand at {:.1f} degrees (cosine {:.3f})", std::acos(std::clamp(g.cosine, -1.0, 1.0)) * 180 / M_PI, g.cosine);
  if (f.verdict == OddityVerdict::found) f.advice = "drawn at right angles, round bowls look like tilted ellipses: --orthogonalise, or say the cosine on the picture";
  return f;
}

Finding axisLengths(const SurfaceGrid& g) {
  if (g.slice) return none("axis-lengths", "a slice has one axis");
  if (g.directionNorms.size() < 2 || !(g.directionNorms[0] > 0) || !(g.directionNorms[1] > 0)) return none("axis-lengths", "the file does not say how long the axes are");
  const double across = g.directionNorms[0] * (g.x.back() - g.x.front()), along = g.directionNorms[1] * (g.y.back() - g.y.front());
  Finding f{.name = "axis-lengths", .value = std::max(across, along) / std::min(across, along), .limit = kLengths};
  f.verdict = f.value > kLengths ? OddityVerdict::found : OddityVerdict::passed;
  f.sentence = fmt::format("the picture is {:.4g} wide and {:.4g} deep in parameter space", across, along);
  if (f.verdict == OddityVerdict::found) f.advice = "the same distance on the screen is not the same distance along both axes, so a valley may be the scales alone: --orthonormal, or ranges that match";
  return f;
}

/// Shares along the axes that are principal directions.
Finding pcaVariance(const SurfaceGrid& g) {
  double explained = 0, walk = 0;
  std::int64_t axes = 0;
  for (const AxisReport& a : g.axes)
    if (std::isfinite(a.explainedVariance)) explained += a.explainedVariance, walk += a.randomWalkVariance, ++axes;
  if (axes == 0) return none("pca-variance", "no axis is a principal direction of the checkpoints");
  Finding f{.name = "pca-variance", .value = explained - walk, .limit = kVariance};
  f.verdict = f.value < kVariance ? OddityVerdict::found : OddityVerdict::passed;
  f.sentence = fmt::format("{} hold{} {:.1f} % of the checkpoints' variance; a random walk of the same length shows {:.1f} %", axes == 1 ? "this axis" : "the axes", axes == 1 ? "s" : "", 100 * explained, 100 * walk);
  if (f.verdict == OddityVerdict::found) f.advice = "the path looks as it does because it is a path, not because of this training: read no shape into it";
  return f;
}

Finding trajectory(const SurfaceGrid& g) {
  if (g.trajectory.empty()) return none("trajectory", "no checkpoints are drawn");
  const TrajectoryPoint* worst = nullptr;
  double share = 0, difference = 0;
  const double n1 = g.directionNorms.empty() ? 1 : g.directionNorms[0], n2 = g.directionNorms.size() > 1 ? g.directionNorms[1] : 0;
  for (const TrajectoryPoint& p : g.trajectory) {
    const double along = p.x * p.x * n1 * n1 + p.y * p.y * n2 * n2 + 2 * p.x * p.y * n1 * n2 * g.cosine, out = p.distance * p.distance;
    const double s = along + out > 0 ? out / (along + out) : 0;
    if (!worst || s > share) share = s, worst = &p;
    if (std::isfinite(p.loss - p.planeLoss)) difference = std::max(difference, std::abs(p.loss - p.planeLoss));
  }
  Finding f{.name = "trajectory", .value = share, .limit = kOutOfPlane};
  f.verdict = share > kOutOfPlane ? OddityVerdict::found : OddityVerdict::passed;
  f.sentence = fmt::format("the checkpoint of step {} has {:.0f} % of its squared distance from the centre out of the plane ({:.3g}); under the checkpoints the plane's loss is off by up to {:.3g}", worst->step,
                           100 * share, worst->distance, difference);
  if (f.verdict == OddityVerdict::found) f.advice = "the optimizer never saw the surface under its path: draw the stems to the true loss, or take --x pca:1 --y pca:2";
  return f;
}

template <class T>
void differs(std::vector<std::string>& list, const char* what, const T& a, const T& b) {
  if (a != b) list.push_back(fmt::format("{} {} against {}", what, a, b));
}

/// What makes two pictures incomparable, in words.
std::vector<std::string> differences(const SurfaceResult& a, const SurfaceResult& b) {
  std::vector<std::string> list;
  const MeasureSpec &m = a.spec.measure, &n = b.spec.measure;
  const auto range = [](const std::vector<double>& v) { return v.empty() ? std::string("none") : fmt::format("{:.4g}:{:.4g}", v.front(), v.back()); };
  differs(list, "range of x", range(a.grid.x), range(b.grid.x));
  differs(list, "range of y", range(a.grid.y), range(b.grid.y));
  differs(list, "grid", fmt::format("{} x {}", a.grid.columns(), a.grid.rows()), fmt::format("{} x {}", b.grid.columns(), b.grid.rows()));
  differs(list, "samples", a.grid.samples, b.grid.samples);
  differs(list, "split", a.grid.split, b.grid.split);
  if (m.samples.value_or(-1) != 0 && a.grid.samples == b.grid.samples) differs(list, "seed of the samples", m.seed, n.seed);
  differs(list, "batch norm", a.grid.batchNorm, b.grid.batchNorm);
  differs(list, "precision", a.grid.precision, b.grid.precision);
  differs(list, "loss", m.loss, n.loss);
  differs(list, "logits", m.logits, n.logits);
  differs(list, "weights", m.weights, n.weights);
  differs(list, "x", a.spec.x.kind, b.spec.x.kind);
  if (a.spec.y && b.spec.y) differs(list, "y", a.spec.y->kind, b.spec.y->kind);
  differs(list, "normalisation", a.spec.normalise, b.spec.normalise);
  differs(list, "1-D tensors", a.spec.oneD, b.spec.oneD);
  differs(list, "draw of the directions", a.spec.directionSeed, b.spec.directionSeed);
  return list;
}

Finding equalSettings(const SurfaceResult& surface, const std::vector<SurfaceResult>& beside) {
  if (beside.empty()) return none("equal-settings", "one surface alone");
  std::vector<std::string> all;
  for (const SurfaceResult& other : beside)
    for (std::string& d : differences(surface, other))
      if (std::find(all.begin(), all.end(), d) == all.end()) all.push_back(std::move(d));
  Finding f{.name = "equal-settings", .value = static_cast<double>(all.size()), .limit = 0};
  f.verdict = all.empty() ? OddityVerdict::passed : OddityVerdict::found;
  f.sentence = all.empty() ? fmt::format("the same settings as the {} beside it", beside.size() == 1 ? "one" : std::to_string(beside.size())) : fmt::format("{}", fmt::join(all, "; "));
  if (!all.empty()) f.advice = "compute them with one form: same samples, ranges, precision, policy and draw";
  return f;
}

Finding equalScales(const SurfaceResult& surface, const std::vector<SurfaceResult>& beside) {
  if (beside.empty()) return none("equal-scales", "one surface alone");
  double least = rangeOf(surface.grid).span, most = least;
  for (const SurfaceResult& other : beside) {
    const double span = rangeOf(other.grid).span;
    least = std::min(least, span), most = std::max(most, span);
  }
  Finding f{.name = "equal-scales", .value = most / least, .limit = kScales};
  f.verdict = f.value > kScales ? OddityVerdict::found : OddityVerdict::passed;
  f.sentence = fmt::format("the losses span {:.4g} in one picture and {:.4g} in another", least, most);
  if (f.verdict == OddityVerdict::found) f.advice = "each in its own colours, they look equally steep: set the range to all visible, or fix it";
  return f;
}

}  // namespace

std::vector<Finding> axisOddities(const SurfaceResult& surface, const std::vector<SurfaceResult>& beside) {
  const SurfaceGrid& g = surface.grid;
  return {axisAngle(g), axisLengths(g), pcaVariance(g), trajectory(g), equalSettings(surface, beside), equalScales(surface, beside)};
}

}  // namespace analysis
