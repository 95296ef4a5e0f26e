// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>

#include "ui/scenes/axes_overlay.h"
#include "ui/scenes/height_scale.h"
#include "ui/scenes/scene_colours.h"
#include "ui/scenes/scene_still.h"
#include "ui/scenes/section_plane.h"
#include "ui/scenes/surface_mesh.h"
#include "ui/scenes/surface_scene.h"
#include "ui/scenes/surface_traces.h"
#include "ui/scenes/trace_scene.h"
#include "ui/scenes/vtk_view.h"

namespace ui {

/// An axis as it is written: its name with the unit, and what a data coordinate is multiplied by for its ticks.
struct ViewAxis {
  QString name;
  double factor = 1;
  bool operator==(const ViewAxis&) const = default;
};

/// A place on the surface with a name: the end of a run in a plane through several.
struct SurfaceMark {
  QString name;
  QColor colour;
  QPointF at;  ///< data coordinate
  bool operator==(const SurfaceMark&) const = default;
};

/// One surface in 3-D with axes, contours, its minimum, marks, a probe and the plane of a section. The camera stays when the surface changes.
/// Shift and drag moves the probe over the surface; what is set again as it was costs nothing.
class SurfaceView : public VtkView {
  Q_OBJECT
 public:
  explicit SurfaceView(QWidget* parent = nullptr);
  ~SurfaceView() override;

  void setColours(const SceneColours& colours);
  void setAxes(const ViewAxis& x, const ViewAxis& y, const QString& z);
  void setStyle(const SurfaceStyle& style);
  /// `levels` contour lines at equal steps of the scale.
  void setSurface(const SurfaceSnapshot& surface, const HeightScale& scale, int levels);
  void setMarks(const std::vector<SurfaceMark>& marks);
  /// Paths, pins, walks, arrows and the quadratic model over the surface; they follow its scale.
  void setTraces(const SurfaceTraces& traces);
  const TraceGeometry& traces() const { return traceScene_->geometry(); }
  /// The section's plane at a data coordinate of its axis; empty takes it away.
  void setSection(std::optional<SectionLine> line);
  void clearSurface();
  /// The cross-hair at a data coordinate; empty takes it away.
  void setProbe(std::optional<QPointF> at);

  const SurfaceSnapshot& surface() const { return surface_; }
  const HeightField& field() const { return field_; }
  const HeightScale& scale() const { return scale_; }
  const SurfaceStyle& style() const { return style_; }
  std::optional<QPointF> probe() const { return probe_; }
  std::vector<OverlayLabel> labels() const;  ///< what is written where, for the present camera and size
  /// The view as shown, labels and all, in device pixels.
  QImage picture();
  /// The same scene in `spec.width` pixels with its labels as text, in other colours for this once. Its picture is null before the view was first shown.
  SceneStill still(const StillSpec& spec, const SceneColours& colours);
  const SceneColours& colours() const { return colours_; }

 signals:
  void probed(QPointF at);   ///< the pointer is over this data coordinate
  void probeLeft();
  void pinned(QPointF at);   ///< clicked
  void probeDragged(QPointF at);  ///< Shift and drag

 protected:
  void prepareFrame() override;
  void resizeGL(int width, int height) override;
  void clicked(QPointF at) override;
  void cameraMoves(bool moving) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  std::optional<QPointF> dataAt(QPointF pixels) const;
  void rebuild();
  void placeMinimum();
  void placeProbe();
  void placeMarks();
  void placeTraces();
  void addTraceLabels(const Projection& projection, std::vector<OverlayLabel>& out) const;
  void addFloorLabels(const Projection& projection, std::vector<OverlayLabel>& out) const;
  void addHeightLabels(const Projection& projection, std::vector<OverlayLabel>& out) const;

  std::unique_ptr<SurfaceScene> scene_;
  std::unique_ptr<SectionPlane> plane_;
  std::unique_ptr<TraceScene> traceScene_;
  SurfaceTraces traceList_;
  ScenePart marks_;
  AxesOverlay* overlay_;
  SurfaceSnapshot surface_;
  HeightScale scale_;
  HeightField field_;
  SurfaceStyle style_;
  SceneColours colours_;
  int levels_ = 0;
  ViewAxis x_{.name = QStringLiteral("x")}, y_{.name = QStringLiteral("y")};
  QString zName_ = QStringLiteral("loss");
  std::optional<QPointF> probe_;
  std::optional<SectionLine> section_;
  std::vector<SurfaceMark> markList_;
  bool probing_ = false;  ///< Shift and drag
  QString minimumText_;
  Point3 stemTop_{};
};

}  // namespace ui
