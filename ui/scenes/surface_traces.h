// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPointF>
#include <QString>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/surface/quadratic_model.h"
#include "analysis/surface/surface_grid.h"
#include "ui/scenes/height_scale.h"
#include "ui/scenes/surface_mesh.h"

namespace ui {

/// What is drawn over a surface, in data coordinates and losses.
struct SurfaceTraces {
  /// The checkpoints of a run over the plane. What comes behind the first `upTo` of them is half as thick and pale.
  struct Path {
    std::vector<analysis::TrajectoryPoint> points;
    QColor colour;
    std::size_t upTo = 0;
  };
  struct Pin {
    QString label;
    QPointF at;
    double loss = 0;
    bool computed = false;
  };
  /// From the centre to the plane's point under a vector, and up to the loss that is true at its end.
  struct Arrow {
    QString label;
    QPointF to;
    std::optional<double> trueLoss = {};
    QColor colour;
  };
  std::vector<Path> paths;
  std::vector<Pin> pins;
  std::vector<QPointF> walk;      ///< draped on the surface
  std::vector<double> walkLosses; ///< at each of its points
  std::vector<Arrow> arrows;
  std::optional<analysis::QuadraticModel> model;  ///< over the whole plane
  bool losses = true;  ///< the surface's heights are losses of the samples; else traces lie on it and have no stems
  bool empty() const { return paths.empty() && pins.empty() && walk.empty() && arrows.empty() && !model; }
};

using ScenePolylines = std::vector<std::vector<std::array<double, 3>>>;
constexpr double kPathLift = 0.035;  ///< of a path above the true loss, in the scene's box

/// The same in the scene's box. Points outside of the surface are left out and lines end there.
struct TraceGeometry {
  struct Path {
    ScenePolylines before, after;               ///< the part up to the scrubber, the part behind it
    std::vector<std::array<double, 3>> balls, later;  ///< checkpoints of either part
    ScenePolylines stems;                       ///< from the plane's loss up to the true loss
    QColor colour;
  };
  struct Pin {
    std::array<double, 3> at;
    QString label;
    bool computed = false;
  };
  struct Arrow {
    ScenePolylines shaft;
    std::array<double, 3> end{};  ///< where its label stands
    QString label;
    QColor colour;
  };
  std::vector<Path> paths;
  std::vector<Pin> pins;
  ScenePolylines walk;
  std::optional<std::array<double, 3>> walker;  ///< where it ended
  std::vector<Arrow> arrows;
  ScenePolylines model;
  std::int64_t outside = 0;  ///< checkpoints and pins that the ranges do not hold
};

/// `field` is what is drawn of `grid` on `scale`. Free of VTK.
TraceGeometry traceGeometry(const SurfaceTraces& traces, const analysis::SurfaceGrid& grid, const HeightField& field, const HeightScale& scale);

}  // namespace ui
