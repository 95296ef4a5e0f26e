// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/comparison_figure.h"

#include <fmt/format.h>

#include <cmath>

namespace analysis {
namespace {

constexpr std::size_t kMostPanels = 12;

Panel panelOf(const Comparison& c, const ComparedRow& row, bool legend) {
  const double scale = row.percent ? 100 : 1;
  Panel panel{.title = row.symbol.empty() ? row.name : row.symbol, .x = {.label = "setting", .from = 0.5, .to = static_cast<double>(c.settings.size()) + 0.5, .integers = true},
              .y = {.label = row.percent ? "%" : ""}, .series = {}, .fields = {}, .note = "", .legend = legend};
  std::string kind;
  for (std::size_t s = 0; s < c.settings.size(); ++s) {
    const ComparedCell& cell = row.settings[s];
    Series mean{.label = fmt::format("{} {}", s + 1, c.settings[s].name), .x = {}, .y = {}, .error = {}, .style = runStyle(s)};
    mean.style.line = LineStyle::none;
    if (mean.style.marker == Marker::none) mean.style.marker = Marker::circle;
    if (!std::isnan(cell.value)) {
      mean.x = {static_cast<double>(s + 1)}, mean.y = {scale * cell.value};
      if (!std::isnan(cell.error)) mean.error = {scale * cell.error}, kind = toString(cell.kind);
    }
    panel.series.push_back(std::move(mean));
    if (c.settings[s].runs.size() < 2) continue;
    Series points{.label = "", .x = {}, .y = {}, .error = {}, .style = panel.series.back().style};
    points.style.hollow = true;
    for (const std::size_t i : c.settings[s].runs)
      if (!std::isnan(row.runs[i].value)) points.x.push_back(static_cast<double>(s) + 1.2), points.y.push_back(scale * row.runs[i].value);
    panel.series.push_back(std::move(points));
  }
  if (!kind.empty()) panel.note = "bars: " + kind;
  return panel;
}

}  // namespace

Figure comparisonFigure(const ComparisonResult& result) {
  const Comparison& c = result.comparison;
  Figure f;
  f.title = fmt::format("Comparison of {} settings, {} runs", c.settings.size(), c.runs.size());
  f.caption = c.samples > 0 ? fmt::format("Measures on {} {} samples, {}, batch norm {}. Hollow: single runs.", c.samples, c.split, c.precision, c.batchNorm) : "Hollow: single runs.";
  f.columns = 3;
  for (const ComparedRow& row : c.rows) {
    if (row.group == "Cost" || row.group == "Distance" || f.panels.size() == kMostPanels) continue;
    f.panels.push_back(panelOf(c, row, f.panels.empty()));
  }
  return f;
}

}  // namespace analysis
