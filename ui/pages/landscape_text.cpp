// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_text.h"

#include <QStringList>
#include <algorithm>
#include <cmath>

#include "analysis/export/result_figure.h"
#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

/// "74.2 % (walk 61.0 %)" of the axes that are principal directions.
QString varianceText(const analysis::SurfaceGrid& grid) {
  double share = 0, walk = 0;
  for (const analysis::AxisReport& axis : grid.axes) {
    if (!std::isfinite(axis.explainedVariance)) continue;
    share += axis.explainedVariance;
    if (std::isfinite(axis.randomWalkVariance)) walk += axis.randomWalkVariance;
  }
  if (share == 0) return {};
  QString text = QStringLiteral("%1 %").arg(100 * share, 0, 'f', 1);
  if (walk > 0) text += QStringLiteral(" (walk %1 %)").arg(100 * walk, 0, 'f', 0);
  return text;
}

QString rangeText(const std::vector<double>& axis) {
  return QStringLiteral("%1 to %2").arg(QString::fromStdString(numberText(axis.front(), 3)), QString::fromStdString(numberText(axis.back(), 3)));
}

}  // namespace

std::pair<QString, QString> directionsOf(const SurfaceSnapshot& surface, const SharedSurface& result) {
  const std::string first = surface && !surface.grid->directions.empty() ? surface.grid->directions.front() : std::string();
  if (first.starts_with("toward ") || (result && result->spec.x.kind.starts_with("toward:")))
    return {QStringLiteral("C one plane"), QStringLiteral("One plane through the minima of several runs: their places and the barriers between them can be read, further runs are projected")};
  if (first.starts_with("file ") || (result && (!result->spec.directions.empty() || !result->spec.saveDirections.empty())))
    return {QStringLiteral("B same vectors"), QStringLiteral("The same two vectors for every run, normalised by the baseline's filters: distances are equal in weight space")};
  if (first.empty()) return {};
  return {QStringLiteral("A own axes"), QStringLiteral("Each run's own directions, normalised by its own filters: shapes compare, distances are relative to each run's weights")};
}

std::pair<QString, QString> directionsOf(const SharedSurface& result) {
  return directionsOf({.grid = std::shared_ptr<const analysis::SurfaceGrid>(result, &result->grid)}, result);
}

QString unequalSettings(const LandscapeModel& model, std::size_t view) {
  const SurfaceSnapshot mine = view < model.views.size() ? model.snapshotOf(model.views[view]) : SurfaceSnapshot{};
  if (!mine) return {};
  for (const ViewChoice& other : model.views) {
    const SurfaceSnapshot first = model.snapshotOf(other);
    if (!first) continue;
    const analysis::SurfaceGrid &a = *first.grid, &b = *mine.grid;
    QStringList differ;
    const auto compare = [&](const QString& what, const QString& here, const QString& there) {
      if (here != there) differ << QStringLiteral("%1 %2, there %3").arg(what, here, there);
    };
    compare(QStringLiteral("N"), grouped(b.samples), grouped(a.samples));
    compare(QStringLiteral("samples of"), QString::fromStdString(b.split), QString::fromStdString(a.split));
    compare(QStringLiteral("BN"), QString::fromStdString(b.batchNorm), QString::fromStdString(a.batchNorm));
    compare(QStringLiteral("precision"), QString::fromStdString(b.precision), QString::fromStdString(a.precision));
    compare(QStringLiteral("x"), axisNameOf(b, 0) + QLatin1Char(' ') + rangeText(b.x), axisNameOf(a, 0) + QLatin1Char(' ') + rangeText(a.x));
    if (a.rows() > 1 && b.rows() > 1) compare(QStringLiteral("y"), axisNameOf(b, 1) + QLatin1Char(' ') + rangeText(b.y), axisNameOf(a, 1) + QLatin1Char(' ') + rangeText(a.y));
    return differ.join(QStringLiteral("; "));
  }
  return {};
}

QString missingLayer(const LandscapeModel& model, std::size_t view) {
  const SurfaceSnapshot surface = view < model.views.size() ? model.snapshotOf(model.views[view]) : SurfaceSnapshot{};
  if (!surface || !surface.shown().empty()) return {};
  return QStringLiteral("%1 was not computed with this surface.").arg(layerName(model.layer, model.test));
}

CardText cardText(const LandscapeModel& model, std::size_t view) {
  CardText text;
  const SurfaceSnapshot surface = model.snapshotOf(model.views[view]);
  if (!surface) return text;
  const analysis::SurfaceGrid& grid = *surface.grid;
  text.grid = gridBadge(surface);
  text.gridTip = QString::fromStdString(analysis::evaluatedText(grid));
  text.refining = surface.refining();
  text.cosine = QStringLiteral("cos %1").arg(grid.cosine, 0, 'f', 4).replace(QLatin1Char('-'), QChar(0x2212));
  text.variance = varianceText(grid);
  if (model.views.size() > 1) {
    text.warningTip = unequalSettings(model, view);
    if (!text.warningTip.isEmpty()) {
      text.warning = QStringLiteral("unequal");
      text.warningTip = QStringLiteral("Settings unlike the first view's: ") + text.warningTip;
    }
  }
  return text;
}

LegendBadges legendBadges(const LandscapeModel& model) {
  LegendBadges badges;
  const ViewChoice* view = model.activeView();
  if (view == nullptr) return badges;
  if (const SurfaceSnapshot surface = model.snapshotOf(*view)) {
    const analysis::SurfaceGrid& grid = *surface.grid;
    if (!grid.batchNorm.empty()) badges.policy = QStringLiteral("BN ") + QString::fromStdString(grid.batchNorm);
    badges.samples = QStringLiteral("N ") + grouped(model.test ? grid.testSamples : grid.samples);
    badges.precision = grid.precision == "double" ? QStringLiteral("float64") : QStringLiteral("float32");
  }
  if (model.scalesDiffer()) {
    badges.warning = QStringLiteral("scales differ");
    badges.warningTip = QStringLiteral("Each view has its own range: equal heights and colours are not equal values");
  }
  return badges;
}

}  // namespace ui
