// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QString>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/export/result_file.h"
#include "ui/scenes/height_probe.h"
#include "ui/scenes/height_scale.h"
#include "ui/scenes/surface_mesh.h"

namespace ui {

/// What the Landscape page shows of one run. Results are immutable snapshots.
struct LandscapeEntry {
  std::string folder;
  QString name;
  SurfaceSnapshot surface;                                ///< as far as it has come; empty: none yet
  std::shared_ptr<const analysis::SurfaceResult> slice;   ///< the newest 1-D slice; may be empty
  std::shared_ptr<const analysis::SurfaceResult> result;  ///< what `surface` was read from once it is finished
};

enum class RangeScope { allVisible, thisRun, fixed };

/// The numbers of the Landscape page, without widgets: one scale for all runs, readings at the probe, sections.
struct LandscapeModel {
  std::vector<LandscapeEntry> entries;
  std::size_t selected = 0;
  ScaleKind kind = ScaleKind::linear;
  RangeScope scope = RangeScope::allVisible;
  std::optional<double> fixedTop;  ///< upper end where the scope is fixed
  int levels = 16;
  bool test = false;               ///< the test split

  const LandscapeEntry* current() const { return selected < entries.size() ? &entries[selected] : nullptr; }
  LandscapeEntry* find(const std::string& folder);
  SurfaceSnapshot snapshotOf(const LandscapeEntry& entry) const;
  HeightScale scale() const;
  std::optional<ProbeReading> reading(const LandscapeEntry& entry, QPointF at) const;
  /// The 1-D section of a run along x (axis 0) or y (axis 1) through a point: its surface's drawn lines, or its slice where there is no surface.
  /// Points that are missing or diverged are left out.
  std::vector<QPointF> section(const LandscapeEntry& entry, int axis, QPointF through) const;
};

/// "17 -> 33" while refining (target side after the arrow), "33 x 33" when done, with real arrow and times sign.
QString gridBadge(const SurfaceSnapshot& surface);
/// What the picture leaves out, in words: clamped, diverged, refused and missing points; empty where it shows everything.
QString drawingNotes(const HeightField& field);
/// "random 1", "v2" with a subscript: the name of an axis from its spec.
QString axisName(const analysis::AxisSpec& axis, int position);
/// The same from a grid's description of the direction ("eigenvector 1, lambda 0.35, unit").
QString axisNameOf(const analysis::SurfaceGrid& grid, std::size_t axis);

}  // namespace ui
