// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/sharpness_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace analysis {
namespace {

std::string curveLabel(const SharpnessMeasure& m) { return fmt::format("{}{}", m.kind == "average" ? "Gaussian" : m.norm, m.adaptive ? ", adaptive" : ""); }

/// Curves of one kind, in the order of the measures.
std::vector<Series> curvesOf(const Sharpness& s, const std::string& kind) {
  std::vector<Series> curves;
  for (const SharpnessMeasure& m : s.measures) {
    if (m.kind != kind) continue;
    const std::string label = curveLabel(m);
    auto curve = std::ranges::find(curves, label, &Series::label);
    if (curve == curves.end()) {
      SeriesStyle style = runStyle(curves.size());
      style.marker = Marker::circle;
      curves.push_back({label, {}, {}, {}, style});
      curve = curves.end() - 1;
    }
    curve->x.push_back(m.rho), curve->y.push_back(m.value), curve->error.push_back(std::isnan(m.standardError) ? 0 : m.standardError);
  }
  return curves;
}

Panel kindPanel(const Sharpness& s, const std::string& kind) {
  const bool average = kind == "average";
  Panel p{.title = average ? "Average case" : kind == "worst" ? "Worst case" : "One step (SAM's)",
          .x = {average ? "rho: deviation per coordinate" : "rho: length of delta", Scale::log}, .y = {"rise of the loss"}, .series = curvesOf(s, kind), .fields = {},
          .note = average ? "bars: standard error over draws" : kind == "worst" ? "a lower bound, found by ascent" : "", .legend = true};
  if (!average && s.groups > 1) p.note += fmt::format("{}bars: standard error over {} groups of {}", p.note.empty() ? "" : "; ", s.groups, s.groupSize);
  return p;
}

Panel penaltyPanel(const Sharpness& s) {
  Panel p{.title = "Penalty's difference against H g/||g||", .x = {"rho", Scale::log}, .y = {"relative error", Scale::log}, .series = {}, .fields = {},
          .note = "informative on networks with kinks", .legend = false};
  SeriesStyle style = runStyle(0);
  style.marker = Marker::circle;
  Series line{"", {}, {}, {}, style};
  for (const auto& a : s.penaltyApproximation) line.x.push_back(a.rho), line.y.push_back(a.relativeError);
  p.series.push_back(std::move(line));
  return p;
}

}  // namespace

Figure sharpnessFigure(const SharpnessResult& r) {
  const Sharpness& s = r.sharpness;
  Figure f;
  const std::filesystem::path run(r.spec.measure.run);
  f.title = fmt::format("Sharpness: {}, step {}", (run.has_filename() ? run.filename() : run.parent_path().filename()).string(), s.step);
  f.caption = fmt::format("Rise of the {} loss ({:.6g}) over {} {} samples at step {}, {} parameters, ||theta|| {:.4g}, ||g|| {:.4g}, {}, batch norm {}. Adaptive: "
                          "delta_i = |w_i| u_i.",
                          r.spec.measure.loss, s.lossValue, s.samples, r.spec.measure.split, s.step, s.parameters, s.parameterNorm, s.gradientNorm, s.precision, s.batchNorm);
  f.columns = 2;
  for (const char* kind : {"worst", "one-step", "average"})
    if (std::ranges::any_of(s.measures, [&](const auto& m) { return m.kind == kind; })) f.panels.push_back(kindPanel(s, kind));
  if (!s.penaltyApproximation.empty()) f.panels.push_back(penaltyPanel(s));
  if (f.panels.empty()) f.panels.push_back({.title = "Nothing was measured", .x = {}, .y = {}, .series = {}, .fields = {}, .note = "", .legend = false});
  return f;
}

}  // namespace analysis
