// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_model.h"

#include <QStringList>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

QString subscript(const QString& digits) {
  QString out;
  for (const QChar digit : digits) out += digit.isDigit() ? QChar(0x2080 + digit.digitValue()) : digit;
  return out;
}

QString eigenvectorName(const QString& index) { return QStringLiteral("v") + subscript(index); }

/// The end of a folder's name tells runs of a day apart.
QString shortName(const QString& name) {
  constexpr int kMost = 16;
  return name.size() <= kMost ? name : QStringLiteral("\u2026") + name.right(kMost - 1);
}

QString counted(std::int64_t count, const QString& one, const QString& many) {
  return QStringLiteral("%1 %2").arg(count).arg(count == 1 ? one : many);
}

}  // namespace

const LandscapeEntry* LandscapeModel::find(const std::string& folder) const {
  const auto found = std::ranges::find(entries, folder, &LandscapeEntry::folder);
  return found == entries.end() ? nullptr : &*found;
}

LandscapeEntry* LandscapeModel::find(const std::string& folder) { return const_cast<LandscapeEntry*>(std::as_const(*this).find(folder)); }

const LandscapeEntry* LandscapeModel::current() const {
  const ViewChoice* view = activeView();
  return view == nullptr ? nullptr : find(view->folder);
}

SharedSurface LandscapeModel::resultOf(const ViewChoice& view) const {
  const LandscapeEntry* entry = find(view.folder);
  if (entry == nullptr) return nullptr;
  if (view.command.empty()) return entry->result;
  const auto found = std::ranges::find_if(entry->results, [&](const SharedSurface& r) { return analysis::commandLine(*r) == view.command; });
  return found == entry->results.end() ? entry->result : *found;
}

SurfaceSnapshot LandscapeModel::snapshotOf(const ViewChoice& view) const {
  const LandscapeEntry* entry = find(view.folder);
  if (entry == nullptr) return {};
  SurfaceSnapshot out = entry->surface;
  if (const SharedSurface chosen = resultOf(view); chosen && !view.command.empty()) {
    const std::shared_ptr<const analysis::SurfaceGrid> grid(chosen, &chosen->grid);
    out = {.grid = grid, .stride = completeStride(*grid)};
  }
  out.test = test;
  out.layer = layer;
  return out;
}

SurfaceSnapshot LandscapeModel::snapshotOf(const LandscapeEntry& entry) const {
  const auto shown = std::ranges::find(views, entry.folder, &ViewChoice::folder);
  return snapshotOf(shown != views.end() ? *shown : ViewChoice{.folder = entry.folder});
}

HeightScale LandscapeModel::scaleOf(std::size_t view) const {
  std::vector<SurfaceSnapshot> shown;
  const auto add = [&](const SurfaceSnapshot& surface) {
    if (surface) shown.push_back(surface);
  };
  if (scope == RangeScope::thisView && view < views.size()) add(snapshotOf(views[view]));
  if (scope == RangeScope::session)
    for (const LandscapeEntry& entry : entries) add(snapshotOf(entry));
  if (scope == RangeScope::allVisible || scope == RangeScope::session || scope == RangeScope::fixed)
    for (const ViewChoice& choice : views) add(snapshotOf(choice));
  HeightScale out = sharedScale(kind, shown);
  out.map = map;
  if (scope != RangeScope::fixed || !fixed || fixed->second <= fixed->first) return out;
  if (kind == ScaleKind::log && fixed->first <= 0) return out;
  out.from = fixed->first;
  out.to = fixed->second;
  out.minimum = std::min(out.minimum, out.from - 1e-4 * (out.to - out.from));
  return out;
}

bool LandscapeModel::scalesDiffer() const {
  if (scope != RangeScope::thisView || views.empty()) return false;
  const HeightScale first = scaleOf(0);
  for (std::size_t i = 1; i < views.size(); ++i)
    if (snapshotOf(views[i]) && scaleOf(i) != first) return true;
  return false;
}

std::optional<ProbeReading> LandscapeModel::reading(const LandscapeEntry& entry, QPointF at) const {
  if (const SurfaceSnapshot surface = snapshotOf(entry)) return readSurface(surface, at.x(), at.y());
  if (entry.slice && at.y() == 0) {
    return readSurface({.grid = std::shared_ptr<const analysis::SurfaceGrid>(entry.slice, &entry.slice->grid), .stride = 1, .test = test}, at.x(), 0);
  }
  return std::nullopt;
}

