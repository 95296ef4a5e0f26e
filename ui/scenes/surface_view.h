// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>

#include "ui/scenes/axes_overlay.h"
#include "ui/scenes/height_scale.h"
#include "ui/scenes/scene_colours.h"
#include "ui/scenes/surface_mesh.h"
#include "ui/scenes/vtk_view.h"

namespace ui {

class SurfaceScene;

/// One loss surface in 3-D with axes, contours, its minimum and a probe. The camera stays when the surface changes.
class SurfaceView : public VtkView {
  Q_OBJECT
 public:
  explicit SurfaceView(QWidget* parent = nullptr);
  ~SurfaceView() override;

  void setColours(const SceneColours& colours);
  void setAxisNames(const QString& x, const QString& y, const QString& z);
  /// `levels` contour lines at equal steps of the scale.
  void setSurface(const SurfaceSnapshot& surface, const HeightScale& scale, int levels);
  void clearSurface();
  /// The cross-hair at a data coordinate; empty takes it away.
  void setProbe(std::optional<QPointF> at);

  const SurfaceSnapshot& surface() const { return surface_; }
  const HeightField& field() const { return field_; }
  std::vector<OverlayLabel> labels() const;  ///< what is written where, for the present camera and size
  /// The view as shown, labels and all, in device pixels.
  QImage picture();

 signals:
  void probed(QPointF at);   ///< the pointer is over this data coordinate
  void probeLeft();
  void pinned(QPointF at);   ///< clicked

 protected:
  void prepareFrame() override;
  void resizeGL(int width, int height) override;
  void clicked(QPointF at) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  std::optional<QPointF> dataAt(QPointF pixels) const;
  void addFloorLabels(const Projection& projection, std::vector<OverlayLabel>& out) const;
  void addHeightLabels(const Projection& projection, std::vector<OverlayLabel>& out) const;

  std::unique_ptr<SurfaceScene> scene_;
  AxesOverlay* overlay_;
  SurfaceSnapshot surface_;
  HeightScale scale_;
  HeightField field_;
  QString xName_ = QStringLiteral("x"), yName_ = QStringLiteral("y"), zName_ = QStringLiteral("loss");
  QString minimumText_;
  Point3 stemTop_{};
};

}  // namespace ui
