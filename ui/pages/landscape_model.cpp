// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_model.h"

#include <QStringList>
#include <algorithm>
#include <cmath>

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

LandscapeEntry* LandscapeModel::find(const std::string& folder) {
  const auto found = std::ranges::find(entries, folder, &LandscapeEntry::folder);
  return found == entries.end() ? nullptr : &*found;
}

SurfaceSnapshot LandscapeModel::snapshotOf(const LandscapeEntry& entry) const {
  SurfaceSnapshot out = entry.surface;
  out.test = test;
  return out;
}

HeightScale LandscapeModel::scale() const {
  std::vector<SurfaceSnapshot> shown;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].surface && (scope != RangeScope::thisRun || i == selected)) shown.push_back(snapshotOf(entries[i]));
  }
  HeightScale out = sharedScale(kind, shown);
  if (scope == RangeScope::fixed && fixedTop && *fixedTop > out.from) out.to = *fixedTop;
  return out;
}

std::optional<ProbeReading> LandscapeModel::reading(const LandscapeEntry& entry, QPointF at) const {
  if (entry.surface) return readSurface(snapshotOf(entry), at.x(), at.y());
  if (entry.slice && at.y() == 0) {
    return readSurface({.grid = std::shared_ptr<const analysis::SurfaceGrid>(entry.slice, &entry.slice->grid), .stride = 1, .test = test}, at.x(), 0);
  }
  return std::nullopt;
}

std::vector<QPointF> LandscapeModel::section(const LandscapeEntry& entry, int axis, QPointF through) const {
  std::vector<QPointF> out;
  SurfaceSnapshot surface = snapshotOf(entry);
  if (!surface && entry.slice && axis == 0) {
    surface = {.grid = std::shared_ptr<const analysis::SurfaceGrid>(entry.slice, &entry.slice->grid), .stride = 1, .test = test};
  }
  if (!surface) return out;
  const auto& along = axis == 0 ? surface.grid->x : surface.grid->y;
  for (std::size_t i = 0; i < along.size(); i += static_cast<std::size_t>(surface.stride)) {
    const auto reading = axis == 0 ? readSurface(surface, along[i], through.y()) : readSurface(surface, through.x(), along[i]);
    if (reading && std::isfinite(reading->loss)) out.emplace_back(along[i], reading->loss);
  }
  return out;
}

QString gridBadge(const SurfaceSnapshot& surface) {
  if (!surface) return {};
  const auto columns = surface.grid->columns(), rows = surface.grid->rows();
  if (surface.stride > 1) return QStringLiteral("%1 \u2192 %2").arg((columns - 1) / surface.stride + 1).arg(columns);
  return QStringLiteral("%1 \u00D7 %2").arg(columns).arg(rows);
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

}  // namespace ui