std::vector<QPointF> LandscapeModel::section(const LandscapeEntry& entry, int axis, QPointF through) const {
  std::vector<QPointF> out;
  SurfaceSnapshot surface = snapshotOf(entry);
  if (!surface && entry.slice && axis == 0) {
    surface = {.grid = std::shared_ptr<const analysis::SurfaceGrid>(entry.slice, &entry.slice->grid), .stride = 1, .test = test, .layer = layer};
  }
  if (!surface) return out;
  const auto& along = axis == 0 ? surface.grid->x : surface.grid->y;
  for (std::size_t i = 0; i < along.size(); i += static_cast<std::size_t>(surface.stride)) {
    const auto reading = axis == 0 ? readSurface(surface, along[i], through.y()) : readSurface(surface, through.x(), along[i]);
    if (reading && std::isfinite(reading->value)) out.emplace_back(along[i], reading->value);
  }
  return out;
}

QString gridBadge(const SurfaceSnapshot& surface) {
  if (!surface) return {};
  const auto columns = surface.grid->columns(), rows = surface.grid->rows();
  if (surface.stride > 1) return QStringLiteral("%1 \u2192 %2").arg((columns - 1) / surface.stride + 1).arg(columns);
  const QString size = QStringLiteral("%1 \u00D7 %2").arg(columns).arg(rows);
  if (surface.grid->interpolated.empty()) return size;
  return QStringLiteral("%1, %2 evaluated").arg(size, grouped(std::ranges::count(surface.grid->computed, 1)));
}

QString drawingNotes(const HeightField& field) {
  QStringList notes;
  const auto add = [&](std::int64_t count, const QString& what) {
    if (count > 0) notes << counted(count, QStringLiteral("point"), QStringLiteral("points")) + what;
  };
  add(field.clampedAbove, QStringLiteral(" above the range, drawn flat at the top"));
  add(field.clampedBelow, QStringLiteral(" at or below the lower end, drawn flat"));
  add(field.divergedCount, QStringLiteral(" diverged (grey)"));
  if (field.refused > 0) notes << counted(field.refused, QStringLiteral("value"), QStringLiteral("values")) + QStringLiteral(" \u2264 0 not drawn");
  add(field.missing, QStringLiteral(" not computed"));
  return notes.join(QStringLiteral(" \u00B7 "));
}

QString axisName(const analysis::AxisSpec& axis, int position) {
  if (axis.kind.starts_with("eigen:")) return eigenvectorName(QString::fromStdString(axis.kind.substr(6)));
  return QStringLiteral("random %1").arg(position + 1);
}

QString axisNameOf(const analysis::SurfaceGrid& grid, std::size_t axis) {
  if (axis < grid.directions.size()) {
    const QString text = QString::fromStdString(grid.directions[axis]);
    const QString first = text.section(QLatin1Char(' '), 1, 1).remove(QLatin1Char(','));
    if (text.startsWith(QLatin1String("eigenvector "))) return eigenvectorName(first);
    if (text.startsWith(QLatin1String("pca "))) return QStringLiteral("PCA ") + first;
    if (text.startsWith(QLatin1String("toward "))) return QStringLiteral("toward ") + shortName(first);
    if (text.startsWith(QLatin1String("gradient"))) return QStringLiteral("gradient");
    if (text.startsWith(QLatin1String("SAM step"))) return QStringLiteral("SAM step");
    if (text.startsWith(QLatin1String("file "))) return QStringLiteral("file %1").arg(axis + 1);
  }
  return QStringLiteral("random %1").arg(axis + 1);
}

QString layerName(SurfaceLayer layer, bool test) {
  switch (layer) {
    case SurfaceLayer::loss: return test ? QStringLiteral("Test loss") : QStringLiteral("Train loss");
    case SurfaceLayer::accuracy: return test ? QStringLiteral("Test accuracy") : QStringLiteral("Train accuracy");
    case SurfaceLayer::gradientNorm: return QStringLiteral("Gradient norm");
    case SurfaceLayer::lambdaMax: return QStringLiteral("\u03BB max");
    case SurfaceLayer::samMax: return QStringLiteral("SAM maximum");
    case SurfaceLayer::generalisation: return QStringLiteral("Test \u2212 train loss");
  }
  return {};
}

QString surfaceTitle(const analysis::SurfaceResult& result) {
  const analysis::SurfaceGrid& grid = result.grid;
  return QStringLiteral("%1 \u00D7 %2 \u00B7 %3 \u00D7 %4 \u00B7 step %5")
      .arg(axisNameOf(grid, 0), axisNameOf(grid, 1))
      .arg(grid.columns())
      .arg(grid.rows())
      .arg(grid.step);
}

}  // namespace ui
