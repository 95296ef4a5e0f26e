// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vtkActor.h>
#include <vtkNew.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>

#include <array>
#include <optional>
#include <vector>

#include "ui/scenes/orbit_camera.h"
#include "ui/scenes/scene_colours.h"
#include "ui/scenes/surface_mesh.h"

class vtkRenderer;

namespace ui {

/// The corner of the floor (x, y = -1 or 1) where the z axis stands, and the sides nearest to the eye.
struct AxesPlacement {
  double nearX = -1, nearY = -1;    ///< x and y of the near edges
  double cornerX = 1, cornerY = -1; ///< the silhouette on the right
  bool operator==(const AxesPlacement&) const = default;
};
AxesPlacement axesPlacement(const OrbitCamera& camera);

/// The props of one surface: mesh with baked light, contours, floor, walls, z axis, marked minimum, cross-hair.
///
/// Lines are lifted towards the eye by scaling them about it: nothing moves on the screen and only the depth comes nearer. What is
/// translucent is forced opaque, so that it stays antialiased and is drawn in the order of adding.
class SurfaceScene {
 public:
  explicit SurfaceScene(vtkRenderer* renderer);

  void setColours(const SceneColours& colours);
  /// Replaces the surface; `contourHeights` and `wallHeights` are scene heights. A new mesh is built: some milliseconds at 257 x 257.
  void setSurface(const HeightField& field, const std::vector<double>& contourHeights);
  void setWalls(const std::vector<double>& wallHeights);
  void clearSurface();
  void setMinimum(std::optional<Point3> point, double stemTop);
  /// Two lines draped on the field through a scene point, and a ball at the crossing; empty takes them away.
  void setCrossHair(const HeightField& field, std::optional<std::array<double, 2>> at);
  /// Before each frame: what depends on the camera, and line widths in device pixels.
  void place(const OrbitCamera& camera, double pixelRatio);

 private:
  using Polylines = std::vector<std::vector<Point3>>;
  /// One actor with its data.
  struct Part {
    vtkNew<vtkPolyData> data;
    vtkNew<vtkPolyDataMapper> mapper;
    vtkNew<vtkActor> actor;
    double width = 1;     ///< logical pixels
    double towardsEye = 1;  ///< scale about the eye
    void connect(vtkRenderer* renderer);
    void setLines(const Polylines& lines);
    void setBall(const Point3& centre, double radius);
  };

  vtkRenderer* renderer_;
  Part surface_, contours_, crossHair_, stem_, floor_, zEdge_, minimum_, minimumRing_, probe_, probeRing_;
  std::array<Part, 4> walls_;  ///< x = -1, x = 1, y = -1, y = 1
  std::optional<AxesPlacement> placed_;
};

}  // namespace ui
