// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "ui/scenes/orbit_camera.h"
#include "ui/scenes/scene_colours.h"
#include "ui/scenes/surface_traces.h"

class vtkRenderer;

namespace ui {

/// The props of what is drawn over a surface: paths as white tubes with a dark outline, checkpoints as balls in the run's colour, stems, pins, the walk, the arrows of the SAM
/// step, the wires of the quadratic model. Everything is forced opaque and lifted towards the eye, like the lines of SurfaceScene.
class TraceScene {
 public:
  explicit TraceScene(vtkRenderer* renderer);
  ~TraceScene();

  void setColours(const SceneColours& colours);
  void set(const TraceGeometry& geometry);
  const TraceGeometry& geometry() const { return geometry_; }
  /// Before each frame.
  void place(const OrbitCamera& camera, double pixelRatio);

 private:
  struct Prop;
  Prop& add(double towardsEye);
  void addTube(const ScenePolylines& lines, double radius, double opacity);
  void addBalls(const std::vector<std::array<double, 3>>& centres, double radius, const QColor& colour, double opacity, bool ringed);
  void addLines(const ScenePolylines& lines, double width, const QColor& colour, double opacity);

  vtkRenderer* renderer_;
  std::vector<std::unique_ptr<Prop>> props_;  ///< in the order of drawing
  TraceGeometry geometry_;
  SceneColours colours_;
};

}  // namespace ui
