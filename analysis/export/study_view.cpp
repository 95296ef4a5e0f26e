// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/study_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace analysis {
namespace {

constexpr std::size_t kMostPanels = 12, kMostInLegend = 6;
constexpr double kLogFrom = 10;  ///< largest over smallest

std::string known(double v) { return std::isnan(v) ? "-" : fmt::format("{:.2f}", v); }

std::string tauText(const StudiedMeasure& m) {
  std::string text = fmt::format("tau {}", known(m.tau));
  if (!std::isnan(m.low)) text += fmt::format(" ({} .. {})", known(m.low), known(m.high));
  if (!std::isnan(m.within)) text += fmt::format(", within settings {}", known(m.within));
  if (!std::isnan(m.across) && m.acrossSettings > 2) text += fmt::format(", across {}", known(m.across));
  if (!std::isnan(m.granulated)) text += fmt::format(", granulated {}", known(m.granulated));
  return text;
}

/// A log axis where all are positive and far apart.
Scale scaleOf(const std::vector<double>& values) {
  double low = INFINITY, high = -INFINITY;
  for (const double v : values)
    if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  return low > 0 && high > kLogFrom * low ? Scale::log : Scale::linear;
}

Panel panelOf(const Study& s, const StudiedMeasure& m, bool legend) {
  Panel panel{.title = m.name, .x = {.label = m.symbol.empty() ? "value" : m.symbol, .scale = scaleOf(m.values)}, .y = {.label = s.targetName}, .series = {}, .fields = {}, .note = tauText(m), .legend = legend};
  for (std::size_t k = 0; k < s.settings.size(); ++k) {
    Series points{.label = s.settings[k].name, .x = {}, .y = {}, .error = {}, .style = runStyle(k)};
    points.style.line = LineStyle::none;
    if (points.style.marker == Marker::none) points.style.marker = Marker::circle;
    for (const std::size_t i : s.settings[k].runs)
      if (std::isfinite(m.values[i]) && std::isfinite(s.target[i])) points.x.push_back(m.values[i]), points.y.push_back(s.target[i]);
    panel.series.push_back(std::move(points));
  }
  return panel;
}

}  // namespace

Figure studyFigure(const StudyResult& result) {
  const Study& s = result.study;
  Figure f;
  f.title = fmt::format("{} runs of {} settings: measures against the {}", s.runs.size(), s.settings.size(), s.targetName);
  f.caption = fmt::format("Kendall's tau-b, in brackets 95 % by a bootstrap of {}. A correlation is no cause.", s.resampled);
  if (s.samples > 0) f.caption += fmt::format(" {} {} samples, {}, batch norm {}.", s.samples, s.split, s.precision, s.batchNorm);
  f.columns = 3;
  std::vector<const StudiedMeasure*> order;
  for (const StudiedMeasure& m : s.measures)
    if (m.n > 0) order.push_back(&m);
  std::ranges::stable_sort(order, std::greater(), [](const StudiedMeasure* m) { return std::isnan(m->tau) ? -1 : std::abs(m->tau); });
  for (std::size_t i = 0; i < std::min(order.size(), kMostPanels); ++i) f.panels.push_back(panelOf(s, *order[i], i == 0 && s.settings.size() <= kMostInLegend));
  return f;
}

std::string studyCsv(const StudyResult& result) {
  const Study& s = result.study;
  std::string text = fmt::format("# {}\n", commandLine(Result(result)));
  for (const StudiedMeasure& m : s.measures) text += fmt::format("# {}: {}, n {}\n", m.key, tauText(m), m.n);
  text += fmt::format("run,setting,seed,{}", s.targetKey);
  for (const StudiedMeasure& m : s.measures) text += "," + m.key;
  text += "\n";
  for (std::size_t i = 0; i < s.runs.size(); ++i) {
    text += fmt::format("\"{}\",\"{}\",{},{}", s.runs[i].name, s.settings[s.runs[i].setting].name, s.runs[i].seed, s.target[i]);
    for (const StudiedMeasure& m : s.measures) text += std::isnan(m.values[i]) ? "," : fmt::format(",{}", m.values[i]);
    text += "\n";
  }
  return text;
}

}  // namespace analysis
