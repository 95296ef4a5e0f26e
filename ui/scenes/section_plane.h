// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "ui/scenes/scene_part.h"

namespace ui {

/// Where a surface is cut: along x at a value of y (axis 0), or along y at a value of x (axis 1), in scene coordinates.
struct SectionLine {
  int axis = 0;
  double at = 0;
  bool operator==(const SectionLine&) const = default;
};

/// The upright plane of the section: a pale sheet with a frame, and the line in which it meets the surface.
class SectionPlane {
 public:
  explicit SectionPlane(vtkRenderer* renderer);
  void setColour(const QColor& accent);
  void set(const HeightField& field, std::optional<SectionLine> line);
  void place(const OrbitCamera& camera, double pixelRatio);

 private:
  ScenePart cut_, frame_, sheet_;
};

}  // namespace ui
