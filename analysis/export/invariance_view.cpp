// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "analysis/export/sharpness_view.h"

namespace analysis {
namespace {

std::string runName(const std::string& folder) {
  const std::filesystem::path path(folder);
  return (path.has_filename() ? path.filename() : path.parent_path().filename()).string();
}

/// after / before of each measure, in order; those with the badge filled, those without hollow.
Panel outcomePanel(const InvarianceOutcome& o) {
  Panel p{.title = o.transform, .x = {"measure", Scale::linear, 0, 0, true}, .y = {"after / before"}, .series = {}, .fields = {}, .note = "", .legend = true};
  Series kept{"invariant", {}, {}, {}, runStyle(0)}, lost{"changes", {}, {}, {}, runStyle(1)};
  kept.style.line = lost.style.line = LineStyle::none;
  lost.style.hollow = true;
  for (std::size_t i = 0; i < o.badges.size(); ++i) {
    const InvarianceBadge& b = o.badges[i];
    p.note += fmt::format("{}{} {}", i == 0 ? "" : ", ", i + 1, b.measure);
    if (b.before == 0) continue;
    Series& s = b.earned ? kept : lost;
    s.x.push_back(static_cast<double>(i + 1)), s.y.push_back(b.after / b.before), s.error.push_back(b.tolerance / std::abs(b.before));
  }
  for (Series* s : {&kept, &lost})
    if (!s->x.empty()) p.series.push_back(std::move(*s));
  if (!o.verified) p.note = "outputs are not the same";
  return p;
}

}  // namespace

Figure invarianceFigure(const InvarianceResult& r) {
  Figure f;
  f.title = fmt::format("Invariance: {}, step {}", runName(r.spec.measure.run), r.invariance.step);
  f.caption = fmt::format("Every measure after a transformation that leaves the function (last-layer: the predictions) as it is, over its value before. Bars: what cannot be told "
                          "from equal. {} samples, {}, batch norm {}.", r.invariance.samples, r.invariance.precision, r.invariance.batchNorm);
  f.columns = 2;
  for (const auto& o : r.invariance.outcomes) f.panels.push_back(outcomePanel(o));
  if (f.panels.empty()) f.panels.push_back({.title = "Nothing was measured", .x = {}, .y = {}, .series = {}, .fields = {}, .note = "", .legend = false});
  return f;
}

Figure matchedFigure(const MatchedResult& r) {
  const Matched& m = r.matched;
  Figure f;
  f.title = fmt::format("At a train loss of {:.4g}", m.targetLoss);
  f.caption = fmt::format("Interpolated in log loss between the two checkpoints that bracket it; whiskers span their values. {} samples, {}, batch norm {}.", m.samples, m.precision,
                          m.batchNorm);
  f.columns = 3;
  f.panelWidth = 240, f.panelHeight = 240;
  for (std::size_t k = 0; !m.runs.empty() && k < m.runs.front().quantities.size(); ++k) {
    const MatchedQuantity& first = m.runs.front().quantities[k];
    Panel p{.title = first.rho > 0 ? fmt::format("{}, rho {:g}", first.name, first.rho) : first.name, .x = {"run", Scale::linear, 0.5, static_cast<double>(m.runs.size()) + 0.5, true},
            .y = {"value"}, .series = {}, .fields = {}, .note = "", .legend = true};
    for (std::size_t i = 0; i < m.runs.size(); ++i) {
      const MatchedQuantity& q = m.runs[i].quantities[k];
      SeriesStyle style = runStyle(i);
      style.line = LineStyle::none;
      p.series.push_back({runName(m.runs[i].run), {static_cast<double>(i + 1)}, {q.value}, {std::abs(q.above - q.below) / 2}, style});
    }
    f.panels.push_back(std::move(p));
  }
  if (f.panels.empty()) f.panels.push_back({.title = "Nothing was measured", .x = {}, .y = {}, .series = {}, .fields = {}, .note = "", .legend = false});
  return f;
}

Figure kappaFigure(const KappaResult& r) {
  const Kappa& k = r.kappa;
  Figure f;
  f.title = fmt::format("Curvature and step: {}, step {}", runName(r.spec.measure.run), k.step);
  f.caption = fmt::format("Along {}, unit. u'Hu {:.6g} from a Hessian product. {} samples, {}, batch norm {}. {}.", k.direction, k.reference, k.samples, k.precision, k.batchNorm,
                          k.kinked ? "The network has kinks: a finite step feels curvature that the Hessian does not have" : "The network is smooth: the curves meet u'Hu for small h");
  Panel p{.title = "", .x = {"step h", Scale::log}, .y = {"kappa(h)"}, .series = {}, .fields = {}, .note = "left out where rounding exceeds a tenth of u'Hu", .legend = true};
  Series loss{"from losses", {}, {}, {}, runStyle(0)}, gradient{"from gradients", {}, {}, {}, runStyle(1)}, reference{"u'Hu", {}, {}, {}, runStyle(2)};
  for (const auto& point : k.points) {
    if (point.rounding < 0.1 * std::abs(k.reference)) loss.x.push_back(point.h), loss.y.push_back(point.fromLoss);
    gradient.x.push_back(point.h), gradient.y.push_back(point.fromGradient);
    reference.x.push_back(point.h), reference.y.push_back(k.reference);
  }
  p.series = {std::move(loss), std::move(gradient), std::move(reference)};
  f.panels.push_back(std::move(p));
  return f;
}

}  // namespace analysis
