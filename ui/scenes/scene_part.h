// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vtkActor.h>
#include <vtkNew.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>

#include <QColor>
#include <vector>

#include "ui/scenes/orbit_camera.h"
#include "ui/scenes/surface_mesh.h"

class vtkRenderer;

namespace ui {

using Polylines = std::vector<std::vector<Point3>>;

constexpr double kLineLift = 0.997, kBallLift = 0.994;  ///< ScenePart::towardsEye of lines and of balls on a surface

/// One actor with its data, without light, hidden until it has something to show. What is translucent is forced opaque, so that it stays antialiased and is drawn in
/// the order of connect().
struct ScenePart {
  vtkNew<vtkPolyData> data;
  vtkNew<vtkPolyDataMapper> mapper;
  vtkNew<vtkActor> actor;
  double width = 1;       ///< of lines, in logical pixels
  double towardsEye = 1;  ///< lifted by scaling about the eye: nothing moves on the screen, only the depth comes nearer
  void connect(vtkRenderer* renderer);
  void paint(const QColor& colour, double opacity = 1);
  void setLines(const Polylines& lines);
  void setBall(const Point3& centre, double radius);
  void setBalls(const std::vector<Point3>& centres, double radius);
  /// Triangles with the colours of their vertices.
  void setMesh(const SurfaceMesh& mesh);
  void setQuad(const std::array<Point3, 4>& corners);
  void show(bool shown) { actor->SetVisibility(shown); }
  /// Before each frame: lifts it and gives its lines their width in device pixels.
  void place(const OrbitCamera& camera, double pixelRatio);
};

}  // namespace ui
