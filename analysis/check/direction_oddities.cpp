// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/check/probed_surface.h"
#include "analysis/invariance/transformations.h"
#include "analysis/kinks.h"
#include "analysis/sharpness/ball.h"
#include "analysis/surface/axis_kind.h"
#include "analysis/surface/plain_sums.h"

namespace analysis {
namespace {

using Word = AxisKind::Word;
constexpr double kTooWide = 0.75, kTooNarrow = 0.05, kUnresolved = 0.5, kNotNormalised = 1e-3, kOneDShare = 0.5, kNotInvariant = 1e-2, kRescaling = 2;

Finding none(const char* name, std::string why) { return {.name = name, .verdict = OddityVerdict::notApplicable, .sentence = std::move(why), .advice = {}}; }

struct Axis {
  const char* name;
  at::Tensor d;
  std::vector<double> at;    ///< coordinates
  double curvature = 0;      ///< d'Hd at the centre
  double step() const { return (at.back() - at.front()) / static_cast<double>(at.size() - 1); }
  double reach() const { return std::max(at.back(), -at.front()); }
};

std::vector<Axis> axesOf(ProbedSurface& s) {
  std::vector<Axis> axes = {{"x", s.directions().d1, s.grid().x}};
  if (s.directions().d2.defined()) axes.push_back({"y", s.directions().d2, s.grid().y});
  Objective& f = *s.run().train;
  const auto hessian = f.hessian(f.theta0(), s.spec().measure.memoryBytes, s.context());
  for (Axis& a : axes) a.curvature = dotOf(a.d, hessian->apply(a.d)), ++s.products;
  return axes;
}

/// What the loss was before training; ln C where that was not recorded; NaN where neither is known.
double startLoss(const ProbedSurface& s) {
  const auto& all = s.record().evaluations;
  if (!all.empty() && all.front().step == 0) return all.front().trainLoss;
  if (s.run().spec.loss != "cross-entropy" || s.run().shape.classes < 2) return NAN;
  return std::log(static_cast<double>(s.run().shape.classes));
}

/// "x: a step of 0.031 is 0.2 of 1/sqrt(d'Hd) = 0.16"; sets `coarse` where a step is longer than that.
std::string scaleOf(const Axis& a, bool* coarse) {
  if (!(a.curvature > 0)) return fmt::format("{}: d'Hd is {:.3g}, no scale", a.name, a.curvature);
  const double scale = 1 / std::sqrt(a.curvature);
  if (a.step() > scale) *coarse = true;
  return fmt::format("{}: a step of {:.3g} is {:.2g} of 1/sqrt(d'Hd) = {:.3g}", a.name, a.step(), a.step() / scale, scale);
}

Finding range(const ProbedSurface& s, const std::vector<Axis>& axes) {
  Finding f{.name = "range"};
  bool coarse = false;
  for (const Axis& a : axes) f.sentence += (f.sentence.empty() ? "" : "; ") + scaleOf(a, &coarse);
  const SurfaceGrid& g = s.grid();
  const double start = startLoss(s), span = s.span();
  const auto above = std::count_if(g.train.loss.begin(), g.train.loss.end(), [&](double v) { return !(v <= start); });
  f.value = static_cast<double>(above) / static_cast<double>(g.train.loss.size());
  if (std::isfinite(start)) f.sentence += fmt::format("; {:.0f} % of the cells lie above {:.3g}, where training started", 100 * f.value, start);
  const double reach = axes.front().curvature > 0 && start > s.centre() ? std::sqrt(2 * (start - s.centre()) / axes.front().curvature) : NAN;
  const std::string hint = std::isfinite(reach) ? fmt::format(" (if it were quadratic, x would reach that loss at {:.2g})", reach) : "";
  if (std::isfinite(start) && f.value > kTooWide) f.advice = "too wide: most of the picture is worse than an untrained network, the minimum is a few cells; take a smaller --range" + hint;
  else if (coarse) f.advice = "too coarse: the bowl lies within a cell; a smaller --range or a larger --size" + hint;
  else if (span < kTooNarrow * std::abs(s.centre())) f.advice = fmt::format("too narrow: nothing differs by more than {:.2g} % of the loss at the centre; a larger --range", 100 * span / std::abs(s.centre())) + hint;
  f.verdict = f.advice.empty() ? OddityVerdict::passed : OddityVerdict::found;
  return f;
}

/// |rise - 1/2 d'Hd h^2| over the larger of the two, at the neighbours of the centre.
double unresolved(ProbedSurface& s, const Axis& a, double h, double* kappa) {
  const bool x = a.name[0] == 'x';
  const double rise = 0.5 * (s.loss(x ? h : 0, x ? 0 : h) + s.loss(x ? -h : 0, x ? 0 : -h)) - s.centre(), expected = 0.5 * a.curvature * h * h;
  *kappa = 2 * rise / (h * h);
  return std::abs(rise - expected) / std::max(std::abs(rise), std::abs(expected));
}

Finding curvatureOverStep(ProbedSurface& s, const std::vector<Axis>& axes) {
  Finding f{.name = "curvature-over-step", .value = 0, .limit = kUnresolved};
  for (const Axis& a : axes) {
    double coarse = 0, fine = 0;
    const double at = unresolved(s, a, a.step(), &coarse);
    unresolved(s, a, a.step() / 8, &fine);
    f.value = std::max(f.value, at);
    f.sentence += fmt::format("{}{}: the grid's step says {:.4g}, an eighth of it {:.4g}, the Hessian {:.4g}", f.sentence.empty() ? "" : "; ", a.name, coarse, fine, a.curvature);
  }
  f.verdict = f.value > f.limit ? OddityVerdict::found : OddityVerdict::passed;
  if (f.verdict == OddityVerdict::passed) return f;
  f.advice = isKinked(s.run().spec) ? "the network has kinks: a finite step sees another curvature than the Hessian (`sharpscape kappa` shows how it depends on the step); read no eigenvalue off this picture"
                                    : "the grid is too coarse for the curvature at the centre: a smaller --range or a larger --size";
  return f;
}

/// Axes whose directions are draws, or come from someone else.
bool isDrawn(const ProbedSurface& s, const AxisSpec& axis) {
  if (!s.spec().directions.empty()) return true;
  const Word word = parseAxisKind(axis.kind, "--x").word;
  return word == Word::random || word == Word::file;
}

struct Norms {
  double deviation = 0, oneD = 0, whole = 0;  ///< largest | ||d_f||/||w_f|| - 1 |; squared lengths of 1-D tensors and of all
};

Norms normsOf(const trainer::ParameterLayout& layout, const at::Tensor& theta, const at::Tensor& direction) {
  const at::Tensor w = doublesOnCpu(theta), d = doublesOnCpu(direction);
  Norms n;
  for (const trainer::ParameterSlice& slice : layout.slices()) {
    const auto from = static_cast<std::size_t>(slice.offset), count = static_cast<std::size_t>(slice.count());
    const std::span<const double> of = numbers(d).subspan(from, count), weights = numbers(w).subspan(from, count);
    n.whole += dot(of, of);
    if (slice.shape.size() < 2) {
      n.oneD += dot(of, of);
      continue;
    }
    const auto width = static_cast<std::size_t>(slice.kind == trainer::ParameterKind::embedding ? slice.shape.back() : slice.count() / slice.shape.front());
    for (std::size_t at = 0; at < count; at += width) {
      const double wanted = norm(weights.subspan(at, width)), length = norm(of.subspan(at, width));
      if (wanted > 0 && length > 0) n.deviation = std::max(n.deviation, std::abs(length / wanted - 1));
    }
  }
  return n;
}

void normalisation(ProbedSurface& s, std::vector<Finding>& out) {
  Finding filters{.name = "filter-normalisation", .value = 0, .limit = kNotNormalised}, oneD{.name = "one-d-tensors", .value = 0, .limit = kOneDShare};
  bool any = false;
  const auto look = [&](const AxisSpec& axis, const at::Tensor& d) {
    if (!isDrawn(s, axis)) return;
    any = true;
    const Norms n = normsOf(s.network().layout(), s.network().theta0(), d);
    filters.value = std::max(filters.value, n.deviation);
    oneD.value = std::max(oneD.value, n.whole > 0 ? n.oneD / n.whole : 0);
  };
  look(s.spec().x, s.directions().d1);
  if (s.spec().y) look(*s.spec().y, s.directions().d2);
  if (!any) {
    out.push_back(none("filter-normalisation", "no axis is a random direction"));
    out.push_back(none("one-d-tensors", "no axis is a random direction"));
    return;
  }
  filters.verdict = filters.value > filters.limit ? OddityVerdict::found : OddityVerdict::passed;
  filters.sentence = fmt::format("the norms of the directions' filters differ from the weights' by up to {:.2g} of them", filters.value);
  if (filters.verdict == OddityVerdict::found) filters.advice = "the picture depends on the scale of the weights, so two networks cannot be compared by it: --normalise filter (and not --orthogonalise, which undoes it on y)";
  oneD.verdict = oneD.value > oneD.limit ? OddityVerdict::found : OddityVerdict::passed;
  oneD.sentence = fmt::format("{:.2g} % of the squared length lies in biases and norms ({})", 100 * oneD.value, oneD.value == 0 ? "they stay where they are" : "--one-d " + s.spec().oneD);
  if (oneD.verdict == OddityVerdict::found) oneD.advice = "the picture shows mostly how the network answers to its biases and norms: --one-d zero leaves them where they are, as published surfaces do";
  out.push_back(std::move(filters));
  out.push_back(std::move(oneD));
}

/// The same function with other weights; empty where the network has no such freedom.
std::unique_ptr<ModelObjective> rescaled(const ProbedSurface& s) {
  const Symmetries symmetries = symmetriesOf(*s.run().model, s.run().spec.activation);
  if (std::none_of(symmetries.junctions.begin(), symmetries.junctions.end(), [](const Junction& j) { return j.homogeneous; })) return nullptr;
  InvarianceSpec how;
  how.strength = kRescaling;
  ModelObjective::Parts parts = s.network().parts();
  const Weights there = transform("scale-layers", *s.run().model, symmetries, {parts.theta, parts.buffers}, how).weights;
  parts.theta = there.theta, parts.buffers = there.buffers;
  return std::make_unique<ModelObjective>(std::move(parts));
}

Finding scaleInvariance(ProbedSurface& s) {
  const auto remakes = [&](const AxisSpec& a) { return parseAxisKind(a.kind, "--x").word == Word::random; };
  if (!s.spec().directions.empty() || !remakes(s.spec().x) || (s.spec().y && !remakes(*s.spec().y))) return none("scale-invariance", "only random axes are drawn again");
  if (s.cells().empty()) return none("scale-invariance", "no cell beside the centre is finite");
  LoadedRun other;
  try {
    other.train = rescaled(s);
  } catch (const std::invalid_argument&) {
    return none("scale-invariance", "the symmetries of this network are not known");
  }
  if (!other.train) return none("scale-invariance", "the network cannot be rescaled without changing it (no ReLU between layers)");
  other.spec = s.run().spec, other.step = s.run().step, other.device = s.run().device, other.precision = s.run().precision, other.model = s.run().model, other.shape = s.run().shape;
  const Directions d = makeDirections(other, s.spec(), s.context());
  const ProbedCell& far = s.cells().front();
  at::Tensor theta = other.train->theta0() + far.x * d.d1;
  if (d.d2.defined()) theta += far.y * d.d2;
  const double centre = other.train->evaluate(other.train->theta0()).loss, loss = other.train->evaluate(theta).loss, rise = far.again - s.centre();
  s.evaluations += 2;
  Finding f{.name = "scale-invariance", .value = std::abs((loss - centre) - rise) / std::max(std::abs(rise), 1e-12), .limit = kNotInvariant};
  f.verdict = !(f.value <= f.limit) ? OddityVerdict::found : OddityVerdict::passed;
  f.sentence = fmt::format("with its layers rescaled by {:g} the same function (loss {:.4g}) has {:.4g} instead of {:.4g} at ({:.4g}, {:.4g})", kRescaling, centre, loss, far.again, far.x, far.y);
  if (f.verdict == OddityVerdict::found) f.advice = "how wide the valley looks depends on how the layers are scaled and not on what the network does: --normalise filter --one-d zero";
  return f;
}

}  // namespace

std::vector<Finding> directionOddities(ProbedSurface& s) {
  const std::vector<Axis> axes = axesOf(s);
  std::vector<Finding> out = {range(s, axes), curvatureOverStep(s, axes)};
  normalisation(s, out);
  out.push_back(scaleInvariance(s));
  return out;
}

}  // namespace analysis
