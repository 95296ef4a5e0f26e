// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QString>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/export/result_file.h"
#include "ui/pages/axis_units.h"
#include "ui/scenes/height_probe.h"
#include "ui/scenes/height_scale.h"
#include "ui/scenes/surface_mesh.h"

namespace ui {

using SharedSurface = std::shared_ptr<const analysis::SurfaceResult>;

/// What the Landscape page has of one run. Results are immutable snapshots.
struct LandscapeEntry {
  std::string folder;
  QString name;
  SurfaceSnapshot surface;  ///< the newest, as far as it has come; empty: none yet
  SharedSurface slice;      ///< the newest 1-D slice; may be empty
  SharedSurface result;     ///< what `surface` was read from once it is finished
  std::vector<SharedSurface> results = {};  ///< every finished surface, oldest first
};

/// What one view shows: a run's newest surface, or a certain one by the command that makes it.
struct ViewChoice {
  std::string folder;
  std::string command = {};  ///< empty: the newest, also while it is being refined
  bool operator==(const ViewChoice&) const = default;
};

enum class RangeScope { allVisible, thisView, session, fixed };

/// The numbers of the Landscape page, without widgets: what each view shows, on which scale, readings at the probe, sections.
struct LandscapeModel {
  std::vector<LandscapeEntry> entries;   ///< the visible runs, in order
  std::vector<ViewChoice> views;         ///< of the cards that are seen
  std::size_t active = 0;                ///< the view that map, section and options follow
  ScaleKind kind = ScaleKind::linear;
  RangeScope scope = RangeScope::allVisible;
  std::optional<std::pair<double, double>> fixed;  ///< ends of the range where the scope is fixed
  int levels = 16;
  SurfaceLayer layer = SurfaceLayer::loss;
  bool test = false;                     ///< the test split
  ColourMap map = ColourMap::viridis;
  AxisUnits units;

  LandscapeEntry* find(const std::string& folder);
  const LandscapeEntry* find(const std::string& folder) const;
  const ViewChoice* activeView() const { return active < views.size() ? &views[active] : nullptr; }
  const LandscapeEntry* current() const;  ///< the run of the active view
  SurfaceSnapshot snapshotOf(const ViewChoice& view) const;
  /// What the first view of this run shows, else its newest surface.
  SurfaceSnapshot snapshotOf(const LandscapeEntry& entry) const;
  SharedSurface resultOf(const ViewChoice& view) const;  ///< finished; may be empty
  HeightScale scaleOf(std::size_t view) const;
  bool scalesDiffer() const;
  std::optional<ProbeReading> reading(const LandscapeEntry& entry, QPointF at) const;
  /// The 1-D section of a run along x (axis 0) or y (axis 1) through a point: its surface's drawn lines, or its slice where there is no surface.
  /// Points that are missing or diverged are left out. Abscissae are data coordinates.
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
/// "Train loss", "Test accuracy", "Gradient norm" ...
QString layerName(SurfaceLayer layer, bool test);
/// "v1 x PCA 1, 65 x 65, step 1380": a finished surface in a list.
QString surfaceTitle(const analysis::SurfaceResult& result);

}  // namespace ui
