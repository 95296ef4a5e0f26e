// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "ui/scenes/orbit_camera.h"
#include "ui/scenes/scene_colours.h"
#include "ui/scenes/scene_part.h"
#include "ui/scenes/surface_mesh.h"

namespace ui {

/// The corner of the floor (x, y = -1 or 1) where the z axis stands, and the sides nearest to the eye.
struct AxesPlacement {
  double nearX = -1, nearY = -1;    ///< x and y of the near edges
  double cornerX = 1, cornerY = -1; ///< the silhouette on the right
  bool operator==(const AxesPlacement&) const = default;
};
AxesPlacement axesPlacement(const OrbitCamera& camera);

/// What is drawn of a surface besides itself.
struct SurfaceStyle {
  bool contours = true;
  bool mesh = false;   ///< the grid's lines
  bool bands = false;  ///< one colour between two contour levels
  bool operator==(const SurfaceStyle&) const = default;
};

/// The props of one surface: mesh with baked light, contours, floor, walls, z axis, marked minimum, cross-hair. While the camera moves a coarse mesh stands in.
class SurfaceScene {
 public:
  explicit SurfaceScene(vtkRenderer* renderer);

  void setColours(const SceneColours& colours);
  /// Replaces the surface; `contourHeights` are scene heights, ascending. A new mesh is built: some milliseconds at 257 x 257.
  void setSurface(const HeightField& field, const std::vector<double>& contourHeights, const SurfaceStyle& style);
  void setWalls(const std::vector<double>& wallHeights);
  void clearSurface();
  /// Draws at most 65 x 65 points instead of the surface.
  void setCoarse(bool coarse);
  void setMinimum(std::optional<Point3> point, double stemTop);
  /// Two lines draped on the field through a scene point, and a ball at the crossing; empty takes them away.
  void setCrossHair(const HeightField& field, std::optional<std::array<double, 2>> at);
  /// Before each frame: what depends on the camera, and line widths in device pixels.
  void place(const OrbitCamera& camera, double pixelRatio);

 private:
  /// A mesh with its lines.
  struct Sheet {
    ScenePart surface, contours, edges;
    bool drawn = false;
    void set(const HeightField& field, const std::vector<double>& contourHeights, const SurfaceStyle& style);
    void show(bool shown);
    bool hasContours = false, hasEdges = false;
  };
  std::vector<ScenePart*> parts();

  vtkRenderer* renderer_;
  Sheet full_, coarse_;
  ScenePart crossHair_, stem_, floor_, zEdge_, minimum_, minimumRing_, probe_, probeRing_;
  std::array<ScenePart, 4> walls_;  ///< x = -1, x = 1, y = -1, y = 1
  std::optional<AxesPlacement> placed_;
  bool moving_ = false, top_ = false;
};

}  // namespace ui
